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
import type { SqlResult, SqlSession } from "../contracts.ts";
import { joined, named, nothing, sql, tenantParameter, type Sql } from "../scope/text.ts";
import { inOrder, known, type Asking } from "./asking.ts";
import type { StoredEntity } from "./catalogue.ts";
import { exactText, textCell } from "./run.ts";
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
  const [rows] = await inOrder<[ReadonlyMap<string, RowDocument>]>(session, rowsWith(source, entity, ids));
  return rows;
}

/** The same as a question among others. */
export function rowsWith(
  source: RowSource,
  entity: StoredEntity,
  ids: readonly string[],
): Asking<ReadonlyMap<string, RowDocument>> {
  const keys = usableKeys(entity.keyType, ids);
  if (keys.length === 0) return known(new Map());
  const { table, key } = entity.storage;
  const plain = plainFields(source.program, entity);
  const columns = plain.map(
    ({ type, column }, index) =>
      sql`${exactText(columnText(type, named("r", column)))} as ${named(`f${index}`)}`,
  );
  const sets = entity.fields
    .filter((field) => field.storage?.kind === "table" && isRead(source.program, field))
    .map((field) => ({ name: field.name, asking: setOf(source, entity, field, keys) }));
  return {
    statements: [
      sql`select ${joined([sql`${exactText(named("r", key))} as id`, ...columns], ", ")}
        from ${named(source.schema, table)} as r
        where ${ofTenant(source, entity, "r")} ${named("r", key)} = any(${keyArray(entity.keyType, keys)})`,
      ...sets.map(({ asking }) => asking.statement),
    ],
    read: ([rows, ...answers]) => {
      const found = sets.map(({ name, asking }, at) => [name, asking.read(answers[at])] as const);
      const loaded = (rows?.rows ?? []).map((row): readonly [string, RowDocument] => {
        const attributes: Record<string, WireValue> = {};
        for (const [index, { name, type }] of plain.entries()) {
          const cell = row[`f${index}`];
          if (cell !== null && cell !== undefined)
            attributes[name] = wireValue(type, textCell(row, `f${index}`));
        }
        const id = textCell(row, "id");
        for (const [name, values] of found) attributes[name] = values.get(id) ?? [];
        return [id, { id, tenant: source.tenant, attributes }];
      });
      return new Map(loaded);
    },
  };
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

function isRead(program: Program, field: FieldModel): boolean {
  return program.slots.some(
    ({ source }) =>
      (source.from === "row_attribute" || source.from === "reference") && source.name === field.name,
  );
}

/** A set that some rule reads, by owner. */
function setOf(
  source: RowSource,
  entity: StoredEntity,
  field: FieldModel,
  ids: readonly string[],
): { readonly statement: Sql; readonly read: (answer: SqlResult | undefined) => SetsByOwner } {
  if (field.storage?.kind !== "table" || field.type.kind !== "set")
    throw new TypeError(`${field.name} is no set in a table`);
  const { table, owner, value } = field.storage;
  const { of } = field.type;
  return {
    statement: sql`select ${exactText(named("s", owner))} as owner, ${exactText(columnText(of, named("s", value)))} as value
      from ${named(source.schema, table)} as s
      where ${named("s", sideTenant)} = ${tenantParameter(source.tenant)} and ${named("s", owner)} = any(${keyArray(entity.keyType, ids)})`,
    read: (answer) => {
      const values = new Map<string, WireScalar[]>();
      for (const row of answer?.rows ?? []) {
        const id = textCell(row, "owner");
        values.set(id, [...(values.get(id) ?? []), wireValue(of, textCell(row, "value"))]);
      }
      return values;
    },
  };
}
