/**
 * The request that a gate would make of a world: facts of the principal, the rows, proper ancestors by type for every
 * path that the program reads, and all pairs of the tenant's relations.
 */
import type { Attributes, KnownFacts, Pair, RequestDocument, RowDocument } from "../decision/request.ts";
import type { Program } from "../ir/program.ts";
import { clockAt } from "../value/clock.ts";
import type { WireValue } from "../value/wire.ts";
import { entityPathKey, type EntityPath } from "../ir/slot.ts";
import {
  isWithin,
  valueAmong,
  type ParentLink,
  type Values,
  type World,
  type WorldPrincipal,
  type WorldRow,
} from "./world.ts";

/** Who asks, in which tenant, with what beside. `roles` are those that the principal is assigned. */
export interface Asker {
  readonly principal: WorldPrincipal;
  readonly roles: readonly string[];
  /** The tenant on whose handle the request is made. */
  readonly tenant: string;
  readonly context: Attributes;
  readonly now: string;
  /** Rule → what is left of its limit; where it is not said, enough. */
  readonly limits?: ReadonlyMap<string, Limit>;
}

export interface Limit {
  readonly left: number;
  readonly retry_after?: number;
}

/** The rows of a request: `resource` of a read, `prior` and `next` of a write. */
export interface AskedRows {
  readonly resource?: WorldRow;
  readonly prior?: WorldRow;
  readonly next?: WorldRow;
}

/** What is known before any row is. */
export function knownFactsFor(world: World, program: Program, asker: Asker): KnownFacts {
  const { principal } = asker;
  return {
    tenant: { id: asker.tenant, attributes: world.tenantFacts.get(asker.tenant) ?? {} },
    principal: {
      type: principal.type,
      id: principal.id,
      tenant: principal.tenant,
      roles: asker.roles,
      attributes: principal.attributes,
    },
    context: asker.context,
    ancestors: ancestorsFor(world, program, asker, {}),
    relations: relationsFor(world, program, asker.tenant),
    ...limitsFor(program, asker),
    now: asker.now,
    ...clockFor(program, asker.now),
    ...referencesFor(world, program, asker, {}),
  };
}

/** The rules of the program that have a limit. */
export function limitedRules(program: Program): readonly string[] {
  return program.slots.flatMap(({ source }) =>
    source.from === "limit" && source.part === "left" ? [source.rule] : [],
  );
}

function limitsFor(program: Program, asker: Asker): { readonly limits?: Record<string, Limit> } {
  const rules = limitedRules(program);
  if (rules.length === 0) return {};
  return { limits: Object.fromEntries(rules.map((rule) => [rule, asker.limits?.get(rule) ?? { left: 9 }])) };
}

/** The whole request. */
export function requestFor(
  world: World,
  program: Program,
  asker: Asker,
  action: string,
  entity: string,
  rows: AskedRows,
): RequestDocument {
  return {
    ...knownFactsFor(world, program, asker),
    action: { name: action },
    resource:
      rows.resource === undefined ? { type: entity } : { type: entity, ...rowDocument(rows.resource) },
    ...(rows.prior === undefined ? {} : { prior: rowDocument(rows.prior) }),
    ...(rows.next === undefined ? {} : { next: rowDocument(rows.next) }),
    ancestors: ancestorsFor(world, program, asker, rows),
    ...referencesFor(world, program, asker, rows),
  };
}

function rowDocument(row: WorldRow): RowDocument {
  return { id: row.id, tenant: row.tenant, attributes: row.attributes };
}

type Ancestors = Record<string, Record<string, readonly string[]>>;

function ancestorsFor(world: World, program: Program, asker: Asker, rows: AskedRows): Ancestors {
  const found: Ancestors = {};
  for (const slot of program.slots) {
    if (slot.source.from !== "ancestors") continue;
    const start = startOf(world, program, asker, rows, slot.source.of);
    if (start === undefined) continue;
    const ids = properAncestors(world, start.links, start.tenant, slot.source.entity);
    (found[entityPathKey(slot.source.of)] ??= {})[slot.source.entity] = ids;
  }
  return found;
}

interface Start {
  readonly links: readonly ParentLink[];
  readonly tenant: string;
}

/** What a path leads to: its values, its direct parents, and its tenant. */
interface Standing extends Start {
  readonly attributes: Values;
}

/** What a path leads to; nothing stands behind a reference that is absent. Undefined where the request has not the row. */
function startOf(
  world: World,
  program: Program,
  asker: Asker,
  rows: AskedRows,
  path: EntityPath,
): Standing | undefined {
  const root = path.root === "principal" ? asker.principal : rows[path.root];
  if (root === undefined) return undefined;
  let owner = path.root === "principal" ? asker.principal.type : (root as WorldRow).entity;
  let at: Standing = { links: root.parents, tenant: root.tenant, attributes: root.attributes };
  for (const step of [path.attribute, path.further]) {
    if (step === null || step === undefined) continue;
    const id = valueAmong(at.attributes, step);
    const { tenant } = at;
    if (id === undefined) {
      at = { links: [], tenant, attributes: {} };
      continue;
    }
    const target = referenceTarget(program, owner, step);
    if (target === undefined) return undefined;
    const row = world.rows.find((r) => r.entity === target && r.id === id && isWithin(r, tenant));
    at = { links: row?.parents ?? [], tenant, attributes: row?.attributes ?? {} };
    owner = target;
  }
  return at;
}

/** The attributes that the program reads behind references; left out where it reads none. */
function referencesFor(
  world: World,
  program: Program,
  asker: Asker,
  rows: AskedRows,
): Pick<RequestDocument, "references"> {
  const found: Record<string, Record<string, WireValue>> = {};
  let reads = false;
  for (const { source } of program.slots) {
    if (source.from !== "reference") continue;
    reads = true;
    const value = valueAmong(startOf(world, program, asker, rows, source.of)?.attributes ?? {}, source.name);
    if (value !== undefined) (found[entityPathKey(source.of)] ??= {})[source.name] = value;
  }
  return reads ? { references: found } : {};
}

/** The tenant's zone: one whose hours are not those of UTC. */
const zone = "Asia/Kathmandu";

function clockFor(program: Program, now: string): Pick<RequestDocument, "clock"> {
  return program.slots.some(({ source }) => source.from === "clock") ? { clock: clockAt(now, zone) } : {};
}

function referenceTarget(program: Program, owner: string, attribute: string): string | undefined {
  const field = program.model.entities
    .find((e) => e.name === owner)
    ?.fields.find((f) => f.name === attribute);
  return field?.type.kind === "entity" ? field.type.entity : undefined;
}

/** The closure over parents, of one type; the start itself is not in it. */
export function properAncestors(
  world: World,
  links: readonly ParentLink[],
  tenant: string,
  entity: string,
): readonly string[] {
  const seen = new Map<string, ParentLink>();
  const queue = [...links];
  for (let link = queue.shift(); link !== undefined; link = queue.shift()) {
    const { entity: type, id } = link;
    const key = `${type} ${id}`;
    if (seen.has(key)) continue;
    seen.set(key, link);
    queue.push(
      ...(world.rows.find((r) => r.entity === type && r.id === id && r.tenant === tenant)?.parents ?? []),
    );
  }
  return [...seen.values()].filter((link) => link.entity === entity).map((link) => link.id);
}

function relationsFor(world: World, program: Program, tenant: string): Record<string, readonly Pair[]> {
  const named = program.slots.flatMap(({ source }) => (source.from === "relation" ? [source.name] : []));
  const all: Record<string, readonly Pair[]> = {};
  for (const name of named)
    all[name] = world.pairs
      .filter((pair) => pair.relation === name && pair.tenant === tenant)
      .map(({ from, to }) => ({ from, to }));
  return all;
}
