/**
 * Why a decision is what it is: for each rule of the table whether it applies, with the values of its atoms and the words
 * that ask them. Written once, over the IR; another engine gives only the values of atoms.
 */
import type { Decision } from "../decision/decision.ts";
import { atomHolds } from "../evaluate/atom.ts";
import { conditionsBy } from "../evaluate/condition.ts";
import { decideTable } from "../evaluate/evaluate.ts";
import type { Fact } from "../evaluate/facts.ts";
import { inputProblems } from "../evaluate/input-problem.ts";
import { openRequest } from "../evaluate/open-request.ts";
import type { Atom } from "../ir/atom.ts";
import type { Program, Table } from "../ir/program.ts";
import { explainPass } from "./explain-pass.ts";
import type { Explanation, Reason } from "./explanation.ts";
import { reasonsOf } from "./reasons.ts";
import type { SourceMap } from "./source-map.ts";

/** What an engine knows of one request that is proper and in scope. */
export interface Given {
  /** The value of an atom of the table, by id. */
  readonly atom: (atom: number) => boolean;
  /** The fact in a slot of the table; undefined where it is absent. */
  readonly fact: (slot: number) => Fact;
  /** The principal belongs to the tenant. */
  readonly home: boolean;
}

/** Explains the decision on any JSON value as a request. The decision is that of `evaluate`. */
export function explain(program: Program, sourceMap: SourceMap | null, request: unknown): Explanation {
  const opened = openRequest(program, request);
  if (!("refused" in opened)) {
    const { table, facts, home } = opened;
    return explainFrom(program, sourceMap, table, {
      atom: (atom) => atomHolds(program, program.atoms[atom] as Atom, facts),
      fact: (slot) => facts.get(slot),
      home,
    });
  }
  const decision: Decision = { outcome: "deny", rules: [], obligations: [], reason: opened.refused };
  const refused = (reason: Reason): Explanation => ({ decision, reasons: [reason], home: null, passes: [] });
  if (opened.refused === "invalid_input")
    return refused({ kind: "invalid_input", problems: inputProblems(program, request) });
  return refused(opened.row === null ? { kind: "other_tenant" } : { kind: "foreign_row", row: opened.row });
}

/** Explains what the rules of a table make of the values of its atoms. */
export function explainFrom(
  program: Program,
  sourceMap: SourceMap | null,
  table: Table,
  given: Given,
): Explanation {
  const known = new Map<number, boolean>();
  const atom = (id: number): boolean => {
    const value = known.get(id) ?? given.atom(id);
    known.set(id, value);
    return value;
  };
  const { fact, home } = given;
  const condition = conditionsBy(program, atom);
  const values = { atom, condition, fact };
  const passes = table.passes.map((pass) => explainPass(program, sourceMap, pass, values, home));
  const decision = decideTable(program, table, { holds: condition, fact, home });
  return {
    decision,
    reasons: reasonsOf(program, decision, passes, home),
    home,
    passes: passes.map((pass) => pass.explained),
  };
}
