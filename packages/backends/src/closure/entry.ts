/** A rule in one pass of a table, with what follows from it. */
import type { Decision, GrantEntry, LimitUse, Obligation, Program, RequireEntry } from "@wardline/core";
import type { Codes } from "./field-effects.ts";
import type { State, Test } from "./state.ts";

export interface ClosedPrecondition {
  readonly met: Test;
  readonly obligation: Obligation;
}

export interface ClosedEntry {
  /** Unlike that of any other entry of the engine. */
  readonly serial: number;
  /** Its place in the program, and its name. */
  readonly rule: number;
  readonly id: string;
  readonly isPlatform: boolean;
  readonly masks: Codes;
  readonly preconditions: readonly ClosedPrecondition[];
  readonly limit: LimitUse | null;
  readonly duties: readonly Obligation[];
  /** What follows from it depends on nothing but that it was found. */
  readonly isPlain: boolean;
  /** What it comes to if nothing else is found; null before that was asked, and where it is not plain. */
  alone: Decision | null;
}

/** What entries of a table share. */
export interface Closing {
  readonly program: Program;
  readonly testOf: (condition: number) => Test;
  readonly codesOf: (entry: GrantEntry | RequireEntry) => Codes;
  readonly nextSerial: () => number;
}

export function closeEntry(
  entry: Pick<GrantEntry, "rule"> & Partial<GrantEntry & RequireEntry>,
  closing: Closing,
): ClosedEntry {
  const rule = closing.program.rules[entry.rule];
  if (rule === undefined) throw new RangeError(`no rule ${entry.rule}`);
  const preconditions =
    entry.preconditions === undefined || entry.preconditions.length === 0
      ? none
      : entry.preconditions.map(({ met, obligation }) => ({ met: closing.testOf(met), obligation }));
  const limit = entry.limit ?? null;
  const duties = entry.duties ?? none;
  const masks = entry.effects === undefined ? none : closing.codesOf(entry as GrantEntry);
  const isPlain = limit === null && preconditions.length === 0;
  return {
    serial: closing.nextSerial(),
    rule: entry.rule,
    id: rule.id,
    isPlatform: rule.layer === "platform",
    masks,
    preconditions,
    limit,
    duties,
    isPlain,
    alone: null,
  };
}

const none: readonly never[] = Object.freeze([]);

/** The entry's limit is exhausted. */
export function isSpent({ limit }: ClosedEntry, state: State): boolean {
  return limit !== null && state.facts[limit.left] === 0;
}

/** All of the entry's preconditions are met. */
export function isMet({ preconditions }: ClosedEntry, state: State): boolean {
  for (const { met } of preconditions) if (!met(state)) return false;
  return true;
}

/** It is plain, and nothing follows from it but a permit. */
export function isBare({ isPlain, duties, masks }: ClosedEntry): boolean {
  return isPlain && duties.length === 0 && masks.length === 0;
}
