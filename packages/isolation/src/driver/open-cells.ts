/**
 * Opens the sealed cells of a result and shows them as their masks allow. A cell that looks sealed anywhere else, or
 * a sealed column that holds anything else, throws: nothing is passed on as it is.
 */
import { applyMask, bearsMarker, type Mask, parseSealedCell } from "@wardline/core";
import type { SealedField, SealedPlace, Sealer } from "../contracts.ts";
import { IsolationViolation, SealBroken, UnsupportedQuery } from "../errors.ts";
import { isSealedValue, revealed, Sealed } from "../seal/sealed.ts";
import { soughtTexts } from "../scope/sought.ts";
import { notePlace } from "./broken-cell.ts";
import type { CellField, Column } from "../scope/relation.ts";

export function openCells(
  rows: readonly Record<string, unknown>[],
  columns: readonly Column[],
  marker: string,
  sealer: Sealer,
): Record<string, unknown>[] {
  const sealed = new Map<string, CellField>();
  for (const column of columns) if (column.sealed !== null) sealed.set(column.name, column.sealed);
  const held = new Map<string, ReadonlySet<string>>();
  for (const { name, holds } of columns) if (holds !== undefined) held.set(name, new Set(soughtTexts(holds)));
  for (const name of sealed.keys())
    if (columns.filter((column) => column.name === name).length > 1)
      throw new UnsupportedQuery("query/duplicate-name", `two columns of the result are called ${name}`);
  return rows.map((row) => {
    if (sealed.size === 0 && Object.getPrototypeOf(row) === null) {
      for (const name of Object.keys(row)) unsealedCell(row[name], marker);
      return row;
    }
    // A row has its own names only: a column that is not there is not found in what every object inherits.
    const opened = Object.create(null) as Record<string, unknown>;
    for (const name of Object.keys(row)) {
      const cell = row[name];
      const field = sealed.get(name);
      const wanted = held.get(name);
      if (wanted !== undefined) {
        refuseOther(openCell(cell, field as CellField, marker, sealer), wanted);
        continue;
      }
      opened[name] = field === undefined ? unsealedCell(cell, marker) : openCell(cell, field, marker, sealer);
    }
    return opened;
  });
}

/** A blind index that led to the row was not made of what its cell holds. */
function refuseOther(cell: Sealed | string | null, wanted: ReadonlySet<string>): void {
  if (!isSealedValue(cell) || !wanted.has(revealed(cell))) throw new SealBroken("not_authentic");
}

function unsealedCell(cell: unknown, marker: string): unknown {
  // Only sealed columns hold bytes, and those leave a view as text: ciphertext is not passed on.
  if (ArrayBuffer.isView(cell)) throw misplaced();
  if (holdsMarker(cell, marker)) throw misplaced();
  return cell;
}

/** In a text, an array, or a document that the database or its driver made of columns. */
function holdsMarker(value: unknown, marker: string): boolean {
  if (typeof value === "string") return bearsMarker(marker, value);
  if (Array.isArray(value)) return value.some((item) => holdsMarker(item, marker));
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, item]) => bearsMarker(marker, key) || holdsMarker(item, marker));
}

function openCell(
  cell: unknown,
  { entity, field, state, table, column }: CellField,
  marker: string,
  sealer: Sealer,
): Sealed | string | null {
  if (cell === null) return null;
  const parts = typeof cell === "string" ? parseSealedCell(marker, cell) : undefined;
  if (parts === undefined || parts.entity !== entity || parts.field !== field || parts.state !== state)
    throw misplaced();
  const text =
    state === "sealed" ? openAt({ table, column, row: parts.row }, parts.bytes, sealer) : decode(parts.bytes);
  // What is shown whole is given as a `Sealed`, which nothing prints, unless the field is not sealed in the database either.
  if (parts.mask.kind === "show" && state === "sealed") return new Sealed(text);
  return masked(parts.mask, { table, column }, text, sealer);
}

function openAt(place: SealedPlace, bytes: string, sealer: Sealer): string {
  try {
    return sealer.open(place, bytes);
  } catch (error) {
    throw error instanceof SealBroken ? notePlace(error, place) : error;
  }
}

function masked(mask: Mask, field: SealedField, text: string, sealer: Sealer): string | null {
  return mask.kind === "token" || mask.kind === "hash"
    ? sealer.mask(mask.kind, field, text)
    : applyMask(mask, text);
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode(hex: string): string {
  return utf8.decode(Buffer.from(hex, "hex"));
}

function misplaced(): IsolationViolation {
  return new IsolationViolation("seal/misplaced-cell", "a sealed cell is not where it belongs");
}
