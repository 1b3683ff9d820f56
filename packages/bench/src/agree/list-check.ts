/**
 * Holds a guarded view to the oracle, row by row: the rows that come are those that are permitted, and each cell is what
 * the decision's masks leave of it.
 */
import { compileViews, type SqlViews } from "@wardline/backends";
import {
  applyMask,
  blindIndexOf,
  cellMask,
  evaluate,
  maskValue,
  parseSealedCell,
  type Decision,
  type FieldModel,
  type Mask,
  type Program,
  type WireValue,
} from "@wardline/core";
import { entityNamed, isWithin, valueAmong, type GeneratedList, type WorldRow } from "@wardline/core/testing";
import { indexBytes, sealedBytes, shownFields, type WorldDatabase } from "./world-database.ts";

/** How views are made; a fault is planted by wrapping it. */
export type ViewMaker = (program: Program) => SqlViews;
export const allViews: ViewMaker = compileViews;

/** What differs in one row of a list. */
export interface RowMismatch {
  readonly request: unknown;
  readonly expected: string;
  readonly found: string;
}

type Cells = Readonly<Record<string, string | null>>;

/** Hostile on purpose: nothing about a marker may matter but that it is not empty. */
const marker = "m'\\%:\u{1F512}";

/** Runs a list and gives the rows whose answers differ. */
export async function checkList(
  program: Program,
  views: SqlViews,
  database: WorldDatabase,
  list: GeneratedList,
): Promise<readonly RowMismatch[]> {
  const found = await readList(views, database, list);
  if (typeof found === "string") return [{ request: list.known, expected: "rows, or none", found }];
  const sealed = new Set(program.sealed.find((s) => s.entity === list.entity)?.fields ?? []);
  const mismatches: RowMismatch[] = [];
  const seen = new Set<string | null | undefined>();
  for (const { row, request } of list.rows) {
    const decision = evaluate(program, request);
    // The other tenant's rows must not come at all; one of them may have the key of a row that may.
    if (!isWithin(row, list.known.tenant.id)) {
      if (decision.outcome === "permit")
        mismatches.push({ request, expected: "out of scope", found: "permit" });
      continue;
    }
    seen.add(row.id);
    const expected = decision.outcome === "permit" ? [expectedCells(program, sealed, row, decision)] : [];
    const came = found.filter((cells) => cells["id"] === row.id);
    const want = textOf(expected);
    const got = textOf(came.map((cells) => opened(program, list.entity, sealed, cells)));
    if (want !== got) mismatches.push({ request, expected: `${decision.outcome} ${want}`, found: got });
  }
  for (const cells of found.filter((cells) => !seen.has(cells["id"])))
    mismatches.push({ request: list.known, expected: "no such row", found: textOf([cells]) });
  return mismatches;
}

async function readList(
  views: SqlViews,
  database: WorldDatabase,
  list: GeneratedList,
): Promise<readonly Cells[] | string> {
  try {
    const view = views.bind(list.entity, list.action, list.known, {
      schema: database.schema,
      sealMarker: marker,
    });
    const rows = await database.read(view);
    if (view.residual === "never" && rows.length > 0) return `never, and ${rows.length} rows came`;
    return rows;
  } catch (error) {
    return `threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
  }
}

function textOf(rows: readonly Cells[]): string {
  return JSON.stringify(rows.map((row) => Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1))));
}

function expectedCells(
  program: Program,
  sealed: ReadonlySet<string>,
  row: WorldRow,
  decision: Decision,
): Cells {
  const entity = entityNamed(program.model, row.entity);
  const cells: Record<string, string | null> = { id: row.id };
  for (const [at, { via }] of entity.parents.entries())
    if (via.kind === "column") cells[via.column] = row.parents.find((link) => link.at === at)?.id ?? null;
  for (const field of entity.fields) {
    if (field.storage?.kind !== "column") continue;
    const value = valueAmong(row.attributes, field.name);
    const mask = maskOf(decision, field.name);
    cells[field.storage.column] =
      value === undefined || mask.kind === "hide"
        ? null
        : sealed.has(field.name)
          ? sealedText(mask, row, field, String(value))
          : mask.kind === "token" || mask.kind === "hash"
            ? markedText("plain", mask, row, field, hex(new TextEncoder().encode(String(value))))
            : plain(mask, value, field);
    const index = blindIndexOf(program, row.entity, field);
    // What is not shown whole cannot be searched.
    if (index !== null)
      cells[index] =
        value === undefined || mask.kind !== "show" ? null : `\\x${hex(indexBytes(String(value)))}`;
  }
  return cells;
}

function plain(mask: Mask, value: WireValue, field: FieldModel): string | null {
  if (field.type.kind === "set" || typeof value === "object") throw new RangeError(`${field.name} is a set`);
  const shown = maskValue(mask, value === 0 ? 0 : value, field.type);
  return shown === null ? null : String(shown === 0 ? 0 : shown);
}

function maskOf(decision: Decision, field: string): Mask {
  for (const obligation of decision.obligations) {
    if (obligation.type === "hide" && obligation.field === field) return { kind: "hide" };
    if (obligation.type === "mask" && obligation.field === field) return obligation.mask;
  }
  return { kind: "show" };
}

function sealedText(mask: Mask, row: WorldRow, field: FieldModel, value: string): string {
  return markedText("sealed", mask, row, field, hex(sealedBytes(value)));
}

function markedText(state: string, mask: Mask, row: WorldRow, field: FieldModel, bytes: string): string {
  return `${state} ${cellMask(mask)} ${row.entity}.${field.name} ${row.id} ${bytes}`;
}

function fromHex(text: string): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
    Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
  );
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The cells as the database printed them, in the form that {@link expectedCells} gives. */
function opened(program: Program, entity: string, sealed: ReadonlySet<string>, cells: Cells): Cells {
  const fields = new Map(shownFields(program, entity).map(({ field, column }) => [column, field]));
  return Object.fromEntries(
    Object.entries(cells).map(([column, text]) => {
      const name = fields.get(column);
      const type = entityNamed(program.model, entity).fields.find((f) => f.name === name)?.type.kind;
      if (text === null || name === undefined || type === undefined) return [column, text];
      if (sealed.has(name) || text.startsWith(marker)) return [column, openedCell(text)];
      if (type === "instant") return [column, instantOf(text)];
      if (type === "time") return [column, timeOf(text)];
      return [column, type === "ip" ? text.replace(/\/(?:32|128)$/, "") : text];
    }),
  );
}

function openedCell(text: string): string {
  const cell = parseSealedCell(marker, text);
  if (cell === undefined) return `not a sealed cell: ${text}`;
  // Beside rows whose mask needs a key the process masks those of milder ones too.
  if (cell.state === "plain" && cell.mask.kind !== "token" && cell.mask.kind !== "hash")
    return applyMask(cell.mask, fromHex(cell.bytes)) ?? "hidden";
  return `${cell.state} ${cellMask(cell.mask)} ${cell.entity}.${cell.field} ${cell.row} ${cell.bytes}`;
}

/** An instant as Postgres prints it in UTC, in wire form. */
function instantOf(text: string): string {
  const parts = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\+00$/.exec(text);
  return parts === null ? text : `${parts[1]}T${parts[2]}.${(parts[3] ?? "").padEnd(6, "0")}Z`;
}

/** A time of day as Postgres prints it, in wire form. */
function timeOf(text: string): string {
  const parts = /^(\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?$/.exec(text);
  return parts === null ? text : `${parts[1]}.${(parts[2] ?? "").padEnd(6, "0")}`;
}
