/** Asserts over a program, and whether a request is a counterexample. Decisions are the oracle's alone. */
import type { Decision } from "../decision/decision.ts";
import { conditionHolds } from "../evaluate/condition.ts";
import { evaluate } from "../evaluate/evaluate.ts";
import { readFacts, valueAt, type Facts } from "../evaluate/facts.ts";
import { findTable, type Layer, type Program, type Rule } from "../ir/program.ts";
import type { Row } from "../ir/slot.ts";
import type { Span } from "../source/span.ts";

/** What an assert says of every request that it reaches, that meets its condition, and that it does not leave out. */
export type AssertClaim =
  /** It is neither permitted nor challenged. */
  | { readonly kind: "never_permit" }
  /** It is permitted; a challenge is not enough. Requests out of scope are nobody's to permit and are left out. */
  | { readonly kind: "always_permit" }
  /** Where it is permitted, the field is masked or hidden. */
  | { readonly kind: "never_show"; readonly field: string };

/** An assert in one table. Conditions are indices into the analysis program, one for each pass of the table, in its order. */
export interface AssertCase {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly passes: readonly { readonly row: Row; readonly when: number }[];
  /** The statements named after `except` that reach this table. */
  readonly except: readonly AssertException[];
}

export interface AssertException {
  /** Index into `Program.rules`. */
  readonly rule: number;
  /** When it matches, for each pass of the table. */
  readonly passes: readonly number[];
}

/** A checked assert. It binds nothing: it is kept beside a program, never in it. */
export interface LoweredAssert {
  /** As a rule's: `platform/x`, `north/x`. */
  readonly id: string;
  readonly layer: Layer;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Of the whole statement. */
  readonly span: Span;
  readonly claim: AssertClaim;
  readonly because: string | null;
  readonly doc: string | null;
  /** Tables that the assert does not reach, or where its condition never holds, are left out. */
  readonly cases: readonly AssertCase[];
}

/**
 * True if the request is a counterexample. False for what is no proper request of a table that the assert reaches.
 * `analysis` is the program that the assert was lowered with.
 */
export function assertViolated(analysis: Program, assert: LoweredAssert, request: unknown): boolean {
  const reached = caseOf(assert, request);
  if (reached === undefined) return false;
  const table = findTable(analysis, reached.principal, reached.action, reached.resource);
  const facts = table === undefined ? undefined : readFacts(analysis, table, request);
  if (facts === undefined || !isMeant(analysis, assert, reached, facts)) return false;
  return breaks(assert.claim, evaluate(analysis, request));
}

function caseOf(assert: LoweredAssert, request: unknown): AssertCase | undefined {
  const principal = valueAt(request, ["principal", "type"]);
  const action = valueAt(request, ["action", "name"]);
  const resource = valueAt(request, ["resource", "type"]);
  return assert.cases.find(
    (c) => c.principal === principal && c.action === action && c.resource === resource,
  );
}

/** A request of two rows breaks a `never` if either is meant, as a forbid binds; an `always` only if both are, as a permit does. */
function isMeant(analysis: Program, { claim }: LoweredAssert, reached: AssertCase, facts: Facts): boolean {
  const holds = (condition: number) => conditionHolds(analysis, condition, facts);
  const conditions = reached.passes.map((pass) => pass.when);
  const meant = claim.kind === "always_permit" ? conditions.every(holds) : conditions.some(holds);
  return meant && !reached.except.some((exception) => applies(analysis, exception, holds));
}

function applies(
  analysis: Program,
  { rule, passes }: AssertException,
  holds: (condition: number) => boolean,
): boolean {
  const { kind } = analysis.rules[rule] as Rule;
  switch (kind) {
    case "forbid":
    case "require":
      return passes.some(holds);
    case "permit":
    case "ceiling":
    case "floor":
    case "share":
      return passes.every(holds);
  }
}

function breaks(claim: AssertClaim, { outcome, reason, obligations }: Decision): boolean {
  switch (claim.kind) {
    case "never_permit":
      return outcome !== "deny";
    case "always_permit":
      return outcome !== "permit" && reason !== "out_of_scope";
    case "never_show":
      return (
        outcome === "permit" &&
        !obligations.some((o) => (o.type === "mask" || o.type === "hide") && o.field === claim.field)
      );
  }
}
