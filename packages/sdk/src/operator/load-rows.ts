/**
 * Bulk loading by the operator: seeds, imports, restores. It runs outside any principal's policy and beside the guarded
 * driver, so it is a separate import; what the policy says to seal is sealed all the same.
 */
import {
  blindIndexOf,
  isUuid,
  isWireValue,
  type EntityModel,
  type FieldModel,
  type Program,
  type WireScalar,
} from "@wardline/core";
import {
  planTables,
  storedField,
  operatorSealers,
  type Database,
  type KeyProvider,
  type Sealer,
  type SqlSession,
  type TablePlan,
} from "@wardline/isolation";
import { quoteName } from "./quote-name.ts";
import { inTransaction } from "./transaction.ts";

/** A row by model names: values in wire form (see `docs/spec/request.md`), sets as arrays, absent as null or missing. */
export interface LoadedRow {
  readonly id: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Column of a parent → the parent's id. */
  readonly parents?: Readonly<Record<string, string | null>>;
}

export interface LoadOptions {
  readonly database: Database;
  readonly program: Program;
  /** The provider of the tenant's keys; asked only where the policy seals something. */
  readonly keys: KeyProvider;
}

interface Loading extends LoadOptions {
  readonly sealer: Sealer;
}

/** The tenant column of tables behind sets and relations. */
const sideTenant = "tenant_id";

const refuse = (): never => {
  throw new TypeError("the policy seals nothing of the entity");
};
const nothingSealed: Sealer = {
  seal: refuse,
  open: refuse,
  blindIndex: refuse,
  blindIndexes: refuse,
  mask: refuse,
  revealToken: refuse,
};

/** Rows in one statement. */
const batch = 1000;

/**
 * Inserts rows of one entity into the program's tenant, all in one transaction. Throws a TypeError that names row and
 * field if a value does not fit the model; then nothing is stored.
 */
export async function loadRows(
  given: LoadOptions,
  entity: string,
  rows: readonly LoadedRow[],
): Promise<void> {
  const { program, database, keys } = given;
  const model = program.model.entities.find((e) => e.name === entity);
  if (model?.storage == null) throw new TypeError(`the model stores no entity ${entity}`);
  for (const row of rows) checkRow(model, row);
  const plans = new Map(planTables(program).map((plan) => [plan.name, plan]));
  const table = planOf(plans, model.storage.table);
  const seals = program.sealed.some((sealed) => sealed.entity === entity && sealed.fields.length > 0);
  await inTransaction(database, async (session) => {
    const sealer = seals ? (await operatorSealers(session, keys, program.tenant)).cells : nothingSealed;
    const options: Loading = { ...given, sealer };
    for (let start = 0; start < rows.length; start += batch) {
      const part = rows.slice(start, start + batch);
      await insert(session, options.database.schema, table, entityColumns(options, model, part));
      for (const field of model.fields)
        if (field.storage?.kind === "table")
          await insert(
            session,
            options.database.schema,
            planOf(plans, field.storage.table),
            setColumns(options, field, part),
          );
    }
  });
}

/** Inserts pairs of a relation, by ids, all in one transaction. */
export async function loadPairs(
  options: LoadOptions,
  relation: string,
  pairs: readonly { readonly from: string; readonly to: string }[],
): Promise<void> {
  const { program, database } = options;
  const found = program.model.relations.find((r) => r.name === relation);
  if (found === undefined) throw new TypeError(`the model has no relation ${relation}`);
  const plan = planOf(new Map(planTables(program).map((p) => [p.name, p])), found.table);
  const columns: Columns = new Map([
    [sideTenant, pairs.map(() => program.tenant)],
    [found.fromColumn, pairs.map((pair) => pair.from)],
    [found.toColumn, pairs.map((pair) => pair.to)],
  ]);
  await inTransaction(database, (session) => insert(session, database.schema, plan, columns));
}

/** Column → the values of all rows, as texts. */
type Columns = ReadonlyMap<string, readonly (string | null)[]>;

function entityColumns(options: Loading, model: EntityModel, rows: readonly LoadedRow[]): Columns {
  const { program, sealer } = options;
  const sealed = new Set(program.sealed.find((s) => s.entity === model.name)?.fields ?? []);
  const columns = new Map<string, readonly (string | null)[]>();
  if (model.storage === null) return columns;
  for (const parent of model.parents)
    if (parent.via.kind === "column") {
      const { column } = parent.via;
      columns.set(
        column,
        rows.map((row) => row.parents?.[column] ?? null),
      );
    }
  for (const field of model.fields) {
    if (field.storage?.kind !== "column") continue;
    const at = storedField(program.model, model.name, field.name);
    const place = (row: LoadedRow) => ({ ...at, row: row.id });
    const stored = (row: LoadedRow): string | null => {
      const value = (row.attributes[field.name] ?? null) as WireScalar | null;
      if (value === null) return null;
      return sealed.has(field.name) ? sealer.seal(place(row), String(value)) : String(value);
    };
    const indexed = (row: LoadedRow): string | null => {
      const value = (row.attributes[field.name] ?? null) as WireScalar | null;
      return value === null ? null : sealer.blindIndex(at, String(value));
    };
    columns.set(field.storage.column, rows.map(stored));
    const index = blindIndexOf(program, model.name, field);
    if (index !== null) columns.set(index, rows.map(indexed));
  }
  if (model.shared !== true)
    columns.set(
      model.storage.tenant,
      rows.map(() => program.tenant),
    );
  columns.set(
    model.storage.key,
    rows.map((row) => row.id),
  );
  return columns;
}

function setColumns(options: LoadOptions, field: FieldModel, rows: readonly LoadedRow[]): Columns {
  if (field.storage?.kind !== "table") return new Map();
  const members = rows.flatMap((row) =>
    [...new Set((row.attributes[field.name] ?? []) as readonly unknown[])].map((value) => ({
      owner: row.id,
      value,
    })),
  );
  return new Map([
    [sideTenant, members.map(() => options.program.tenant)],
    [field.storage.owner, members.map((member) => member.owner)],
    [field.storage.value, members.map((member) => String(member.value))],
  ]);
}

/** One statement: each column as an array of texts, cast on the way in. */
async function insert(
  session: SqlSession,
  schema: string,
  table: TablePlan,
  columns: Columns,
): Promise<void> {
  const names = [...columns.keys()];
  const [first] = columns.values();
  if (first === undefined || first.length === 0) return;
  const types = new Map(table.columns.map((column) => [column.name, column.type.type]));
  const casts = names.map((name, index) => {
    const type = name === table.tenant ? "text" : types.get(name);
    if (type === undefined) throw new TypeError(`the table ${table.name} has no column ${name}`);
    return type === "bytea" ? `decode(c${index}, 'hex')` : `c${index}::${type}`;
  });
  await session.query(
    `INSERT INTO ${quoteName(schema)}.${quoteName(table.name)} (${names.map(quoteName).join(", ")}) ` +
      `SELECT ${casts.join(", ")} FROM unnest(${names.map((_, index) => `$${index + 1}::text[]`).join(", ")}) ` +
      `AS loaded(${names.map((_, index) => `c${index}`).join(", ")})`,
    [...columns.values()],
  );
}

function planOf(plans: ReadonlyMap<string, TablePlan>, table: string): TablePlan {
  const plan = plans.get(table);
  if (plan === undefined) throw new TypeError(`the model has no table ${table}`);
  return plan;
}

function checkRow(model: EntityModel, row: LoadedRow): void {
  // A cell is sealed for the id that the database prints, so an id in another spelling would be another place.
  if (model.keyType === "uuid" && !isUuid(row.id))
    throw new TypeError(`${model.name} ${row.id}: the id is no uuid in lower case`);
  const names = new Set(model.fields.map((field) => field.name));
  for (const name of Object.keys(row.attributes))
    if (!names.has(name)) throw new TypeError(`${model.name} ${row.id}: the model has no field ${name}`);
  for (const field of model.fields) {
    const value = row.attributes[field.name] ?? null;
    const fits =
      value === null ? field.optional || field.type.kind === "set" : isWireValue(value, field.type);
    if (!fits)
      throw new TypeError(`${model.name} ${row.id}: ${field.name} does not hold a value of its type`);
  }
}
