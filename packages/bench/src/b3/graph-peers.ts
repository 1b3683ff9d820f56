/** A graph in the words of the peers. */
import { makeCasbin } from "../peers/casbin.ts";
import { entity, parseCedar, uid, type CedarCall, type EntityJson } from "../peers/cedar.ts";
import type { Way } from "../work.ts";
import type { Ability } from "./app.ts";
import { at, entityAt, type Entity } from "./graph.ts";
import { attributesOf, type Setting } from "./graph-requests.ts";

/** An ability is kept for each user, and made of all that the user stands below; a row comes with what it stands below. */
export function caslWay({ app, graph, questions, ancestors }: Setting): Way {
  const abilities = new Map<Entity, Ability>();
  const rows = new Map<Entity, object>();
  for (const { principal, resource } of questions) {
    abilities.set(principal, app.ability(principal, at(ancestors, principal.key)));
    const owner = resource.references["owner"];
    rows.set(resource, {
      ...resource,
      above: [...at(ancestors, resource.key)],
      ...(owner === undefined ? {} : { owner: entityAt(graph, owner).references }),
    });
  }
  const asked = questions.map(({ principal, action, resource }) => ({
    ability: abilities.get(principal) as Ability,
    action,
    row: rows.get(resource) as object,
  }));
  return {
    name: "CASL, an ability kept for each user, graph closed beforehand",
    ask: (n) => {
      const { ability, action, row } = asked[n] as (typeof asked)[number];
      return ability.can(action, row as never);
    },
  };
}

export async function casbinWay({ app, graph, questions }: Setting): Promise<Way> {
  const lines = app.casbin.lines(graph);
  const enforcer = await makeCasbin({
    model: `
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act${lines.some((line) => line.length === 4) ? ", how" : ""}
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = ${app.casbin.matcher}
`,
    policies: lines,
    groupings: [...graph.values()].flatMap(({ key, parents }) => parents.map((parent) => [key, parent])),
    depth: 60,
  });
  return {
    name: "casbin, edges as roles",
    ask: (n) => {
      const { principal, action, resource } = questions[n] as (typeof questions)[number];
      return enforcer.enforceSync(principal.key, resource.key, action);
    },
  };
}

/** Cedar is handed the whole graph, or what the question needs with the graph closed beforehand. */
export function cedarWays({ app, graph, questions, ancestors }: Setting, size: number): readonly Way[] {
  const ask = parseCedar(`b3-${app.name}-${size}`, app.cedar.policies);
  const uidOf = (key: string) => uid(entityAt(graph, key).type, entityAt(graph, key).id);
  const entityOf = (one: Entity, parents: Iterable<string>): EntityJson =>
    entity(
      one.type,
      one.id,
      attributesOf(one, (key) => ({ __entity: uidOf(key) })) as EntityJson["attrs"],
      [...parents].map(uidOf),
    );
  const actions = [...new Set(questions.map(({ action }) => action)), ...Object.values(app.cedar.actions)];
  const groups = [...new Set(actions)].map((name) => {
    const parent = app.cedar.actions[name];
    return entity("Action", name, {}, parent === undefined ? [] : [uid("Action", parent)]);
  });
  const whole = [...groups, ...[...graph.values()].map((one) => entityOf(one, one.parents))];
  const closed = new Map(
    [...graph].map(([key, one]): [string, EntityJson] => [key, entityOf(one, at(ancestors, key))]),
  );
  const calls = questions.map(({ principal, action, resource }): Omit<CedarCall, "entities"> => ({
    principal: uidOf(principal.key),
    action: uid("Action", action),
    resource: uidOf(resource.key),
  }));
  const withAll = calls.map((call): CedarCall => ({ ...call, entities: whole }));
  const withNeeded = questions.map(({ principal, resource }, n): CedarCall => {
    const through = app.readsThrough.map((name) => at(closed, resource.references[name] as string));
    const entities = [...groups, at(closed, principal.key), at(closed, resource.key), ...through];
    return { ...(calls[n] as (typeof calls)[number]), entities };
  });
  return [
    { name: "cedar-wasm, what is needed of the closed graph", ask: (n) => ask(withNeeded[n] as CedarCall) },
    { name: "cedar-wasm, whole graph", ask: (n) => ask(withAll[n] as CedarCall) },
  ];
}
