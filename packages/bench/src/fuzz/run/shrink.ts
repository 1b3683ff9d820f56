/** Makes a counterexample smaller: parts are left out, and expressions replaced by parts of theirs, as long as it stays one. */
import type { Statement } from "../statement/language.ts";

/** Asks again; true if the statement still tells. */
export type Tells = (statement: Statement) => Promise<boolean>;

export async function shrink(start: Statement, tells: Tells, most = 400): Promise<Statement> {
  let best = start;
  let tries = 0;
  for (let again = true; again && tries < most;) {
    again = false;
    for (const smaller of smallerOnes(best)) {
      if (tries >= most) break;
      tries += 1;
      if (!(await tells(smaller as Statement))) continue;
      best = smaller as Statement;
      again = true;
      break;
    }
  }
  return best;
}

/** What a key may be instead; whether that is a statement is found out by asking it. */
const nothing: Readonly<Record<string, unknown>> = {
  where: null,
  having: null,
  limit: null,
  offset: null,
  filter: null,
  over: null,
  returning: null,
  otherwise: null,
  conflict: null,
  columns: null,
  materialized: null,
  nulls: null,
  descending: null,
  distinct: "no",
  foreign: false,
  on: null,
};

type Plain = Readonly<Record<string, unknown>>;

function* smallerOnes(value: unknown): Generator {
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at += 1) yield value.toSpliced(at, 1);
    for (const [at, item] of value.entries())
      for (const smaller of smallerOnes(item)) yield value.with(at, smaller);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  const node = value as Plain;
  if (node["kind"] === "transaction") yield* node["statements"] as readonly unknown[];
  if (typeof node["e"] === "string") yield* partsOf(node);
  if (node["kind"] === "select")
    for (const { body } of node["with"] as readonly { readonly body: unknown }[]) yield body;
  for (const [key, child] of Object.entries(node)) {
    if (key in nothing && child !== nothing[key] && (key !== "columns" || node["kind"] === undefined))
      yield { ...node, [key]: nothing[key] };
    for (const smaller of smallerOnes(child)) yield { ...node, [key]: smaller };
  }
}

/** The expressions that stand right inside an expression. */
function* partsOf(node: Plain): Generator {
  for (const child of Object.values(node).flat())
    if (typeof child === "object" && child !== null && typeof (child as Plain)["e"] === "string") yield child;
}
