/**
 * References that a write assigns. A row that the principal may not read cannot be referred to, and is told apart from
 * one that does not exist by nothing.
 */
import { entityNamed, isStored } from "../gate/catalogue.ts";
import { exactText, run } from "../gate/run.ts";
import { keyArray } from "../gate/wire-column.ts";
import { named, sql } from "../scope/text.ts";
import type { WriteFrame } from "./frame.ts";
import type { Assignment } from "./given.ts";

/** True if every row that is referred to can be read. Principals that live outside the database have no row. */
export async function referencesReadable(
  frame: WriteFrame,
  assignments: readonly Assignment[],
): Promise<boolean> {
  const wanted = new Map<string, Set<string>>();
  for (const { field, value } of assignments) {
    if (field.type.kind !== "entity" || typeof value !== "string") continue;
    const ids = wanted.get(field.type.entity) ?? new Set<string>();
    wanted.set(field.type.entity, ids.add(value));
  }
  for (const [name, ids] of wanted) {
    const entity = entityNamed(frame.source.program.model, name);
    if (!isStored(entity)) continue;
    const alias = frame.rewriting.alias();
    const key = named(alias, entity.storage.key);
    const { rows } = await run(
      frame.session,
      sql`select ${exactText(key)} as id from (${frame.rewriting.source(entity.storage.table, "read").text}) as ${named(alias)}
        where ${key} = any(${keyArray(entity.keyType, [...ids])})`,
    );
    if (rows.length !== ids.size) return false;
  }
  return true;
}
