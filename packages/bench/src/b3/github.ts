/** A forge: repositories with five permissions, organizations with three, teams of teams. After the public Cedar example. */
import { AbilityBuilder, createMongoAbility } from "@casl/ability";
import { ofType, some, type App } from "./app.ts";
import { entityAt, GraphBuilder, hasBit, intern, keyOf, nodesOf, type Entity } from "./graph.ts";

/** From the least to the most: who may do one may do all before it. */
const actions = ["read", "triage", "write", "maintain", "admin"];
const onRepository = ["readers", "triagers", "writers", "maintainers", "admins"];
const onOrganization = ["readers", "writers", "admins"];
/** The level of what a permission allows. */
const level: Readonly<Record<string, number>> = {
  readers: 0,
  triagers: 1,
  writers: 2,
  maintainers: 3,
  admins: 4,
};

const team = (n: number) => keyOf("Team", `t${n}`);
const repositoryPermission = (n: number, name: string) => keyOf("RepoPermission", `r${n}_${name}`);
const organizationPermission = (n: number, name: string) => keyOf("OrgPermission", `o${n}_${name}`);

export const github: App = {
  name: "GitHub",

  graph(size, random) {
    const builder = new GraphBuilder();
    const some1 = (key: (n: number) => string, count = size) => some(random, count, key);
    const orgPermissions = () => some1((n) => organizationPermission(n, random.pick(onOrganization)));
    const repoPermissions = () => some1((n) => repositoryPermission(n, random.pick(onRepository)));
    for (let n = 0; n < size; n += 1) {
      for (const name of onOrganization) builder.add("OrgPermission", `o${n}_${name}`);
      for (const name of onRepository) builder.add("RepoPermission", `r${n}_${name}`);
      builder.add("Organization", `o${n}`, orgPermissions(), {
        references: Object.fromEntries(onOrganization.map((name) => [name, organizationPermission(n, name)])),
      });
      builder.add("Repository", `r${n}`, [], {
        references: {
          ...Object.fromEntries(onRepository.map((name) => [name, repositoryPermission(n, name)])),
          owner: keyOf("Organization", `o${random.below(size)}`),
        },
      });
      builder.add("Team", `t${n}`, [...some1(team, n), ...repoPermissions()]);
      builder.add("User", `u${n}`, [
        ...repoPermissions(),
        ...some1(team),
        ...some1((o) => keyOf("Organization", `o${o}`)),
        ...orgPermissions(),
      ]);
    }
    return builder.build();
  },

  question: (graph, random) => ({
    principal: random.pick(ofType(graph, "User")),
    action: random.pick(actions),
    resource: random.pick(ofType(graph, "Repository")),
  }),

  byHand(graph, questions) {
    const { numberOf, bitsOf } = intern(graph);
    const to = (entity: Entity, name: string) => numberOf(entity.references[name] as string);
    const organization = nodesOf((entity) => ({
      readers: to(entity, "readers"),
      writers: to(entity, "writers"),
      admins: to(entity, "admins"),
    }));
    const repository = nodesOf((entity) => ({
      readers: to(entity, "readers"),
      triagers: to(entity, "triagers"),
      writers: to(entity, "writers"),
      maintainers: to(entity, "maintainers"),
      admins: to(entity, "admins"),
      owner: organization(entityAt(graph, entity.references["owner"] as string)),
    }));
    const asked = questions.map(({ principal, action, resource }) => ({
      above: bitsOf(principal.key),
      level: actions.indexOf(action),
      resource: repository(resource),
    }));
    return (n) => {
      const { above, level, resource } = asked[n] as (typeof asked)[number];
      const { owner } = resource;
      if (hasBit(above, resource.admins) || hasBit(above, owner.admins)) return true;
      if (level <= 3 && hasBit(above, resource.maintainers)) return true;
      if (level <= 2 && (hasBit(above, resource.writers) || hasBit(above, owner.writers))) return true;
      if (level <= 1 && hasBit(above, resource.triagers)) return true;
      return level === 0 && (hasBit(above, resource.readers) || hasBit(above, owner.readers));
    };
  },

  texts: {
    model: `model forge
principal User in Team via session, Organization via session, OrgPermission via session, RepoPermission via session {}
entity OrgPermission stored in org_permissions {
  title: String
}
entity RepoPermission stored in repo_permissions {
  title: String
}
entity Team in Team via team_parents(child_id, parent_id), RepoPermission via team_permissions(team_id, permission_id) stored in teams {
  title: String
}
entity Organization in OrgPermission via org_members(org_id, permission_id) stored in organizations {
  ${onOrganization.map((name) => `${name}: OrgPermission`).join("\n  ")}
}
entity Repository stored in repositories {
  ${onRepository.map((name) => `${name}: RepoPermission`).join("\n  ")}
  owner: Organization
}
action ${actions.join(", ")} reads Repository
`,
    platform: "platform for forge\n",
    policy: `policy north for forge
${[
  ...onRepository.map((name) => [name, `resource.${name}`] as const),
  ...onOrganization.map((name) => [name, `resource.owner.${name}`] as const),
]
  .map(
    ([name, path], n) =>
      `permit p${n}: anyone to ${actions.slice(0, (level[name] as number) + 1).join(", ")} Repository when principal in ${path}\n`,
  )
  .join("")}`,
  },
  readsThrough: ["owner"],

  cedar: {
    policies: [
      ...onRepository.map((name) => [name, `resource.${name}`] as const),
      ...onOrganization.map((name) => [name, `resource.owner.${name}`] as const),
    ]
      .map(
        ([name, path]) =>
          `permit(principal, action in Action::"${actions[level[name] as number] as string}", resource) when { principal in ${path} };`,
      )
      .join("\n"),
    actions: Object.fromEntries(actions.slice(0, -1).map((name, n) => [name, actions[n + 1] as string])),
  },

  casbin: {
    matcher: "r.obj == p.obj && r.act == p.act && g(r.sub, p.sub)",
    lines: (graph) =>
      ofType(graph, "Repository").flatMap((repository) => {
        const owner = entityAt(graph, repository.references["owner"] as string);
        const grants = (entity: Entity, names: readonly string[]) =>
          names.flatMap((name) =>
            actions
              .slice(0, (level[name] as number) + 1)
              .map((action) => [entity.references[name] as string, repository.key, action]),
          );
        return [...grants(repository, onRepository), ...grants(owner, onOrganization)];
      }),
  },

  /** The row is given with the permissions of its owner. */
  ability(_, ancestors) {
    const held = [...ancestors].filter((key) => key.includes("Permission::"));
    const { can, build } = new AbilityBuilder(createMongoAbility);
    for (const name of onRepository)
      can(actions.slice(0, (level[name] as number) + 1), "Repository", {
        [`references.${name}`]: { $in: held },
      });
    for (const name of onOrganization)
      can(actions.slice(0, (level[name] as number) + 1), "Repository", { [`owner.${name}`]: { $in: held } });
    return build({ detectSubjectType: (entity) => (entity as unknown as Entity).type });
  },

  rego: `package bench

import rego.v1

default allow := false

levels := {"read": 0, "triage": 1, "write": 2, "maintain": 3, "admin": 4}

repository := data.entities[input.resource]

owner := data.entities[repository.owner]

granted := {${onRepository.map((name) => `"${name}": ${level[name]}`).join(", ")}}

allow if {
	some name, level in granted
	levels[input.action] <= level
	repository[name] in data.above[input.principal]
}

allow if {
	some name, level in granted
	levels[input.action] <= level
	owner[name] in data.above[input.principal]
}
`,
};
