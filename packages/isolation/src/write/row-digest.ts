/**
 * A digest of a stored row, sealed cells and all, so that a write which waits for a challenge is carried out on the row that it was
 * challenged for and on no other. It is read where the rows are locked.
 */
import { createHash } from "node:crypto";
import { findTable, storedColumns, type Program } from "@wardline/core";
import { known, type Asking } from "../gate/asking.ts";
import type { StoredEntity } from "../gate/catalogue.ts";
import { exactText, textCell } from "../gate/run.ts";
import { columnText, keyArray } from "../gate/wire-column.ts";
import { joined, named, sql, type Sql } from "../scope/text.ts";
import { baseTable, ofThisTenant, type WriteFrame } from "./frame.ts";

/** Whether some rule asks for something before it permits the action. */
export function mayChallenge(program: Program, principal: string, action: string, entity: string): boolean {
  const table = findTable(program, principal, action, entity);
  return (table?.passes ?? []).some(({ grants, requires }) =>
    [...grants, ...requires].some(({ preconditions = [] }) => preconditions.length > 0),
  );
}

/** By id, where a challenge of the action is possible at all; else nothing is asked. */
export function digestsIfChallenged(
  frame: WriteFrame,
  entity: StoredEntity,
  action: string,
  ids: readonly string[],
): Asking<ReadonlyMap<string, string>> {
  const { program } = frame.source;
  return mayChallenge(program, frame.facts.principal.type, action, entity.name)
    ? rowDigests(frame, entity, ids)
    : known(new Map());
}

export function rowDigests(
  frame: WriteFrame,
  entity: StoredEntity,
  ids: readonly string[],
): Asking<ReadonlyMap<string, string>> {
  if (ids.length === 0) return known(new Map());
  const { key, table } = entity.storage;
  const sealed = new Set(
    frame.source.program.sealed.filter((one) => one.entity === entity.name).flatMap(({ fields }) => fields),
  );
  const columns = storedColumns(entity).flatMap(({ name, type, storage }) =>
    storage?.kind === "column" && type.kind !== "set" ? [{ name, type, column: storage.column }] : [],
  );
  const texts = columns.map(({ name, type, column }, at): Sql => {
    const cell = named("t", column);
    const text = sealed.has(name) ? sql`pg_catalog.encode(${cell}, 'hex')` : columnText(type, cell);
    return sql`${exactText(text)} as ${named(`f${at}`)}`;
  });
  return {
    statements: [
      sql`select ${joined([sql`${exactText(named("t", key))} as id`, ...texts], ", ")} from ${baseTable(frame, entity)} as t
        where ${ofThisTenant(frame, entity)} and ${named("t", key)} = any(${keyArray(entity.keyType, ids)})`,
    ],
    read: ([answer]) =>
      new Map(
        (answer?.rows ?? []).map((row) => {
          const id = textCell(row, "id");
          const cells = columns.map(({ column }, at) => [column, row[`f${at}`] ?? null]);
          return [id, digestOf([table, id, cells])] as const;
        }),
      ),
  };
}

/** SHA-256 of values, in hex. */
export function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
