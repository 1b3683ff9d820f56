/** Texts with one history of undo and redo for all of them. Values: nothing here changes in place. */
import type { TextEdit } from "@wardline/core";
import {
  inverse,
  replaced,
  replacementsOf,
  withEndsOf,
  type Replacement,
  type Texts,
} from "./replacement.ts";
import { carriedBack, carriedOver } from "./carried-over.ts";
import { joinTyped } from "./typed.ts";

/** One entry of the history: what a person did in one go. */
export interface Entry {
  /** What was done, as a menu says it: "Change a condition". */
  readonly label: string;
  readonly steps: readonly Replacement[];
  /** True while characters that are typed next still belong to it. */
  readonly open: boolean;
  /** What else is done in this gesture still belongs to it; null where nothing may. */
  readonly gesture: object | null;
  /** By which its maker knows it again when it is undone or redone; null where nobody asks. */
  readonly mark: object | null;
}

export interface History {
  readonly texts: Texts;
  readonly done: readonly Entry[];
  /** The next to redo is the last. */
  readonly undone: readonly Entry[];
}

export interface Step {
  readonly label: string;
  /** All count on the texts as they are. */
  readonly edits: readonly TextEdit[];
  /** Characters typed one after another are one entry. */
  readonly typing?: boolean;
  /** Edits made one after another in the same gesture, such as a word that an input method composes, are one entry. */
  readonly gesture?: object | undefined;
  /** The texts are taken as they are; else lines end as those of their file do. */
  readonly exact?: boolean;
  /** By which its maker knows the entry again. */
  readonly mark?: object;
}

/** What moved from one history to the next: the steps to take on the texts, and the entry that they belong to. */
export interface Move {
  readonly history: History;
  readonly steps: readonly Replacement[];
  readonly entry: Entry;
}

/** More is forgotten, the oldest first. */
const longestHistory = 2000;

export function startHistory(files: Iterable<readonly [string, string]>): History {
  return { texts: new Map(files), done: [], undone: [] };
}

/** Null where the edits do not fit the texts, or change nothing. */
export function afterEdit(
  history: History,
  { label, edits, typing = false, gesture, exact = false, mark }: Step,
): Move | null {
  const steps = replacementsOf(history.texts, exact ? edits : withEndsOf(history.texts, edits));
  if (steps === null || steps.length === 0) return null;
  const last = history.done.at(-1);
  const typed = typing && last?.open === true ? joinTyped(last.steps, steps) : null;
  const goesOn = gesture !== undefined && last?.gesture === gesture;
  const joined = typed ?? (goesOn ? [...last.steps, ...steps] : null);
  const entry: Entry = {
    label: joined !== null && goesOn ? last.label : label,
    steps: joined ?? steps,
    // Steps that stand one after another are no longer places in one text, which typing goes on at.
    open: typing && (joined === null || typed !== null),
    gesture: gesture ?? null,
    mark: mark ?? null,
  };
  const earlier = joined === null ? history.done : history.done.slice(0, -1);
  return {
    history: {
      texts: replaced(history.texts, steps),
      done: [...earlier, entry].slice(-longestHistory),
      undone: [],
    },
    steps,
    entry,
  };
}

/**
 * As {@link afterEdit}, for what somebody else changed and a person takes: what was undone can still be redone, up to the first entry
 * that is about the same places.
 */
export function afterTaken(history: History, step: Step): Move | null {
  const move = afterEdit(history, step);
  if (move === null) return null;
  const undone = carriedOver(history.undone, move.steps);
  return { ...move, history: { ...move.history, undone } };
}

/**
 * As {@link afterTaken}, for what nobody here asked for: it is no entry, so that undo never takes back what somebody else did. What was
 * done here can still be undone, but for what is about the same places.
 */
export function afterReceived(history: History, step: Step): Move | null {
  const move = afterTaken(history, step);
  if (move === null) return null;
  return { ...move, history: { ...move.history, done: sealed(carriedBack(history.done, move.steps)) } };
}

export function afterUndo(history: History): Move | null {
  const entry = history.done.at(-1);
  if (entry === undefined) return null;
  const steps = inverse(entry.steps);
  return {
    history: {
      texts: replaced(history.texts, steps),
      done: sealed(history.done.slice(0, -1)),
      undone: [...history.undone, entry],
    },
    steps,
    entry,
  };
}

export function afterRedo(history: History): Move | null {
  const entry = history.undone.at(-1);
  if (entry === undefined) return null;
  return {
    history: {
      texts: replaced(history.texts, entry.steps),
      done: [...history.done, { ...entry, open: false, gesture: null }],
      undone: history.undone.slice(0, -1),
    },
    steps: entry.steps,
    entry,
  };
}

/** What is done from here on is an entry of its own. */
export function afterPause(history: History): History {
  return { ...history, done: sealed(history.done) };
}

export function withFile(history: History, file: string, text: string): History {
  return { ...history, texts: new Map([...history.texts, [file, text]]) };
}

/** What was done to this file alone is forgotten; of what was done to several, the others' part stays. */
export function withoutFile({ texts, done, undone }: History, file: string): History {
  const others = (entries: readonly Entry[]) =>
    entries
      .map((entry) => ({ ...entry, steps: entry.steps.filter((step) => step.file !== file) }))
      .filter(({ steps }) => steps.length > 0);
  const rest = new Map([...texts].filter(([name]) => name !== file));
  return { texts: rest, done: others(done), undone: others(undone) };
}

function sealed(entries: readonly Entry[]): readonly Entry[] {
  const last = entries.at(-1);
  if (last === undefined || (!last.open && last.gesture === null)) return entries;
  return [...entries.slice(0, -1), { ...last, open: false, gesture: null }];
}
