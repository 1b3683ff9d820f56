/** The file that says where the catalogue and the cells of tenants are. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError } from "../exit-code.ts";
import type { Io } from "../io.ts";

export interface PlacesFile {
  /** `postgres://…`, the folder of an embedded database, or `env:NAME` for what an environment variable holds. */
  readonly catalogue: string;
  readonly cells: ReadonlyMap<string, { readonly region: string; readonly at: string }>;
  /** Who is named in receipts. */
  readonly operator: string;
  /** The file of the key that signs contexts, to be installed where it is not; null for embedded databases alone. */
  readonly contextKey: string | null;
  /** What says which provider keeps the wrapping keys of tenants, as `--keys` does. */
  readonly keys: string | null;
  /** The file with the tenants that were shredded. */
  readonly ledger: string | null;
}

/** Throws {@link UsageError} with the key that is wrong. */
export function readPlacesFile(io: Io, name: string): PlacesFile {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(resolve(io.cwd, name), "utf8"));
  } catch (error) {
    throw new UsageError(`--places: ${name} cannot be read: ${(error as Error).message}`);
  }
  const file = record(name, "the file", value, [
    "catalogue",
    "cells",
    "operator",
    "contextKey",
    "keys",
    "ledger",
  ]);
  const cells = Object.entries(record(name, "`cells`", file["cells"], null)).map(([cell, given]) => {
    const { region, at } = record(name, `\`cells.${cell}\``, given, ["region", "at"]);
    return [
      cell,
      { region: text(name, `cells.${cell}.region`, region), at: text(name, `cells.${cell}.at`, at) },
    ] as const;
  });
  return {
    catalogue: text(name, "catalogue", file["catalogue"]),
    cells: new Map(cells),
    operator: text(name, "operator", file["operator"]),
    contextKey: Object.hasOwn(file, "contextKey") ? text(name, "contextKey", file["contextKey"]) : null,
    keys: Object.hasOwn(file, "keys") ? text(name, "keys", file["keys"]) : null,
    ledger: Object.hasOwn(file, "ledger") ? text(name, "ledger", file["ledger"]) : null,
  };
}

function record(
  name: string,
  what: string,
  value: unknown,
  keys: readonly string[] | null,
): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new UsageError(`${name}: ${what} must be an object`);
  for (const key of Object.keys(value))
    if (keys !== null && !keys.includes(key))
      throw new UsageError(`${name}: unknown key \`${key}\` in ${what}`, `known keys: ${keys.join(", ")}`);
  return value as Record<string, unknown>;
}

function text(name: string, key: string, value: unknown): string {
  if (typeof value !== "string" || value === "") throw new UsageError(`${name}: \`${key}\` must be a text`);
  return value;
}
