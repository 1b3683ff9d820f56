/**
 * Rows as the policy sees them. Sealed fields are never among their attributes, in any form: no rule may read one.
 * Every statement names the tenant, besides the row-level security underneath.
 */
import {
  isUuid,
  type FieldModel,
  type Program,
  type RowDocument,
  type ScalarType,
  type WireScalar,
  type WireValue,
} from "@wardline/core";
import type { SqlSession } from "../contracts.ts";
import { joined, named, nothing, sql, tenantParameter, type Sql } from "../scope/text.ts";
import type { StoredEntity } from "./catalogue.ts";
import { exactText, run, textCell } from "./run.ts";
import { columnText, keyArray, wireValue } from "./wire-column.ts";

/** The tenant column of side tables. */
export const sideTenant = "tenant_id";

/** Where rows are loaded from. */
export interface RowSource {
  readonly program: Program;
  readonly schema: string;
  readonly tenant: string;
}

/** The rows of the tenant with these ids, by id. An id without a row is missing from the answer. */
export async function loadRows(
  session: SqlSession,
  source: RowSource,
  entity: StoredEntity,
  ids: readonly string[],
): Promise<ReadonlyMap<string, RowDocument>> {
  const keys = usableKeys(entity.keyType, ids);
  if (keys.length === 0) return new Map();
  const { table, key } = entity.storage;
  const plain = plainFields(source.program, entity);
  const columns = plain.map(
    ({ type, column }, index) =>
      sql`${exactText(columnText(type, named("r", column)))} as ${named(`f${index}`)}`,
  );
  const { rows } = await run(
    session,
    sql`select ${joined([sql`${exactText(named("r", key))} as id`, ...columns], ", ")}
      from ${named(source.schema, table)} as r
      where ${ofTenant(source, entity, "r")} ${named("r", key)} = any(${keyArray(entity.keyType, keys)})`,
  );
  const sets = await loadSets(session, source, entity, keys);
  const loaded = rows.map((row): readonly [string, RowDocument] => {
    const attributes: Record<string, WireValue> = {};
    for (const [index, { name, type }] of plain.entries()) {
      const cell = row[`f${index}`];
      if (cell !== null && cell !== undefined) attributes[name] = wireValue(type, textCell(row, `f${index}`));
    }
    const id = textCell(row, "id");
    for (const [name, values] of sets) attributes[name] = values.get(id) ?? [];
    return [id, { id, tenant: source.tenant, attributes }];
  });
  return new Map(loaded);
}

/** The conjunct of the tenant; nothing where the rows are shared by all. */
export function ofTenant(source: RowSource, { shared, storage }: StoredEntity, alias: string): Sql {
  return shared === true
    ? nothing
    : sql`${named(alias, storage.tenant)} = ${tenantParameter(source.tenant)} and`;
}

/** Ids that can be keys of the entity at all, without duplicates. */
export function usableKeys(keyType: "uuid" | "text", ids: readonly string[]): readonly string[] {
  return [...new Set(ids)].filter((id) => keyType === "text" || isUuid(id));
}

interface PlainField {
  readonly name: string;
  readonly type: ScalarType;
  readonly column: string;
}

function plainFields(program: Program, entity: StoredEntity): readonly PlainField[] {
  const sealed = new Set(program.sealed.filter((s) => s.entity === entity.name).flatMap((s) => s.fields));
  return entity.fields.flatMap(({ name, type, storage }) =>
    storage?.kind === "column" && type.kind !== "set" && !sealed.has(name)
      ? [{ name, type, column: storage.column }]
      : [],
  );
}

type SetsByOwner = ReadonlyMap<string, readonly WireScalar[]>;

/** The sets that some rule reads, by field and owner. */
async function loadSets(
  session: SqlSession,
  source: RowSource,
  entity: StoredEntity,
  ids: readonly string[],
): Promise<ReadonlyMap<string, SetsByOwner>> {
  const sets = new Map<string, SetsByOwner>();
  for (const field of entity.fields)
    if (field.storage?.kind === "table" && isRead(source.program, field))
      sets.set(field.name, await loadSet(session, source, entity, field, ids));
  return sets;
}

function isRead(program: Program, field: FieldModel): boolean {
  return program.slots.some(
    ({ source }) =>
      (source.from === "row_attribute" || source.from === "reference") && source.name === field.name,
  );
}

async function loadSet(
  session: SqlSession,
  source: RowSource,
  entity: StoredEntity,
  field: FieldModel,
  ids: readonly string[],
): Promise<SetsByOwner> {
  if (field.storage?.kind !== "table" || field.type.kind !== "set")
    throw new TypeError(`${field.name} is no set in a table`);
  const { table, owner, value } = field.storage;
  const { of } = field.type;
  const { rows } = await run(
    session,
    sql`select ${exactText(named("s", owner))} as owner, ${exactText(columnText(of, named("s", value)))} as value
      from ${named(source.schema, table)} as s
      where ${named("s", sideTenant)} = ${tenantParameter(source.tenant)} and ${named("s", owner)} = any(${keyArray(entity.keyType, ids)})`,
  );
  const values = new Map<string, WireScalar[]>();
  for (const row of rows) {
    const id = textCell(row, "owner");
    values.set(id, [...(values.get(id) ?? []), wireValue(of, textCell(row, "value"))]);
  }
  return values;
}
