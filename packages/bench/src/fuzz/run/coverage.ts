/** What a long run must have tried: each kind of node that the guard carries, and each shape of a write. */
import { verdicts } from "@wardline/isolation";
import type { Tally } from "./tally.ts";

/** Kinds that are carried and that no builder of a statement in sight makes: a builder for them is a builder more here. */
const notMade: ReadonlySet<string> = new Set(["ListNode"]);

const shapes = [
  "select",
  "stream",
  "savepoints",
  "transaction to commit",
  "transaction to throw",
  "insert of a row",
  "insert of rows",
  "insert of a select",
  "insert returning",
  "on conflict do nothing",
  "on conflict do update",
  "update",
  "update from",
  "update to an expression",
  "update returning",
  "delete",
  "delete using",
  "delete returning",
];

/** Below so many statements a run is for one seed, and covers what it may. */
export const coveredFrom = 10_000;

/** What was asked too seldom, or never with success. */
export function uncovered(tally: Tally): readonly string[] {
  const wanted = Object.entries(verdicts).flatMap(([kind, verdict]) =>
    ["select", "insert", "update", "delete", "part"].includes(verdict) && !notMade.has(kind) ? [kind] : [],
  );
  const least = Math.max(3, Math.floor(tally.statements / 5000));
  const missing = (name: string, done: number): string[] =>
    done < least ? [`${name} ended well ${done} times, and should ${least} times`] : [];
  return [
    ...wanted.flatMap((kind) => missing(kind, tally.kinds[kind]?.done ?? 0)),
    ...shapes.flatMap((shape) => missing(shape, tally.shapes[shape]?.done ?? 0)),
    ...(tally.done / tally.statements < 0.4 ? ["less than four in ten statements ended well"] : []),
    ...(tally.withRows / tally.statements < 0.15 ? ["less than one in seven statements gave rows"] : []),
  ];
}
