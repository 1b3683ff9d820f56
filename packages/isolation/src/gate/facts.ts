/** The facts that rules read beyond a row's own fields: ancestors of the principal and of rows, pairs of relations. */
import {
  entityPathKey,
  findTable,
  referenceField,
  slotPath,
  valueAt,
  type EntityPath,
  type KnownFacts,
  type Operand,
  type Pair,
  type Program,
  type RelationModel,
  type RequestDocument,
  type RowDocument,
  type Slot,
} from "@wardline/core";
import type { SqlSession } from "../contracts.ts";
import { named, sql, tenantParameter } from "../scope/text.ts";
import { ancestorsOf, type IdsByEntity, type Member } from "./ancestors.ts";
import { entityNamed, type StoredEntity } from "./catalogue.ts";
import { sideTenant, usableKeys, type RowSource } from "./load-rows.ts";
import { referencesOf, type Followed, type References } from "./references.ts";
import { exactText, run, textCell } from "./run.ts";
import { keyArray } from "./wire-column.ts";

/** A row with the ancestors of itself (null) and of its references, and what those lead to: by the path without its root. */
export interface RowFacts {
  readonly row: RowDocument;
  readonly ancestors: ReadonlyMap<string | null, IdsByEntity>;
  readonly references: References;
}

/**
 * The facts with the principal's ancestors closed over the database, from the parents that the session gave, and with what
 * the principal's references lead to.
 */
export async function closePrincipal(
  session: SqlSession,
  source: RowSource,
  facts: KnownFacts,
  sessionParents: IdsByEntity,
): Promise<KnownFacts> {
  const wanted = ancestorSlots(source.program, (root) => root === "principal");
  const { type, id, attributes = {} } = facts.principal;
  const member: Member = { entity: type, id };
  const [followed] = await referencesOf(session, source, "principal", [{ entity: type, attributes }]);
  const read = [...(followed?.read ?? [])].map(([key, values]) => [`principal.${key}`, values] as const);
  const known = read.length === 0 ? facts : { ...facts, references: Object.fromEntries(read) };
  if (wanted.length === 0) return known;
  const starts = wanted.map((path) => startOf(source.program, { entity: type, id }, followed, path));
  const closed = await ancestorsOf(
    session,
    source,
    starts.filter((start) => start !== null),
    {
      member,
      parents: sessionParents,
    },
  );
  const ancestors: Record<string, IdsByEntity> = { ...facts.ancestors };
  let next = 0;
  for (const [index, { entities, ...path }] of wanted.entries()) {
    const found = starts[index] === null ? {} : (closed[next++] as IdsByEntity);
    ancestors[entityPathKey({ root: "principal", ...path })] = complete(found, entities);
  }
  return { ...known, ancestors };
}

/** Rows with their ancestors as they are in the database now. */
export async function collectFacts(
  session: SqlSession,
  source: RowSource,
  entity: StoredEntity,
  rows: readonly RowDocument[],
): Promise<readonly RowFacts[]> {
  const wanted = ancestorSlots(source.program, (root) => root !== "principal").filter(
    (path) => path.attribute === null || referenceTarget(source.program, entity.name, path) !== null,
  );
  const followed = await referencesOf(
    session,
    source,
    "row",
    rows.map(({ attributes = {} }) => ({ entity: entity.name, attributes })),
  );
  const asked = rows.flatMap((row, index) =>
    wanted.map((path) => startOf(source.program, { entity: entity.name, id: row.id }, followed[index], path)),
  );
  const closed = await ancestorsOf(
    session,
    source,
    asked.filter((start) => start !== null),
    null,
  );
  let at = 0;
  let next = 0;
  return rows.map((row, index) => {
    const ancestors = new Map<string | null, IdsByEntity>();
    for (const { attribute, further, entities } of wanted) {
      const found = asked[at++] === null ? {} : (closed[next++] as IdsByEntity);
      ancestors.set(further === undefined ? attribute : `${attribute}.${further}`, complete(found, entities));
    }
    return { row, ancestors, references: followed[index]?.read ?? new Map() };
  });
}

type Path = Pick<EntityPath, "attribute" | "further">;

interface WantedAncestors extends Path {
  readonly entities: readonly string[];
}

function ancestorSlots(program: Program, ofRoot: (root: string) => boolean): readonly WantedAncestors[] {
  const wanted = new Map<string, { readonly path: Path; readonly entities: Set<string> }>();
  for (const { source } of program.slots) {
    if (source.from !== "ancestors" || !ofRoot(source.of.root)) continue;
    const { attribute, further } = source.of;
    const path: Path = further === undefined ? { attribute } : { attribute, further };
    const key = JSON.stringify(path);
    const known = wanted.get(key) ?? { path, entities: new Set() };
    known.entities.add(source.entity);
    wanted.set(key, known);
  }
  return [...wanted.values()].map(({ path, entities }) => ({ ...path, entities: [...entities] }));
}

function startOf(
  program: Program,
  holder: Member,
  followed: Followed | undefined,
  path: Path,
): Member | null {
  if (path.attribute === null) return holder;
  const target = referenceTarget(program, holder.entity, path);
  const id = followed?.idAt(path) ?? null;
  return target === null || id === null ? null : { entity: target, id };
}

function referenceTarget(program: Program, entity: string, { attribute, further }: Path): string | null {
  const path: EntityPath = { root: "resource", attribute, ...(further === undefined ? {} : { further }) };
  const type = referenceField(program.model, { principal: entity, resource: entity }, path)?.type;
  return type?.kind === "entity" ? type.entity : null;
}

/** Every type that is asked for has a list, be it empty: an absent one would be an unknown fact. */
function complete(found: IdsByEntity, entities: readonly string[]): IdsByEntity {
  return Object.fromEntries(entities.map((entity) => [entity, found[entity] ?? []]));
}

/** The pairs of every relation that the requests' tables read, for exactly the ids that stand in them. */
export async function withRelations(
  session: SqlSession,
  source: RowSource,
  requests: readonly RequestDocument[],
): Promise<readonly RequestDocument[]> {
  const { program } = source;
  const wanted = new Map<string, { readonly from: Set<string>; readonly to: Set<string> }>();
  for (const request of requests) {
    const { type } = request.principal;
    for (const id of findTable(program, type, request.action.name, request.resource.type)?.slots ?? []) {
      const slot = program.slots[id] as Slot;
      if (slot.source.from !== "relation") continue;
      const ids = wanted.get(slot.source.name) ?? { from: new Set(), to: new Set() };
      wanted.set(slot.source.name, ids);
      for (const atom of program.atoms) {
        if (atom.kind !== "related" || atom.slot !== id) continue;
        for (const value of operandValues(program, atom.from, request)) ids.from.add(value);
        for (const value of operandValues(program, atom.to, request)) ids.to.add(value);
      }
    }
  }
  if (wanted.size === 0) return requests;
  const relations: Record<string, readonly Pair[]> = {};
  for (const [name, ids] of wanted) {
    const model = program.model.relations.find((relation) => relation.name === name);
    if (model === undefined) throw new RangeError(`the model has no relation ${name}`);
    relations[name] = await loadPairs(session, source, model, [...ids.from], [...ids.to]);
  }
  return requests.map((request) => ({ ...request, relations: { ...request.relations, ...relations } }));
}

function operandValues(program: Program, operand: Operand, request: RequestDocument): readonly string[] {
  if (operand.kind === "constant") return texts([operand.value]);
  const slot = program.slots[operand.slot] as Slot;
  const fallback = operand.kind === "slot" ? operand.fallback : null;
  return texts([valueAt(request, slotPath(slot.source)), fallback]);
}

function texts(values: readonly unknown[]): readonly string[] {
  return values.filter((value) => typeof value === "string");
}

async function loadPairs(
  session: SqlSession,
  source: RowSource,
  relation: RelationModel,
  from: readonly string[],
  to: readonly string[],
): Promise<readonly Pair[]> {
  const fromType = entityNamed(source.program.model, relation.from).keyType;
  const toType = entityNamed(source.program.model, relation.to).keyType;
  const [fromIds, toIds] = [usableKeys(fromType, from), usableKeys(toType, to)];
  if (fromIds.length === 0 || toIds.length === 0) return [];
  const { rows } = await run(
    session,
    sql`select ${exactText(named("r", relation.fromColumn))} as from_id, ${exactText(named("r", relation.toColumn))} as to_id
      from ${named(source.schema, relation.table)} as r
      where ${named("r", sideTenant)} = ${tenantParameter(source.tenant)}
        and ${named("r", relation.fromColumn)} = any(${keyArray(fromType, fromIds)})
        and ${named("r", relation.toColumn)} = any(${keyArray(toType, toIds)})`,
  );
  return rows.map((row) => ({ from: textCell(row, "from_id"), to: textCell(row, "to_id") }));
}
