/** The facts that rules read beyond a row's own fields: ancestors of the principal and of rows, pairs of relations. */
import {
  entityPathKey,
  findTable,
  slotPath,
  valueAt,
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
import { named, parameter, sql } from "../scope/text.ts";
import { ancestorsOf, type IdsByEntity, type Member } from "./ancestors.ts";
import { entityNamed, type StoredEntity } from "./catalogue.ts";
import { sideTenant, usableKeys, type RowSource } from "./load-rows.ts";
import { exactText, run, textCell } from "./run.ts";
import { keyArray } from "./wire-column.ts";

/** A row with the ancestors of itself (null) and of its references, by attribute. */
export interface RowFacts {
  readonly row: RowDocument;
  readonly ancestors: ReadonlyMap<string | null, IdsByEntity>;
}

/** The facts with the principal's ancestors closed over the database, from the parents that the session gave. */
export async function closePrincipal(
  session: SqlSession,
  source: RowSource,
  facts: KnownFacts,
  sessionParents: IdsByEntity,
): Promise<KnownFacts> {
  const wanted = ancestorSlots(source.program, (root) => root === "principal");
  if (wanted.length === 0) return facts;
  const { type, id, attributes } = facts.principal;
  const member: Member = { entity: type, id };
  const starts = wanted.map(({ attribute }) => startOf(source.program, type, id, attributes, attribute));
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
  for (const [index, { attribute, entities }] of wanted.entries()) {
    const found = starts[index] === null ? {} : (closed[next++] as IdsByEntity);
    ancestors[entityPathKey({ root: "principal", attribute })] = complete(found, entities);
  }
  return { ...facts, ancestors };
}

/** Rows with their ancestors as they are in the database now. */
export async function collectFacts(
  session: SqlSession,
  source: RowSource,
  entity: StoredEntity,
  rows: readonly RowDocument[],
): Promise<readonly RowFacts[]> {
  const wanted = ancestorSlots(source.program, (root) => root !== "principal").filter(
    ({ attribute }) => attribute === null || referenceTarget(source.program, entity.name, attribute) !== null,
  );
  const asked = rows.flatMap((row) =>
    wanted.map(({ attribute }) => startOf(source.program, entity.name, row.id, row.attributes, attribute)),
  );
  const closed = await ancestorsOf(
    session,
    source,
    asked.filter((start) => start !== null),
    null,
  );
  let at = 0;
  let next = 0;
  return rows.map((row) => {
    const ancestors = new Map<string | null, IdsByEntity>();
    for (const { attribute, entities } of wanted) {
      const found = asked[at++] === null ? {} : (closed[next++] as IdsByEntity);
      ancestors.set(attribute, complete(found, entities));
    }
    return { row, ancestors };
  });
}

interface WantedAncestors {
  readonly attribute: string | null;
  readonly entities: readonly string[];
}

function ancestorSlots(program: Program, ofRoot: (root: string) => boolean): readonly WantedAncestors[] {
  const wanted = new Map<string | null, Set<string>>();
  for (const { source } of program.slots) {
    if (source.from !== "ancestors" || !ofRoot(source.of.root)) continue;
    const known = wanted.get(source.of.attribute) ?? new Set<string>();
    wanted.set(source.of.attribute, known.add(source.entity));
  }
  return [...wanted].map(([attribute, entities]) => ({ attribute, entities: [...entities] }));
}

function startOf(
  program: Program,
  entity: string,
  id: string,
  attributes: RowDocument["attributes"],
  attribute: string | null,
): Member | null {
  if (attribute === null) return { entity, id };
  const target = referenceTarget(program, entity, attribute);
  const value = valueAt(attributes, [attribute]);
  return target === null || typeof value !== "string" ? null : { entity: target, id: value };
}

function referenceTarget(program: Program, entity: string, attribute: string): string | null {
  const type = entityNamed(program.model, entity).fields.find((field) => field.name === attribute)?.type;
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
      where ${named("r", sideTenant)} = ${parameter(source.tenant)}
        and ${named("r", relation.fromColumn)} = any(${keyArray(fromType, fromIds)})
        and ${named("r", relation.toColumn)} = any(${keyArray(toType, toIds)})`,
  );
  return rows.map((row) => ({ from: textCell(row, "from_id"), to: textCell(row, "to_id") }));
}
