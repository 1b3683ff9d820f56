/** A generated case with the questions that are asked of it, and what the oracle answers. */
import { evaluate, type Program } from "@wardline/core";
import { generateLists, generateRequests, type Case, type GeneratedList } from "@wardline/core/testing";
import { canonical } from "../agree/answer.ts";
import { compileCase } from "../agree/compile-case.ts";
import { agreementCase } from "../agree/run.ts";

export interface AskedCase {
  readonly made: Case;
  readonly program: Program;
  readonly requests: readonly unknown[];
  /** What the oracle answers to each request. */
  readonly answers: readonly string[];
  readonly lists: readonly GeneratedList[];
}

/** Undefined where the case is larger than the language allows. */
export function askedCase(seed: number): AskedCase | undefined {
  const made = agreementCase(seed);
  const { program } = compileCase(made);
  if (program === null) return undefined;
  const lists = generateLists(made, program, 4);
  const requests = [
    ...generateRequests(made, program, 24).map(({ request }) => request),
    ...lists.flatMap(({ rows }) => rows.map(({ request }) => request)),
  ];
  const answers = requests.map((request) => canonical(evaluate(program, request)));
  return { made, program, requests, answers, lists };
}
