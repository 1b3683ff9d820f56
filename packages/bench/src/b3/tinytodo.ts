/** TinyTodo: lists with an owner, and teams of teams that read and edit them. After the public Cedar example. */
import { AbilityBuilder, createMongoAbility } from "@casl/ability";
import { ofType, some, type App } from "./app.ts";
import { entityAt, GraphBuilder, hasBit, intern, keyOf, nodesOf, type Entity } from "./graph.ts";

const forAll = ["create_list", "get_lists"];
const forOwner = ["delete_list", "edit_shares"];
const forEditors = ["update_list", "create_task", "update_task", "delete_task"];
const application = keyOf("Application", "tinytodo");
const team = (n: number) => keyOf("Team", `t${n}`);

export const tinytodo: App = {
  name: "TinyTodo",

  graph(size, random) {
    const builder = new GraphBuilder();
    builder.add("Application", "tinytodo");
    for (let n = 0; n < size; n += 1)
      builder.add("User", `u${n}`, [...some(random, size, team), application]);
    for (let n = 0; n < size; n += 1) builder.add("Team", `t${n}`, [...some(random, n, team), application]);
    for (let n = 0; n < size; n += 1)
      builder.add("List", `l${n}`, [application], {
        references: {
          owner: keyOf("User", `u${random.below(size)}`),
          readers: team(random.below(size)),
          editors: team(random.below(size)),
        },
      });
    return builder.build();
  },

  question(graph, random) {
    const action = random.pick([...forAll, ...forOwner, ...forEditors, "get_list"]);
    const lists = ofType(graph, "List");
    const principal = random.pick(ofType(graph, "User"));
    return {
      principal,
      action,
      resource: forAll.includes(action) ? entityAt(graph, application) : random.pick(lists),
    };
  },

  byHand(graph, questions) {
    const { numberOf, bitsOf } = intern(graph);
    const user = nodesOf(({ key }) => ({ number: numberOf(key), above: bitsOf(key) }));
    const list = nodesOf(({ references: { owner, readers, editors } }) => ({
      owner: owner === undefined ? -1 : numberOf(owner),
      readers: readers === undefined ? -1 : numberOf(readers),
      editors: editors === undefined ? -1 : numberOf(editors),
    }));
    const asked = questions.map(({ principal, action, resource }) => ({
      principal: user(principal),
      action,
      resource: list(resource),
    }));
    return (n) => {
      const { principal, action, resource } = asked[n] as (typeof asked)[number];
      if (action === "create_list" || action === "get_lists") return true;
      if (resource.owner === principal.number) return true;
      switch (action) {
        case "get_list":
          return hasBit(principal.above, resource.readers) || hasBit(principal.above, resource.editors);
        case "update_list":
        case "create_task":
        case "update_task":
        case "delete_task":
          return hasBit(principal.above, resource.editors);
        default:
          return false;
      }
    };
  },

  texts: {
    model: `model tinytodo
principal User in Team via session {}
entity Application stored in applications {
  title: String
}
entity Team in Team via team_parents(child_id, parent_id) stored in teams {
  title: String
}
entity List stored in lists {
  owner: User
  readers: Team
  editors: Team
}
action ${forAll.join(", ")} reads Application
action get_list, ${[...forOwner, ...forEditors].join(", ")} reads List
`,
    platform: "platform for tinytodo\n",
    policy: `policy north for tinytodo
permit start: anyone to create_list, get_lists Application
permit own: anyone to act on List when resource.owner == principal
permit see: anyone to get_list List when principal in resource.readers or principal in resource.editors
permit edit: anyone to ${forEditors.join(", ")} List when principal in resource.editors
`,
  },
  readsThrough: [],

  cedar: {
    policies: `
permit(principal, action in [Action::"create_list", Action::"get_lists"], resource == Application::"tinytodo");
permit(principal, action, resource) when { resource has owner && resource.owner == principal };
permit(principal, action == Action::"get_list", resource)
  when { principal in resource.readers || principal in resource.editors };
permit(principal, action in [${forEditors.map((name) => `Action::"${name}"`).join(", ")}], resource)
  when { principal in resource.editors };`,
    actions: {},
  },

  casbin: {
    matcher: "r.obj == p.obj && r.act == p.act && g(r.sub, p.sub)",
    lines: (graph) => [
      ...forAll.map((action) => [application, application, action]),
      ...ofType(graph, "List").flatMap(({ key, references }) => {
        const { owner, readers, editors } = references as Record<string, string>;
        return [
          ...["get_list", ...forOwner, ...forEditors].map((action) => [owner, key, action]),
          [readers, key, "get_list"],
          ...["get_list", ...forEditors].map((action) => [editors, key, action]),
        ] as string[][];
      }),
    ],
  },

  ability(principal, ancestors) {
    const teams = [...ancestors].filter((key) => key.startsWith("Team::"));
    const { can, build } = new AbilityBuilder(createMongoAbility);
    can(forAll, "Application");
    can("manage", "List", { "references.owner": principal.key });
    can("get_list", "List", { "references.readers": { $in: teams } });
    can(["get_list", ...forEditors], "List", { "references.editors": { $in: teams } });
    return build({ detectSubjectType: (entity) => (entity as unknown as Entity).type });
  },

  rego: `package bench

import rego.v1

default allow := false

list := data.entities[input.resource]

below(group) if group in data.above[input.principal]

allow if input.action in {"create_list", "get_lists"}

allow if list.owner == input.principal

allow if {
	input.action == "get_list"
	below(list.readers)
}

allow if {
	input.action in {"get_list", ${forEditors.map((name) => `"${name}"`).join(", ")}}
	below(list.editors)
}
`,
};
