/** A drive: documents in folders, shared with people and groups by views. After the public Cedar example. */
import { AbilityBuilder, createMongoAbility } from "@casl/ability";
import { edges, ofType, some, type App } from "./app.ts";
import { bitSet, GraphBuilder, hasBit, intern, keyOf, nodesOf, type Entity } from "./graph.ts";

const onOwned = ["read", "write", "pass_on"];
const onDocuments = [...onOwned, "change_owner"];
const folder = (n: number) => keyOf("Folder", `f${n}`);
const document = (n: number) => keyOf("Document", `d${n}`);
const userView = (n: number) => keyOf("View", `u${n}`);
const drive = (n: number) => keyOf("Drive", `u${n}`);

export const gdrive: App = {
  name: "GDrive",

  /** What somebody owns also stands directly below a drive of theirs, so that one question covers all of it. */
  graph(size, random) {
    const builder = new GraphBuilder();
    const numbers = Array.from({ length: size }, (_, n) => n);
    const members = numbers.map(() => numbers.filter(() => random.chance(edges)));
    const owned = numbers.map(() => ({
      documents: some(random, size, document),
      folders: some(random, size, folder),
    }));
    const drivesOf = (key: string) =>
      numbers
        .filter((n) => owned[n]?.documents.includes(key) === true || owned[n]?.folders.includes(key) === true)
        .map(drive);
    const views = () => [
      ...some(random, size, userView),
      ...some(random, size, (n) => keyOf("View", `g${n}`)),
    ];
    for (const n of numbers) {
      const groups = numbers.filter((g) => members[g]?.includes(n)).map((g) => keyOf("Group", `g${g}`));
      const { documents, folders } = owned[n] as (typeof owned)[number];
      builder.add("Drive", `u${n}`);
      builder.add("View", `u${n}`);
      builder.add("Group", `g${n}`);
      builder.add("View", `g${n}`, (members[n] as number[]).map(userView));
      builder.add("User", `u${n}`, groups, {
        references: { view: userView(n), drive: drive(n) },
        sets: { owned_documents: documents, owned_folders: folders },
      });
      builder.add("Folder", `f${n}`, [...some(random, n, folder), ...views(), ...drivesOf(folder(n))]);
      builder.add(
        "Document",
        `d${n}`,
        [...some(random, size, folder), ...views(), ...drivesOf(document(n))],
        {
          flags: { is_public: random.chance(0.3) },
        },
      );
    }
    return builder.build();
  },

  question(graph, random) {
    const action = random.pick([...onDocuments, "create_document"]);
    return {
      principal: random.pick(ofType(graph, "User")),
      action,
      resource: random.pick(ofType(graph, action === "create_document" ? "Folder" : "Document")),
    };
  },

  byHand(graph, questions) {
    const { numberOf, bitsOf } = intern(graph);
    const user = nodesOf(({ references, sets }) => ({
      view: numberOf(references["view"] as string),
      drive: numberOf(references["drive"] as string),
      owned: bitSet(graph.size, Object.values(sets).flat().map(numberOf)),
    }));
    const row = nodesOf(({ key, flags }) => ({
      number: numberOf(key),
      above: bitsOf(key),
      isPublic: flags["is_public"] === true,
    }));
    const asked = questions.map(({ principal, action, resource }) => ({
      principal: user(principal),
      action,
      resource: row(resource),
    }));
    return (n) => {
      const { principal, action, resource } = asked[n] as (typeof asked)[number];
      switch (action) {
        case "change_owner":
        case "create_document":
          return hasBit(principal.owned, resource.number);
        case "read":
          if (resource.isPublic || hasBit(resource.above, principal.view)) return true;
          return hasBit(resource.above, principal.drive);
        default:
          return hasBit(resource.above, principal.drive);
      }
    };
  },

  texts: {
    model: `model drive
principal User in Group via session {
  view: View
  drive: Drive
  owned_documents: Set<Document>
  owned_folders: Set<Folder>
}
entity Group stored in groups {
  title: String
}
entity Drive stored in drives {
  title: String
}
entity View in View via view_parents(child_id, parent_id) stored in views {
  title: String
}
entity Folder in Folder via folder_parents(child_id, parent_id), View via folder_views(folder_id, view_id), Drive via folder_drives(folder_id, drive_id) stored in folders {
  title: String
}
entity Document in Folder via document_folders(document_id, folder_id), View via document_views(document_id, view_id), Drive via document_drives(document_id, drive_id) stored in documents {
  is_public: Bool
}
action ${onDocuments.join(", ")} reads Document
action create_document reads Folder
`,
    platform: "platform for drive\n",
    policy: `policy north for drive
permit viewed: anyone to read Document when resource in principal.view
permit open: anyone to read Document when resource.is_public
permit own: anyone to ${onOwned.join(", ")} Document when resource in principal.drive
permit give: anyone to change_owner Document when principal.owned_documents.contains(resource)
permit fill: anyone to create_document Folder when principal.owned_folders.contains(resource)
`,
  },
  readsThrough: [],

  cedar: {
    policies: `
permit(principal, action == Action::"read", resource) when { resource in principal.view };
permit(principal, action == Action::"read", resource) when { resource.is_public };
permit(principal, action in [${onOwned.map((name) => `Action::"${name}"`).join(", ")}], resource)
  when { resource in principal.owned_documents || resource in principal.owned_folders };
permit(principal, action == Action::"change_owner", resource) when { principal.owned_documents.contains(resource) };
permit(principal, action == Action::"create_document", resource) when { principal.owned_folders.contains(resource) };`,
    actions: {},
  },

  casbin: {
    matcher:
      'r.act == p.act && (p.sub == "*" || r.sub == p.sub) && (r.obj == p.obj || (p.how == "below" && g(r.obj, p.obj)))',
    lines: (graph) => [
      ...ofType(graph, "Document")
        .filter((entity) => entity.flags["is_public"])
        .map(({ key }) => ["*", key, "read", "itself"]),
      ...ofType(graph, "User").flatMap(({ key, references, sets }) => {
        const { owned_documents: documents = [], owned_folders: folders = [] } = sets;
        return [
          [key, references["view"] as string, "read", "below"],
          ...[...documents, ...folders].flatMap((one) =>
            onOwned.map((action) => [key, one, action, "below"]),
          ),
          ...documents.map((one) => [key, one, "change_owner", "itself"]),
          ...folders.map((one) => [key, one, "create_document", "itself"]),
        ];
      }),
    ],
  },

  /** The row is given with all that it stands below. */
  ability({ references, sets }) {
    const { owned_documents: documents = [], owned_folders: folders = [] } = sets;
    const { can, build } = new AbilityBuilder(createMongoAbility);
    can("read", "Document", { above: references["view"] as string });
    can("read", "Document", { "flags.is_public": true });
    can(onOwned, "Document", { key: { $in: [...documents] } });
    can(onOwned, "Document", { above: { $in: [...folders] } });
    can("change_owner", "Document", { key: { $in: [...documents] } });
    can("create_document", "Folder", { key: { $in: [...folders] } });
    return build({ detectSubjectType: (entity) => (entity as unknown as Entity).type });
  },

  rego: `package bench

import rego.v1

default allow := false

user := data.entities[input.principal]

row := data.entities[input.resource]

allow if {
	input.action == "read"
	row.is_public
}

allow if {
	input.action == "read"
	user.view in data.above[input.resource]
}

allow if {
	input.action in {"read", "write", "pass_on"}
	input.resource in user.owned_documents
}

allow if {
	input.action in {"read", "write", "pass_on"}
	some folder in user.owned_folders
	folder in data.above[input.resource]
}

allow if {
	input.action == "change_owner"
	input.resource in user.owned_documents
}

allow if {
	input.action == "create_document"
	input.resource in user.owned_folders
}
`,
};
