/**
 * Residuals of the whole language against the oracle: the decision on a row by the filter, and by its document after a
 * journey through JSON, is the decision on the request with that row.
 */
import {
  answerFilter,
  bindResidual,
  prepareFilters,
  residualFromAnswer,
  residualText,
  type FilterAnswer,
  type Filters,
  type Residual,
} from "@wardline/backends";
import { evaluate, valueAt, type KnownFacts, type Program } from "@wardline/core";
import { generateCase, generateLists, generateRequests } from "@wardline/core/testing";
import { Ajv2020 } from "ajv/dist/2020.js";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compileCase } from "../src/agree/compile-case.ts";

const schemas = ["decision", "residual"].map((name) => {
  const file = new URL(`../../../docs/spec/${name}.schema.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as object;
});
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true }).addSchema(schemas[0] as object);
const isResidual = ajv.compile(schemas[1] as object);

interface Seen {
  readonly counts: Map<string, number>;
  rows: number;
}

type Json = Readonly<Record<string, unknown>>;

/** What comes with the row of a request, whatever the request is. */
function rowOf(request: Json, name: string, withPairs: boolean): unknown {
  const row = Object.hasOwn(request, name) ? request[name] : undefined;
  if (typeof row !== "object" || row === null || Array.isArray(row)) return row;
  const { ancestors, references, relations } = request;
  return { ...row, ancestors, references, ...(withPairs ? { relations } : {}) };
}

/** The residual by way of what a module answers. One may leave open whatever it does not fold: here, in turn, all. */
function residualByAnswer(
  program: Program,
  action: string,
  type: string,
  known: KnownFacts,
  turn: number,
): Residual {
  const answer = JSON.parse(text(answerFilter(program, action, type, known))) as FilterAnswer;
  const isAllOpen = turn % 8 === 0 && !("refused" in answer);
  const given = isAllOpen ? { ...answer, atoms: "o".repeat(answer.atoms.length) } : answer;
  return residualFromAnswer(program, action, type, known, given);
}

function count(seen: Seen, key: string): void {
  seen.counts.set(key, (seen.counts.get(key) ?? 0) + 1);
}

const text = (value: unknown) => JSON.stringify(value);

/** Asks one question in every way, and gives what is not answered as the oracle does. */
function mismatch(
  program: Program,
  filters: Filters,
  asked: unknown,
  seen: Seen,
  withPairs: boolean,
): unknown {
  const [action, type] = [valueAt(asked, ["action", "name"]), valueAt(asked, ["resource", "type"])];
  if (typeof action !== "string" || typeof type !== "string") return undefined;
  const request = asked as Json;
  const kind = program.model.actions.find(({ name }) => name === action)?.kind;
  if (kind === "updates") return undefined;
  const row = rowOf(
    request,
    kind === "deletes" ? "prior" : kind === "creates" ? "next" : "resource",
    withPairs,
  );
  const known = (withPairs ? { ...request, relations: undefined } : request) as unknown as KnownFacts;
  const filter = filters.filter(action, type, known);
  const decision = evaluate(program, request);
  const residual = JSON.parse(text(filter.residual)) as Residual;
  const bound = bindResidual(residual);
  seen.rows += 1;
  count(seen, filter.kind);
  count(seen, decision.reason ?? decision.outcome);
  if (residual.kind === "never" && residual.challenge.length > 0) count(seen, "list challenge");
  if (residual.kind === "never" && residual.decision === null) count(seen, "never, in different ways");
  const isPermitted = decision.outcome === "permit";
  const answers = {
    "filter.decide": text(filter.decide(row)) === text(decision),
    "filter.matches": filter.matches(row) === isPermitted,
    "document.decide": text(bound.decide(row)) === text(decision),
    "document.matches": bound.matches(row) === isPermitted,
    "from an answer":
      seen.rows % 4 > 0 || text(residualByAnswer(program, action, type, known, seen.rows)) === text(residual),
    text: residualText(residual).includes(`${action} ${type}`),
    schema: isResidual(residual),
    kind: residual.kind === filter.kind && (residual.kind !== "never" || !isPermitted),
    always:
      residual.kind !== "always" ||
      isPermitted ||
      ["invalid_input", "out_of_scope"].includes(decision.reason ?? ""),
  };
  const wrong = Object.entries(answers).filter(([, isRight]) => !isRight);
  if (wrong.length === 0) return undefined;
  return {
    wrong: wrong.map(([name]) => name),
    decision,
    byFilter: filter.decide(row),
    byDocument: bound.decide(row),
    residual,
    known,
    row,
  };
}

function firstMismatch(from: number, cases: number, seen: Seen): unknown {
  for (let seed = from; seed < from + cases; seed += 1) {
    const made = generateCase(seed, "whole", "rules");
    const { program } = compileCase(made);
    if (program === null) continue;
    const filters = prepareFilters(program);
    const lists = generateLists(made, program, 4).flatMap((list) => list.rows.map(({ request }) => request));
    const requests = [...lists, ...generateRequests(made, program, 10).map(({ request }) => request)];
    for (const [i, request] of requests.entries()) {
      const found = mismatch(program, filters, request, seen, i % 2 === 0);
      if (found !== undefined) return { seed, found, texts: [made.platform.text, made.policy.text] };
    }
  }
  return undefined;
}

const newSeen = (): Seen => ({ counts: new Map(), rows: 0 });

test("residuals decide every row as the oracle does, over 120 policies", () => {
  const seen = newSeen();
  expect(firstMismatch(0, 120, seen)).toBeUndefined();
  if (process.env["WARDLINE_SHOW"]) process.stdout.write(`${text([...seen.counts])} ${seen.rows}\n`);
  for (const key of [
    "always",
    "never",
    "predicate",
    "permit",
    "challenge",
    "forbidden",
    "not_granted",
    "invalid_input",
    "out_of_scope",
    "list challenge",
    "never, in different ways",
  ])
    expect((seen.counts.get(key) ?? 0) / seen.rows, key).toBeGreaterThan(0.01);
});

const random = Number(process.env["WARDLINE_SEED"] ?? Math.floor(Math.random() * 2 ** 20));
test(`over 40 policies from the seed ${random} (WARDLINE_SEED=${random} repeats them)`, () => {
  expect(firstMismatch(random, Number(process.env["WARDLINE_CASES"] ?? 40), newSeen())).toBeUndefined();
}, 600_000);
