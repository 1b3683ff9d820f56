/**
 * Whether conditions can hold together, judged by what each asks of one fact alone. Says no only where that is certain:
 * what it does not look into could hold.
 */
import { ordinalOf, type ScalarType, type WireScalar } from "@wardline/core";
import type { Formula, Question, Term } from "../check/formula.ts";

type FactTerm = Extract<Term, { kind: "fact" }>;

/** What is asked of one fact. */
interface Asked {
  readonly type: ScalarType;
  /** Something is asked that an absent fact never meets. */
  present: boolean;
  absent: boolean;
  /** The values that it may have; null for any. */
  allowed: Set<WireScalar> | null;
  readonly excluded: Set<WireScalar>;
  low: bigint | null;
  high: bigint | null;
}

/** More parts are not looked at. */
const mostParts = 200;

/** False if the formulas never hold together. */
export function satisfiable(formulas: readonly Formula[]): boolean {
  const facts = new Map<string, Asked>();
  const questions = new Map<string, boolean>();
  let left = mostParts;
  const pending = formulas.map((formula) => ({ formula, met: true }));
  for (let part = pending.pop(); part !== undefined && left > 0; part = pending.pop()) {
    const { formula, met } = part;
    left -= 1;
    if (formula.kind === "not") pending.push({ formula: formula.of, met: !met });
    else if (formula.kind === (met ? "and" : "or"))
      for (const one of formula.of) pending.push({ formula: one, met });
    else if (formula.kind === "ask") {
      const key = JSON.stringify(formula.question);
      if (questions.get(key) === !met) return false;
      questions.set(key, met);
      note(facts, formula.question, met);
    }
  }
  return [...facts.values()].every(possible);
}

function note(facts: Map<string, Asked>, question: Question, met: boolean): void {
  const asked = askedOf(facts, question);
  if (asked === null) return;
  if (question.kind === "has") {
    if (met) asked.present = true;
    else asked.absent = true;
    return;
  }
  if (met) asked.present = true;
  if (question.kind === "truth") restrict(asked, [true], met);
  else if (question.kind === "one_of") restrict(asked, question.values, met);
  else if (question.kind === "compare" && question.right.kind === "constant") {
    const { value } = question.right;
    if (question.op === "eq") restrict(asked, [value], met);
    else bound(asked, met ? question.op : opposite[question.op], ordinalOf(value, asked.type));
  }
}

const opposite = { lt: "ge", le: "gt", gt: "le", ge: "lt" } as const;

/** The record of the fact that a question asks about, or null where it is not one fact against constants. */
function askedOf(facts: Map<string, Asked>, question: Question): Asked | null {
  const term = termOf(question);
  if (term === null || term.fact.type.kind === "set") return null;
  const key = JSON.stringify([term.fact.source, term.fallback]);
  const known = facts.get(key);
  if (known !== undefined) return known;
  const asked: Asked = {
    type: term.fact.type,
    // What stands behind a reference is absent where that is.
    present: (!term.fact.optional && term.fact.source.from !== "reference") || term.fallback !== null,
    absent: false,
    allowed: domainOf(term.fact.type),
    excluded: new Set(),
    low: null,
    high: null,
  };
  facts.set(key, asked);
  return asked;
}

function termOf(question: Question): FactTerm | null {
  if (question.kind === "has") return { kind: "fact", fact: question.fact, fallback: null };
  if (question.kind === "truth" || question.kind === "one_of")
    return question.of.kind === "fact" ? question.of : null;
  if (question.kind !== "compare" || question.right.kind !== "constant") return null;
  return question.left.kind === "fact" ? question.left : null;
}

/** All values of a type that has few. */
function domainOf(type: ScalarType): Set<WireScalar> | null {
  if (type.kind === "bool") return new Set([true, false]);
  return type.kind === "enum" ? new Set(type.values) : null;
}

function restrict(asked: Asked, values: readonly WireScalar[], met: boolean): void {
  if (!met) for (const value of values) asked.excluded.add(value);
  else if (asked.allowed === null) asked.allowed = new Set(values);
  else asked.allowed = new Set(values.filter((value) => asked.allowed?.has(value) === true));
}

function bound(asked: Asked, op: "lt" | "le" | "gt" | "ge", units: bigint | undefined): void {
  if (units === undefined) return;
  if (op === "lt" || op === "le") {
    const high = op === "lt" ? units - 1n : units;
    if (asked.high === null || high < asked.high) asked.high = high;
  } else {
    const low = op === "gt" ? units + 1n : units;
    if (asked.low === null || low > asked.low) asked.low = low;
  }
}

function possible({ type, present, absent, allowed, excluded, low, high }: Asked): boolean {
  // Absent, it meets all that is negated.
  if (!present) return true;
  if (absent || (low !== null && high !== null && low > high)) return false;
  if (allowed === null) return low === null || low !== high || !isExcluded(type, excluded, low);
  return [...allowed].some((value) => {
    const units = ordinalOf(value, type);
    const within =
      units === undefined || ((low === null || units >= low) && (high === null || units <= high));
    return within && !excluded.has(value);
  });
}

function isExcluded(type: ScalarType, excluded: ReadonlySet<WireScalar>, only: bigint): boolean {
  return [...excluded].some((value) => ordinalOf(value, type) === only);
}
