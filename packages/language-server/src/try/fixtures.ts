/** People and things to choose from: those that tests speak of, and one person for each role. */
import type { CheckedTest, TestInstance, TestWorld } from "@wardline/compiler";
import type { EntityModel, Program, Table } from "@wardline/core";
import { entityNamed } from "./complete-request.ts";
import type { Fixture, Choice, Thing } from "./scenario.ts";
import { plain, withArticle } from "../plain-words.ts";

export interface KnownThing extends Fixture {
  readonly thing: Thing;
}

/** The principals of the table's type: of the tests, each once, and one for each role. */
export function peopleOf(
  program: Program,
  tests: readonly CheckedTest[],
  table: Table,
  roles: readonly Choice[],
): readonly KnownThing[] {
  const ofRoles = roles.map(({ value }): KnownThing => {
    const thing = bare(program, table.principal, `${value}_person`, [value]);
    return { key: `role ${value}`, label: `${withArticle(plain(value))} person`, from: null, thing };
  });
  const nobody = bare(program, table.principal, "somebody", []);
  return [
    ...ofRoles,
    { key: "role", label: "somebody without a role", from: null, thing: nobody },
    ...fromTests(program, tests, table.principal, (instance) => instance.roles.map(plain).join(", ")),
  ];
}

/** The rows of the table's type that tests speak of. */
export function thingsOf(
  program: Program,
  tests: readonly CheckedTest[],
  table: Table,
): readonly KnownThing[] {
  return fromTests(program, tests, table.resource, () => "");
}

/** Ids of an entity that tests speak of. */
export function knownIds(tests: readonly CheckedTest[], entity: string): readonly string[] {
  const all = tests.flatMap(({ expects }) => expects.flatMap(({ world }) => [...world.instances.values()]));
  const named = all.filter((one) => one.entity === entity && !/^0{8}-0{4}-4/.test(one.id));
  return [...new Set(named.map(({ id }) => id))];
}

function fromTests(
  program: Program,
  tests: readonly CheckedTest[],
  entity: string,
  more: (instance: TestInstance) => string,
): readonly KnownThing[] {
  const found = new Map<string, KnownThing>();
  for (const { title, expects } of tests)
    for (const { world } of expects)
      for (const instance of world.instances.values()) {
        if (instance.entity !== entity) continue;
        const thing = thingOf(program, world, instance);
        const same = JSON.stringify({ ...thing, id: "" });
        const said = more(instance);
        const label = said === "" ? instance.label : `${instance.label} (${said})`;
        const key = `test ${label} ${same}`;
        if (!found.has(key)) found.set(key, { key, label, from: title, thing });
      }
  // Keys are short and say nothing of a row.
  return [...found.values()].map((one, index) => ({ ...one, key: `test ${index}` }));
}

function bare(program: Program, entity: string, id: string, roles: readonly string[]): Thing {
  return { entity, id, tenant: program.tenant, roles, attributes: {}, above: {}, behind: {} };
}

function thingOf(program: Program, world: TestWorld, instance: TestInstance): Thing {
  const above: Record<string, Thing["above"][string]> = {};
  const behind: Record<string, Thing["behind"][string]> = {};
  const look = (at: TestInstance, path: readonly string[]): void => {
    const key = path.join(".");
    above[key] = ancestorsOf(world, at);
    if (path.length > 0) behind[key] = Object.fromEntries(at.attributes);
    if (path.length < 2)
      for (const [name, next] of referencesOf(program, world, at)) look(next, [...path, name]);
  };
  look(instance, []);
  return {
    entity: instance.entity,
    id: isNamed(instance) ? instance.id : idFrom(instance),
    tenant: instance.tenant ?? program.tenant,
    roles: instance.roles,
    attributes: Object.fromEntries(instance.attributes),
    above,
    behind,
  };
}

function isNamed({ id }: TestInstance): boolean {
  return !/^0{8}-0{4}-4/.test(id);
}

/** Who has no id in a test is called by the name that the test gives. */
function idFrom({ label, entity, id }: TestInstance): string {
  return /^[a-z][a-z0-9_]*$/.test(label) ? label : `${entity.toLowerCase()}_${Number(id.slice(-4)) || 1}`;
}

function referencesOf(program: Program, world: TestWorld, at: TestInstance) {
  const fields: EntityModel["fields"] = entityNamed(program, at.entity)?.fields ?? [];
  return fields.flatMap(({ name, type }) => {
    const id = at.attributes.get(name);
    const next =
      type.kind === "entity" && typeof id === "string"
        ? world.instances.get(`${type.entity} ${id}`)
        : undefined;
    return next === undefined ? [] : [[name, next] as const];
  });
}

/** All proper ancestors by type. */
function ancestorsOf(world: TestWorld, start: TestInstance): Readonly<Record<string, readonly string[]>> {
  const found = new Map<string, TestInstance["parents"][number]>();
  const queue = [...start.parents];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    const key = `${at.entity} ${at.id}`;
    if (found.has(key)) continue;
    found.set(key, at);
    queue.push(...(world.instances.get(key)?.parents ?? []));
  }
  const byType = Map.groupBy(found.values(), ({ entity }) => entity);
  return Object.fromEntries([...byType].map(([entity, all]) => [entity, all.map(({ id }) => id)]));
}
