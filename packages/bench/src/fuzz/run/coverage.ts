/** What a long run must have tried: each kind of node that the guard carries, and each shape of a write. */
import { verdicts } from "@wardline/isolation";
import { allRaw, carriedShapes, hostileShapes } from "./raw-shapes.ts";
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
  const least = Math.min(20, Math.max(3, Math.floor(tally.statements / 5000)));
  const missing = (name: string, done: number): string[] => seldom(name, done, least, "ended well");
  return [
    ...wanted.flatMap((kind) => missing(kind, tally.kinds[kind]?.done ?? 0)),
    ...shapes.flatMap((shape) => missing(shape, tally.shapes[shape]?.done ?? 0)),
    ...rawUncovered(tally, least),
    ...(tally.done / tally.statements < 0.4 ? ["less than four in ten statements ended well"] : []),
    ...(tally.withRows / tally.statements < 0.15 ? ["less than one in seven statements gave rows"] : []),
  ];
}

/** Servers alone carry raw SQL: what was asked too seldom of it where one took part. */
function rawUncovered({ shapes: counted, settings }: Tally, least: number): readonly string[] {
  if (Object.keys(settings).every((name) => !name.endsWith("on postgres"))) return [];
  const { asked = 0, done = 0 } = counted[allRaw] ?? {};
  return [
    ...carriedShapes.flatMap((name) => seldom(name, counted[name]?.done ?? 0, least, "ended well")),
    ...hostileShapes.flatMap((name) => seldom(name, counted[name]?.asked ?? 0, least, "was asked")),
    ...(done / asked < 0.4 ? ["less than four in ten of what is raw SQL ended well"] : []),
  ];
}

function seldom(name: string, times: number, wanted: number, what: string): string[] {
  return times < wanted ? [`${name} ${what} ${times} times, and should ${wanted} times`] : [];
}
