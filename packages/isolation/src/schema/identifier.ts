/**
 * How names and constants are written into generated DDL. Nothing else may build an identifier or a literal, and no
 * value of a row is ever written as text.
 */
import { createHash } from "node:crypto";

/** Postgres cuts longer names without an error, which would let two names become one (bytes). */
const nameLimit = 63;

/** A quoted identifier. Throws on an empty name, on one that Postgres would cut, on U+0000 and on `$`, which quotes blocks. */
export function quoteName(name: string): string {
  const bytes = Buffer.byteLength(name, "utf8");
  if (bytes === 0 || bytes > nameLimit || /[\0$]/.test(name) || !name.isWellFormed()) {
    throw new Error(`a name in the database has 1 to ${nameLimit} bytes and no $: ${JSON.stringify(name)}`);
  }
  return `"${name.replaceAll('"', '""')}"`;
}

/** `"schema"."name"`. */
export function qualify(schema: string, name: string): string {
  return `${quoteName(schema)}.${quoteName(name)}`;
}

/** A quoted text constant; relies on `standard_conforming_strings`, which every session pins to on. */
export function quoteText(text: string): string {
  if (text.includes("\0") || !text.isWellFormed())
    throw new Error("a text constant is well formed and without U+0000");
  return text.includes("\\")
    ? `E'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`
    : `'${text.replaceAll("'", "''")}'`;
}

/**
 * A name for an index or a constraint: readable, within the limit, and different for different parts, which plain
 * joining is not (`a_b` + `c`, `a` + `b_c`).
 */
export function derivedName(...parts: readonly string[]): string {
  const digest = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 10);
  const readable = parts.join("_").replaceAll(/[^A-Za-z0-9_]/g, "");
  return `${readable.slice(0, nameLimit - digest.length - 1)}_${digest}`;
}

/** A schema that generated tables may live in. Throws on the system's and on ours. */
export function checkSchemaName(schema: string): void {
  quoteName(schema);
  if (
    schema === controlSchema ||
    schema === catalogueSchema ||
    schema === "information_schema" ||
    schema.startsWith("pg_")
  ) {
    throw new Error(`tables can't live in the schema ${schema}`);
  }
}

/** Holds what authenticates a context, and the audit chain; never a tenant's table. */
export const controlSchema = "wardline";

/** Holds the catalogue of tenants' places, in the database that is the catalogue. */
export const catalogueSchema = "wardline_catalogue";

/** The role that every guarded transaction takes on. */
export const applicationRole = "wardline_app";

/** Owns the control schema and what authenticates a context; nobody logs in as it. */
export const ownerRole = "wardline_owner";

/** The role of whoever makes checkpoints of the audit chains: it reads those, and nothing else. A login is made a member of it. */
export const auditorRole = "wardline_auditor";

/** The role that conditions of row-level security look into other tables with. */
export const factsRole = "wardline_facts";
