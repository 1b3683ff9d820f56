/**
 * A small database in memory: rows of two tenants, sets, parents without cycles, pairs of relations. Everything that a
 * row refers to exists in its own tenant; what is absent has no key.
 */
import type { EntityModel, FactModel, FieldModel } from "../ir/model.ts";
import type { ScalarType } from "../value/type.ts";
import type { WireScalar, WireValue } from "../value/wire.ts";
import { principalsOf, storedOf, type GeneratedModel } from "./generated-model.ts";
import { makePools, type Pools } from "./pools.ts";
import type { Random } from "../search/random.ts";

/** What stands in place of a tenant in rows that are shared: no tenant is called so, and no rule may look at it. */
export const sharedTenant = "no one";

/** True for a row that a tenant can be asked about: its own, or one that is shared. */
export function isWithin(row: { readonly tenant: string }, tenant: string): boolean {
  return row.tenant === tenant || row.tenant === sharedTenant;
}

export type Values = Readonly<Record<string, WireValue>>;

/** A value by its name; a name such as `constructor` finds nothing but a value. */
export function valueAmong(values: Values, name: string): WireValue | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/** A link to a direct parent; `at` is the index into the entity's `parents`. */
export interface ParentLink {
  readonly at: number;
  readonly entity: string;
  readonly id: string;
}

export interface WorldRow {
  readonly entity: string;
  readonly id: string;
  readonly tenant: string;
  readonly attributes: Values;
  readonly parents: readonly ParentLink[];
}

export interface WorldPrincipal {
  readonly type: string;
  readonly id: string;
  readonly tenant: string;
  readonly attributes: Values;
  readonly parents: readonly ParentLink[];
}

export interface WorldPair {
  readonly relation: string;
  readonly tenant: string;
  readonly from: string;
  readonly to: string;
}

export interface World {
  readonly tenants: readonly [string, string];
  readonly tenantFacts: ReadonlyMap<string, Values>;
  readonly rows: readonly WorldRow[];
  readonly principals: readonly WorldPrincipal[];
  readonly pairs: readonly WorldPair[];
  readonly pools: Pools;
}

const principalIds = ["ada", "Ada", "__proto__", "constructor", "a:b", "o'x", "", "😀", "%", "x\\y", "zoë"];
const tenantNames = ["north", "south", "constructor", "lab_1", "east"];

export function makeWorld(random: Random, model: GeneratedModel): World {
  const tenants = random.some(tenantNames, 2) as unknown as [string, string];
  const ids = new Map<string, readonly string[]>();
  const owned = new Map<string, readonly string[]>();
  for (const { name, shared } of storedOf(model.ir)) {
    const mine = rowIds(random);
    if (shared === true) {
      for (const tenant of [...tenants, sharedTenant]) owned.set(`${name} ${tenant}`, mine);
      ids.set(name, mine);
      continue;
    }
    // The same key may stand in both tenants: a key says nothing without its tenant.
    const theirs = random.chance(0.3) ? [...mine.slice(0, 2), ...rowIds(random).slice(2)] : rowIds(random);
    owned.set(`${name} ${tenants[0]}`, mine).set(`${name} ${tenants[1]}`, theirs);
    ids.set(name, [...mine, ...theirs.slice(0, 1)]);
  }
  for (const { name } of principalsOf(model.ir)) {
    const mine = random.some(principalIds, 3);
    owned
      .set(`${name} ${tenants[0]}`, mine)
      .set(`${name} ${tenants[1]}`, [...mine.slice(0, 1), ...random.some(principalIds, 1)]);
    ids.set(name, mine);
  }
  const pools = makePools(random, ids, model.constructs);
  const maker: Maker = { random, pools, ids: (entity, tenant) => owned.get(`${entity} ${tenant}`) ?? [] };
  const rows = [...tenants, sharedTenant].flatMap((tenant) =>
    storedOf(model.ir)
      .filter(({ shared }) => (shared === true) === (tenant === sharedTenant))
      .flatMap((entity) =>
        maker.ids(entity.name, tenant).map((id, at): WorldRow => ({
          entity: entity.name,
          id,
          tenant,
          attributes: makeValues(maker, entity.fields, tenant),
          parents: makeParents(maker, entity, tenant, at),
        })),
      ),
  );
  const principals = tenants.flatMap((tenant) =>
    principalsOf(model.ir).flatMap((entity) =>
      [...new Set(maker.ids(entity.name, tenant))].map((id): WorldPrincipal => ({
        type: entity.name,
        id,
        tenant,
        attributes: makeValues(maker, entity.fields, tenant),
        parents: makeParents(maker, entity, tenant, Number.POSITIVE_INFINITY),
      })),
    ),
  );
  const tenantFacts = new Map(
    tenants.map((tenant) => [tenant, makeValues(maker, model.ir.tenant.map(asField), tenant)]),
  );
  return { tenants, tenantFacts, rows, principals, pairs: makePairs(maker, model, tenants), pools };
}

/** What values are made from: `ids` are the keys of one entity in one tenant. */
export interface Maker {
  readonly random: Random;
  readonly pools: Pools;
  readonly ids: (entity: string, tenant: string) => readonly string[];
}

/** A maker of further values for a world that stands. */
export function makerFor(random: Random, world: World): Maker {
  return {
    random,
    pools: world.pools,
    ids: (entity, tenant) => [
      ...world.rows.filter((row) => row.entity === entity && isWithin(row, tenant)).map((row) => row.id),
      ...world.principals.filter((p) => p.type === entity && p.tenant === tenant).map((p) => p.id),
    ],
  };
}

export function asField(fact: FactModel): FieldModel {
  return { ...fact, classes: [], searchable: false, storage: null };
}

/** Values for fields or facts, drawn from the pools. */
export function makeValues(maker: Maker, fields: readonly FieldModel[], tenant: string): Values {
  const values: Record<string, WireValue> = {};
  for (const { name, type, optional } of fields) {
    if (optional && maker.random.chance(0.35)) continue;
    if (type.kind !== "set") values[name] = makeScalar(maker, type, tenant);
    else {
      const from = maker.pools(type.of);
      values[name] = maker.random.some(from, maker.random.pick([0, 0, 1, 2, 3]));
    }
  }
  return values;
}

function makeScalar(maker: Maker, type: ScalarType, tenant: string): WireScalar {
  if (type.kind === "entity") return maker.random.pick(maker.ids(type.entity, tenant));
  return maker.random.pick(maker.pools(type));
}

/** Parents of a row that is the `position`-th of its entity; a row's parent of its own entity always comes earlier. */
export function makeParents(
  maker: Maker,
  entity: EntityModel,
  tenant: string,
  position: number,
): readonly ParentLink[] {
  return entity.parents.flatMap((parent, at) => {
    const all = maker.ids(parent.entity, tenant);
    const candidates = parent.entity === entity.name ? all.slice(0, Math.min(position, all.length)) : all;
    const many = parent.via.kind === "column" ? 1 : 2;
    const count = maker.random.chance(0.25) ? 0 : maker.random.between(1, many);
    return maker.random.some(candidates, count).map((id) => ({ at, entity: parent.entity, id }));
  });
}

function makePairs(maker: Maker, model: GeneratedModel, tenants: readonly string[]): readonly WorldPair[] {
  const pairs = new Map<string, WorldPair>();
  for (const tenant of tenants)
    for (const relation of model.ir.relations) {
      const ends = [maker.ids(relation.from, tenant), maker.ids(relation.to, tenant)] as const;
      const add = (from: string, to: string) =>
        pairs.set(JSON.stringify([relation.name, tenant, from, to]), {
          relation: relation.name,
          tenant,
          from,
          to,
        });
      const count = maker.random.pick([0, 2, 4, 6]);
      for (let i = 0; i < count; i += 1) add(maker.random.pick(ends[0]), maker.random.pick(ends[1]));
      // A self relation: the same row at both ends.
      if (relation.from === relation.to && maker.random.chance(0.5)) {
        const self = maker.random.pick(ends[0]);
        add(self, self);
      }
    }
  return [...pairs.values()];
}

function rowIds(random: Random): string[] {
  const hex = (digits: number) =>
    Array.from({ length: digits }, () => random.below(16).toString(16)).join("");
  const one = () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
  const edges = ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"];
  const made = Array.from({ length: random.between(3, 4) }, one);
  if (random.chance(0.3)) made[0] = random.pick(edges);
  return made;
}
