/**
 * A second world that must look the same to one principal: without the other tenant's rows or with others in their
 * place, and with other values in rows and cells of the same tenant that the principal may not see.
 */
import type { FieldModel, Program, WireValue } from "@wardline/core";
import {
  makerFor,
  makeValues,
  valueAmong,
  type Asker,
  type Random,
  type World,
  type WorldRow,
} from "@wardline/core/testing";
import { looseReferences } from "./loose-references.ts";
import { projectionOf, rowKey, type Projection } from "./projection.ts";

/** `others`: the other tenant alone differs. `values`: hidden values that no rule reads too. `rows`: whatever is hidden. */
export type Variation = "others" | "values" | "rows";

/** A text that stands in one cell of one tenant and nowhere else. */
export function canary(tenant: string, entity: string, field: string, at: number): string {
  return `canary-${tenant}-${entity}-${field}-${at}`;
}

export const isCanary = (value: unknown): value is string =>
  typeof value === "string" && value.startsWith("canary-");

/** The world with texts of its own in half of the other tenant's cells, and in some of this tenant's hidden rows. */
export function withCanaries(random: Random, world: World, program: Program, asker: Asker): World {
  const before = projectionOf(world, program, asker);
  let made: World = {
    ...world,
    rows: world.rows.map((row, at) =>
      row.tenant === asker.tenant ? row : marked(random, program, row, at, 0.5),
    ),
  };
  for (const [at, row] of made.rows.entries()) {
    if (row.tenant !== asker.tenant || before.visible.has(rowKey(row)) || !random.chance(0.5)) continue;
    const tried = replaced(made, at, marked(random, program, row, at, 0.7));
    if (projectionOf(tried, program, asker).text === before.text) made = tried;
  }
  return made;
}

function marked(random: Random, program: Program, row: WorldRow, at: number, share: number): WorldRow {
  const attributes = { ...row.attributes };
  for (const field of stored(program, row))
    if (field.type.kind === "string" && random.chance(share))
      attributes[field.name] = canary(row.tenant, row.entity, field.name, at);
  return { ...row, attributes };
}

export function varied(
  random: Random,
  world: World,
  program: Program,
  asker: Asker,
  variation: Variation,
): World {
  const other = world.tenants.find((tenant) => tenant !== asker.tenant) as string;
  const others = random.chance(0.7)
    ? without(world, other)
    : {
        ...world,
        rows: world.rows.map((row) => (row.tenant === other ? anew(random, world, program, row) : row)),
      };
  if (variation === "others") return others;
  const before = projectionOf(world, program, asker);
  const loose = looseReferences(world, program.model, asker);
  let made = others;
  for (let tries = 0; tries < 12; tries += 1) {
    const tried = altered(random, world, made, program, asker, before, variation);
    if (tried === null || projectionOf(tried, program, asker).text !== before.text) continue;
    if ([...looseReferences(tried, program.model, asker)].every((one) => loose.has(one))) made = tried;
  }
  return made;
}

function without(world: World, tenant: string): World {
  return {
    ...world,
    rows: world.rows.filter((row) => row.tenant !== tenant),
    pairs: world.pairs.filter((pair) => pair.tenant !== tenant),
  };
}

function altered(
  random: Random,
  all: World,
  world: World,
  program: Program,
  asker: Asker,
  before: Projection,
  variation: Variation,
): World | null {
  if (before.masked.length > 0 && random.chance(0.5)) {
    const cell = random.pick(before.masked);
    const at = world.rows.findIndex((row) => row.tenant === asker.tenant && rowKey(row) === cell.row);
    const row = world.rows[at];
    const field =
      row === undefined ? undefined : stored(program, row).find(({ name }) => name === cell.field);
    if (
      row !== undefined &&
      field !== undefined &&
      (variation === "rows" || !namesRead(program).has(field.name))
    )
      return replaced(world, at, withValues(random, all, row, [field], at));
  }
  const own = [...world.rows.entries()].filter(([, row]) => row.tenant === asker.tenant);
  if (own.length === 0) return null;
  const hidden = own.filter(([, row]) => !before.visible.has(rowKey(row)));
  const [at, row] = random.pick(hidden.length > 0 && random.chance(0.7) ? hidden : own);
  if (variation === "rows" && random.chance(0.3))
    return { ...world, rows: world.rows.filter((_, index) => index !== at) };
  const read = variation === "values" ? namesRead(program) : new Set<string>();
  const fields = stored(program, row).filter(
    ({ name, type }) => !read.has(name) && (variation === "rows" || type.kind !== "entity"),
  );
  if (fields.length === 0) return null;
  const changed = random.some(fields, random.between(1, fields.length));
  return replaced(world, at, withValues(random, all, row, changed, at));
}

function anew(random: Random, world: World, program: Program, row: WorldRow): WorldRow {
  return withValues(random, world, row, stored(program, row), 0);
}

function withValues(
  random: Random,
  world: World,
  row: WorldRow,
  fields: readonly FieldModel[],
  at: number,
): WorldRow {
  const kept = Object.entries(row.attributes).filter(([name]) =>
    fields.every((field) => field.name !== name),
  );
  const made: Record<string, WireValue> = { ...makeValues(makerFor(random, world), fields, row.tenant) };
  for (const field of fields) {
    if (field.type.kind === "string" && Object.hasOwn(made, field.name) && random.chance(0.5))
      made[field.name] = canary(`${row.tenant}-other`, row.entity, field.name, at);
    // A value stays a value, and none stays none, half of the time: masks tell them apart.
    if (random.chance(0.5) && valueAmong(row.attributes, field.name) === undefined) delete made[field.name];
  }
  return { ...row, attributes: { ...Object.fromEntries(kept), ...made } };
}

function replaced(world: World, at: number, row: WorldRow): World {
  return { ...world, rows: world.rows.with(at, row) };
}

function stored(program: Program, row: WorldRow): readonly FieldModel[] {
  return program.model.entities.find(({ name }) => name === row.entity)?.fields ?? [];
}

/** Names of attributes that some rule reads, of whatever entity. */
function namesRead(program: Program): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { source } of program.slots) {
    if (source.from === "row_attribute" || source.from === "reference") names.add(source.name);
    if ((source.from === "reference" || source.from === "ancestors") && source.of.attribute !== null)
      names.add(source.of.attribute);
    if ((source.from === "reference" || source.from === "ancestors") && source.of.further !== undefined)
      names.add(source.of.further);
  }
  return names;
}
