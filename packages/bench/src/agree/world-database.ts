/** A generated world as tables of a real database, one schema for each. Only for agreement runs: nothing guards it. */
import { hash } from "node:crypto";
import { databaseDdl } from "@wardline/isolation";
import {
  blindIndexOf,
  printSelect,
  type EntityModel,
  type GuardedView,
  type Program,
  type WireValue,
} from "@wardline/core";
import { entityNamed, valueAmong, type Case, type World, type WorldRow } from "@wardline/core/testing";
import type { SqlDatabase } from "@wardline/database-testing";

export interface WorldDatabase {
  readonly schema: string;
  /** The rows of a view, each cell as text, by column name. */
  readonly read: (view: GuardedView) => Promise<readonly Readonly<Record<string, string | null>>[]>;
  readonly drop: () => Promise<void>;
}

/** The bytes that stand in the database for a sealed text: as long, and with the beginning, as an envelope has. */
export function sealedBytes(text: string): Uint8Array {
  const plain = new TextEncoder().encode(text);
  const bytes = new Uint8Array(88 + plain.length);
  bytes.set([0x57, 0x4c, 0x53, 0x02]);
  bytes.set(plain, 88);
  return bytes;
}

/** The bytes that stand beside a sealed text that is searchable: as long as a blind index is, and the same for equal texts. */
export function indexBytes(text: string): Uint8Array {
  return hash("sha256", text, "buffer").subarray(0, 20);
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function fromHex(hex: string): string {
  return decoder.decode(Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
}

let made = 0;

/** Makes the tables of a case's program in a schema of its own and fills them. The connection's time zone is UTC. */
export async function loadWorld(database: SqlDatabase, from: Case, program: Program): Promise<WorldDatabase> {
  const schema = `world_${(made += 1)}`;
  await inTransaction(database, async () => {
    for (const statement of databaseDdl(program, { schema })) await database.exec(statement);
    // References may stand in a circle, as rows that were updated after they were made.
    await database.exec("SET LOCAL session_replication_role = replica");
    const contents = worldContents(from.world, program, {
      seal: ({ text }) => sealedBytes(text),
      index: ({ text }) => indexBytes(text),
    });
    for (const { table, columns, rows } of contents) {
      if (rows.length === 0) continue;
      const parameters = rows.flat();
      const line = (row: number) =>
        `(${columns.map((_, at) => `$${row * columns.length + at + 1}`).join(", ")})`;
      const sql = `INSERT INTO "${schema}"."${table}" (${columns.map((c) => `"${c}"`).join(", ")}) VALUES ${rows.map((_, at) => line(at)).join(", ")}`;
      await database.query(sql, parameters);
    }
  });
  return {
    schema,
    read: async (view) => {
      const { fragments, parameters } = printSelect(view.select);
      const inner = fragments.reduce(
        (text, fragment, at) => (at === 0 ? fragment : `${text}$${at}${fragment}`),
        "",
      );
      // As hex of UTF-8: PGlite drops a U+FEFF at the start of a text, and instants below the millisecond.
      const cells = view.select.columns.map(
        ({ as }) => `encode(convert_to(v."${as}"::text, 'UTF8'), 'hex') AS "${as}"`,
      );
      const { rows } = await database.query(
        `SELECT ${cells.join(", ")} FROM (${inner}) AS v`,
        parameters.map((parameter) => parameter.value),
      );
      return rows.map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([column, hex]) => [column, typeof hex === "string" ? fromHex(hex) : null]),
        ),
      );
    },
    drop: async () => {
      await database.exec(`DROP SCHEMA "${schema}" CASCADE`);
    },
  };
}

async function inTransaction(database: SqlDatabase, work: () => Promise<void>): Promise<void> {
  await database.exec("BEGIN");
  try {
    await work();
    await database.exec("COMMIT");
  } catch (error) {
    await database.exec("ROLLBACK");
    throw error;
  }
}

/** The rows of one table; values as drivers take them. */
export interface Contents {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** A cell that the policy seals. */
export interface OpenCell {
  readonly entity: string;
  readonly field: string;
  readonly row: WorldRow;
  readonly text: string;
}

/** What gives the bytes of a sealed cell, and those of its blind index. */
export interface Seals {
  readonly seal: (cell: OpenCell) => unknown;
  readonly index: (cell: OpenCell) => unknown;
}

/** What stands in the tables of a world. */
export function worldContents(world: World, program: Program, seals: Seals): readonly Contents[] {
  const { entities, relations } = program.model;
  const all: Contents[] = [];
  for (const entity of entities) {
    if (entity.storage === null) continue;
    const rows = world.rows.filter((row) => row.entity === entity.name);
    all.push(entityContents(program, entity, entity.storage, rows, seals), ...sideContents(entity, rows));
  }
  for (const relation of relations)
    all.push({
      table: relation.table,
      columns: ["tenant_id", relation.fromColumn, relation.toColumn],
      rows: world.pairs
        .filter((pair) => pair.relation === relation.name)
        .map((pair) => [pair.tenant, pair.from, pair.to]),
    });
  return all;
}

function entityContents(
  program: Program,
  entity: EntityModel,
  storage: NonNullable<EntityModel["storage"]>,
  rows: readonly WorldRow[],
  { seal, index }: Seals,
): Contents {
  const sealed = new Set(program.sealed.find((s) => s.entity === entity.name)?.fields ?? []);
  const fields = entity.fields.flatMap(({ name, storage: kept }) =>
    kept?.kind === "column" ? [{ name, column: kept.column }] : [],
  );
  const parents = entity.parents.flatMap(({ via }, at) =>
    via.kind === "column" ? [{ at, column: via.column }] : [],
  );
  const indexes = entity.fields.flatMap((field) => {
    const column = blindIndexOf(program, entity.name, field);
    return column === null ? [] : [{ name: field.name, column }];
  });
  const cell = (row: WorldRow, field: string, make: Seals["seal"]): unknown => {
    const value = valueAmong(row.attributes, field);
    return value === undefined ? null : make({ entity: entity.name, field, row, text: String(value) });
  };
  return {
    table: storage.table,
    columns: [
      ...(entity.shared === true ? [] : [storage.tenant]),
      storage.key,
      ...fields.map((f) => f.column),
      ...indexes.map((i) => i.column),
      ...parents.map((p) => p.column),
    ],
    rows: rows.map((row) => [
      ...(entity.shared === true ? [] : [row.tenant]),
      row.id,
      ...fields.map(({ name }) =>
        sealed.has(name) ? cell(row, name, seal) : stored(valueAmong(row.attributes, name)),
      ),
      ...indexes.map(({ name }) => cell(row, name, index)),
      ...parents.map(({ at }) => row.parents.find((link) => link.at === at)?.id ?? null),
    ]),
  };
}

/** The tables of an entity's sets and of its parents. */
function sideContents(entity: EntityModel, rows: readonly WorldRow[]): readonly Contents[] {
  const sets = entity.fields.flatMap(({ name, storage }): Contents[] => {
    if (storage?.kind !== "table") return [];
    return [
      {
        table: storage.table,
        columns: ["tenant_id", storage.owner, storage.value],
        rows: rows.flatMap((row) =>
          ((valueAmong(row.attributes, name) ?? []) as readonly string[]).map((value) => [
            row.tenant,
            row.id,
            value,
          ]),
        ),
      },
    ];
  });
  const parents = entity.parents.flatMap(({ via }, at): Contents[] => {
    if (via.kind !== "table") return [];
    return [
      {
        table: via.table,
        columns: ["tenant_id", via.child, via.parent],
        rows: rows.flatMap((row) =>
          row.parents.filter((link) => link.at === at).map((link) => [row.tenant, row.id, link.id]),
        ),
      },
    ];
  });
  return [...sets, ...parents];
}

/** A value as the driver takes it: big whole numbers as text, as decimals and instants are. */
function stored(value: WireValue | undefined): unknown {
  if (value === undefined) return null;
  return typeof value === "number" ? String(value === 0 ? 0 : value) : value;
}

/** The fields of an entity that a view shows, by column. */
export function shownFields(
  program: Program,
  entity: string,
): readonly { readonly field: string; readonly column: string }[] {
  return entityNamed(program.model, entity).fields.flatMap(({ name, storage }) =>
    storage?.kind === "column" ? [{ field: name, column: storage.column }] : [],
  );
}
