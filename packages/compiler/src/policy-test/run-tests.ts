/** Runs the tests of a policy against its program. Each expectation stands alone: one that fails stops no other. */
import {
  evaluate,
  explain,
  findTable,
  readFacts,
  reasonText,
  type Decision,
  type Program,
  type RequestDocument,
  type Slot,
} from "@wardline/core";
import {
  isFieldEffect,
  type CheckedExpect,
  type CheckedTest,
  type ExpectList,
  type ExpectOne,
  type TestInstance,
} from "./checked-test.ts";
import { shows } from "./expected-obligations.ts";
import { openFacts } from "./open-facts.ts";
import { matches, patternsOf, patternText } from "./pattern.ts";
import { slotName, type Asked } from "./reach.ts";
import { testRequest } from "./test-request.ts";

/** What was asked for an expectation. */
export interface AskedRequest {
  readonly request: RequestDocument;
  readonly decision: Decision;
}

export interface ExpectResult {
  readonly expect: CheckedExpect;
  /** What is not as expected, one sentence each; empty if the expectation holds. */
  readonly problems: readonly string[];
  readonly asked: readonly AskedRequest[];
}

export interface TestResult {
  readonly test: CheckedTest;
  readonly passed: boolean;
  readonly expects: readonly ExpectResult[];
}

/** `decide` answers requests; the oracle if none is given. Every answer must come from the program's own meaning. */
export function runTest(
  program: Program,
  test: CheckedTest,
  decide: (request: RequestDocument) => Decision = (request) => evaluate(program, request),
): TestResult {
  const expects = test.expects.map((expect) => runExpect(program, expect, decide));
  return { test, passed: expects.every((result) => result.problems.length === 0), expects };
}

export function runTests(program: Program, tests: readonly CheckedTest[]): readonly TestResult[] {
  return tests.map((test) => runTest(program, test));
}

function runExpect(
  program: Program,
  checked: CheckedExpect,
  decide: (request: RequestDocument) => Decision,
): ExpectResult {
  const { expect, world } = checked;
  const ask = (row: TestInstance, next: TestInstance) =>
    askRow({ program, world, principal: expect.principal, row, next }, expect.action, decide);
  if (expect.kind === "one") {
    const answer = ask(expect.resource, expect.next);
    if ("problem" in answer) return { expect: checked, problems: [answer.problem], asked: [] };
    return { expect: checked, problems: compare(program, expect, answer), asked: [answer] };
  }
  const answers = expect.over.map((row) => ({ row, answer: ask(row, row) }));
  const asked = answers.flatMap(({ answer }) => ("problem" in answer ? [] : [answer]));
  const broken = answers.flatMap(({ answer }) => ("problem" in answer ? [answer.problem] : []));
  if (broken.length > 0) return { expect: checked, problems: [...new Set(broken)], asked };
  return {
    expect: checked,
    problems: compareList(
      expect,
      asked.map((one) => one.decision),
    ),
    asked,
  };
}

type Answer = AskedRequest | { readonly problem: string };

function askRow(asked: Asked, action: string, decide: (request: RequestDocument) => Decision): Answer {
  const { program, principal, row } = asked;
  const table = findTable(program, principal.entity, action, row.entity);
  if (table === undefined)
    return { problem: `a ${principal.entity} cannot be asked about \`${action}\` of a ${row.entity}` };
  const { request, open } = testRequest(asked, table);
  const facts = readFacts(program, table, request);
  if (facts === undefined) return { problem: "the request does not hold together" };
  const isHome = (principal.tenant ?? program.tenant) === program.tenant;
  const needed = openFacts(program, table, facts, open, isHome);
  if (needed.length > 0) {
    const names = needed.map((id) => slotName(asked, program.slots[id] as Slot));
    return {
      problem: `the decision depends on ${[...new Set(names)].join(" and ")}, which the test does not set`,
    };
  }
  return { request, decision: decide(request) };
}

function compare(
  program: Program,
  expect: ExpectOne,
  { request, decision }: AskedRequest,
): readonly string[] {
  if (decision.outcome !== expect.outcome)
    return [
      `expected ${expect.outcome}, and it is ${describeDecision(decision)}${whyNotGranted(program, request, decision)}`,
    ];
  const problems: string[] = [];
  if (expect.as !== null && decision.reason !== expect.as)
    problems.push(`expected the reason ${expect.as}, and it is ${String(decision.reason)}`);
  if (expect.by !== null) {
    const missing = expect.by.filter((id) => !decision.rules.includes(id));
    const further = decision.rules.filter((id) => expect.by?.includes(id) === false);
    if (missing.length > 0)
      problems.push(`${missing.join(" and ")} did not decide; ${decided(decision.rules)}`);
    else if (further.length > 0) problems.push(`${further.join(" and ")} decided as well`);
  }
  if (expect.with !== null) problems.push(...compareObligations(expect, decision));
  return problems;
}

/** What stands in the way where it is no single permit that does not match. */
function whyNotGranted(program: Program, request: RequestDocument, { reason }: Decision): string {
  if (reason !== "not_granted") return "";
  const [first] = explain(program, null, request).reasons;
  if (first === undefined) return "";
  const isOfAPermit = first.kind === "no_permit" && first.rules.length > 0;
  return isOfAPermit ? "" : `: ${reasonText(program, first)}`;
}

function decided(rules: readonly string[]): string {
  return rules.length === 0 ? "no rule did" : `${rules.join(", ")} did`;
}

/** Field effects exactly, other obligations as a subset. */
function compareObligations(expect: ExpectOne, decision: Decision): readonly string[] {
  // What is to be shown must not be masked or hidden, and nothing that is not named may be.
  const wanted = (expect.with ?? []).filter(({ name }) => name !== shows);
  const found = decision.obligations.flatMap(patternsOf);
  const missing = wanted.filter((pattern) => !found.some((other) => matches(other, pattern)));
  const further =
    expect.outcome === "permit"
      ? found.filter(
          (other) => isFieldEffect(other.name) && !wanted.some((pattern) => matches(other, pattern)),
        )
      : [];
  return [
    ...missing.map((pattern) => `there is no ${patternText(pattern)}${instead(found)}`),
    ...further.map((pattern) => `there is also ${patternText(pattern)}`),
  ];
}

function instead(found: readonly Parameters<typeof patternText>[0][]): string {
  return found.length === 0
    ? "; there are no obligations"
    : `; there is ${found.map(patternText).join(", ")}`;
}

function compareList(expect: ExpectList, decisions: readonly Decision[]): readonly string[] {
  return expect.over.flatMap((row, i) => {
    const decision = decisions[i] as Decision;
    const isListed = decision.outcome === "permit";
    const isWanted = expect.gives.some((other) => other.id === row.id && other.entity === row.entity);
    if (isListed === isWanted) return [];
    return [
      isListed
        ? `${row.label} is listed, ${describeDecision(decision)}`
        : `${row.label} is left out: ${describeDecision(decision)}`,
    ];
  });
}

/** A decision in a few words. */
export function describeDecision({ outcome, reason, rules, obligations }: Decision): string {
  const why = reason === null ? "" : ` as ${reason}`;
  const by = rules.length === 0 ? "" : ` by ${rules.join(", ")}`;
  const terms =
    outcome === "challenge" ? ` with ${obligations.flatMap(patternsOf).map(patternText).join(", ")}` : "";
  return `${outcome}${why}${by}${terms}`;
}
