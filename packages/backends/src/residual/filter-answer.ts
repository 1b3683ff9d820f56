/**
 * What a module says of a list: which atoms hold, by three values. With the program, and with what was known, the residual
 * follows from it: docs/spec/residual.md.
 */
import type { KnownFacts, Program } from "@wardline/core";
import { denied } from "../closure/denied.ts";
import { preparedTable } from "./prepare-filters.ts";
import type { Residual } from "./residual.ts";
import { headOf, refusedResidual } from "./write-residual.ts";

export type FilterAnswer =
  | { readonly refused: "invalid_input" | "out_of_scope" }
  | {
      /** The index of the table in the program. */
      readonly table: number;
      /** The principal belongs to the tenant. */
      readonly home: boolean;
      /** A letter for each atom that the table asks, by id: `t` it holds, `f` it does not, `o` it is open. */
      readonly atoms: string;
      /** The rules whose limits are exhausted, by their index in the program. */
      readonly spent: readonly number[];
    };

/** The answer of a list: what a module of the program gives. Throws a RangeError for an action that updates. */
export function answerFilter(
  program: Program,
  action: string,
  type: string,
  known: KnownFacts,
): FilterAnswer {
  const table = preparedTable(program, action, type, known);
  return table === null ? { refused: "invalid_input" } : table.answer(known);
}

/**
 * The residual that follows from an answer on the same program and the same known facts. Throws a RangeError where the
 * answer does not fit them.
 */
export function residualFromAnswer(
  program: Program,
  action: string,
  type: string,
  known: KnownFacts,
  answer: FilterAnswer,
): Residual {
  const table = preparedTable(program, action, type, known);
  if (table !== null) return table.fromAnswer(known, answer).residual;
  if (!("refused" in answer)) throw new RangeError("an answer of a table that the program does not have");
  return refusedResidual(headOf({ action, resource: type }), denied.invalid_input);
}
