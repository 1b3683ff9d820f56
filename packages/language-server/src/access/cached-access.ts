/**
 * Who can do what by a program, column by column, each computed once. An edit that changes no rule, such as of a comment, computes nothing
 * anew: programs are known by what they decide and not by where their rules stand.
 */
import type { Program } from "@wardline/core";
import { whoCan, type Access } from "@wardline/core/search";

/** The seed of `wardline who-can`: both give the same answers and the same witnesses. */
const seed = 1;

/** How many programs are remembered: those of one sitting, before and after some edits. */
const most = 8;

type Columns = Map<string, readonly Access[]>;
const keys = new WeakMap<Program, Columns>();
const byMeaning = new Map<string, Columns>();

/** For each principal type, with no role and with each role that the rules tell apart. */
export function cachedAccess(program: Program, action: string, resource: string): readonly Access[] {
  const columns = columnsOf(program);
  const key = `${action} ${resource}`;
  const known = columns.get(key);
  if (known !== undefined) return known;
  const made = whoCan(program, action, resource, { seed });
  columns.set(key, made);
  return made;
}

function columnsOf(program: Program): Columns {
  const known = keys.get(program);
  if (known !== undefined) return known;
  const key = meaningOf(program);
  const columns: Columns = byMeaning.get(key) ?? new Map<string, readonly Access[]>();
  byMeaning.delete(key);
  byMeaning.set(key, columns);
  for (const oldest of byMeaning.keys()) {
    if (byMeaning.size <= most) break;
    byMeaning.delete(oldest);
  }
  keys.set(program, columns);
  return columns;
}

/** All that answers depend on; equal programs have equal texts. */
function meaningOf(program: Program): string {
  const rules = program.rules.map(({ id, kind, layer }) => [id, kind, layer]);
  return JSON.stringify({ ...program, rules });
}
