/**
 * The request that a gate would make of a world: facts of the principal, the rows, proper ancestors by type for every
 * path that the program reads, and all pairs of the tenant's relations.
 */
import type { Attributes, KnownFacts, Pair, RequestDocument, RowDocument } from "../decision/request.ts";
import type { Program } from "../ir/program.ts";
import { entityPathKey, type EntityPath } from "../ir/slot.ts";
import { valueAmong, type ParentLink, type World, type WorldPrincipal, type WorldRow } from "./world.ts";

/** Who asks, in which tenant, with what beside. `roles` are those that the principal is assigned. */
export interface Asker {
  readonly principal: WorldPrincipal;
  readonly roles: readonly string[];
  /** The tenant on whose handle the request is made. */
  readonly tenant: string;
  readonly context: Attributes;
  readonly now: string;
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
    now: asker.now,
  };
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

/** The direct parents of what a path names, and its tenant; undefined where the request has not the row. */
function startOf(
  world: World,
  program: Program,
  asker: Asker,
  rows: AskedRows,
  path: EntityPath,
): Start | undefined {
  const at = path.root === "principal" ? asker.principal : rows[path.root];
  if (at === undefined) return undefined;
  if (path.attribute === null) return { links: at.parents, tenant: at.tenant };
  const id = valueAmong(at.attributes, path.attribute);
  if (id === undefined) return { links: [], tenant: at.tenant };
  const owner = path.root === "principal" ? asker.principal.type : (at as WorldRow).entity;
  const target = referenceTarget(program, owner, path.attribute);
  if (target === undefined) return undefined;
  const row = world.rows.find((r) => r.entity === target && r.id === id && r.tenant === at.tenant);
  return { links: row?.parents ?? [], tenant: at.tenant };
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
