/**
 * Grants whose conditions go beyond every ceiling: found by trying requests, so that what is said has been seen. A grant
 * that is not mentioned may go beyond all the same.
 */
import {
  evaluate,
  findTable,
  type Finding,
  type Pass,
  type Program,
  type Span,
  type Table,
} from "@wardline/core";
import { all, any, condition, not, searchRequests, type Goal } from "@wardline/core/search";
import { any as anyOf, type Formula } from "../check/formula.ts";
import type { Case, CheckedRule } from "../check/rule.ts";
import { finding } from "../diagnostics/table.ts";
import type { LoweredPolicy } from "../lower/lower.ts";
import { newImplies } from "./implies.ts";
import { canHold, passOf, placeOf } from "./places.ts";
import { witnessText } from "./witness-text.ts";

/** How many combinations are tried, in all and of one grant, and how often each. */
const mostTried = 24;
const mostOfOne = 3;
const tries = 6;

/** `lower` is asked only where a grant may go beyond. `textOf`: the words that stand at a place. */
export function beyondCeiling(
  lower: () => LoweredPolicy,
  rules: readonly CheckedRule[],
  textOf: (span: Span) => string,
): readonly Finding[] {
  const ceilings = ceilingsOf(rules);
  if (ceilings.size === 0) return [];
  const implies = newImplies();
  const found: Finding[] = [];
  let left = mostTried;
  for (const rule of rules) {
    if (left <= 0) break;
    if (rule.rule.kind !== "permit" && rule.rule.kind !== "share") continue;
    // An open place is said where a ceiling allows nothing; here it is one whose condition does not come with the grant.
    const open = rule.cases.filter((c) => {
      const over = ceilings.get(passOf(c));
      return canHold(c) && over !== undefined && !implies([c.when], over.when);
    });
    const places = new Map(open.map((c) => [placeOf(c), c]));
    for (const c of [...places.values()].slice(0, Math.min(mostOfOne, left))) {
      left -= 1;
      const beyond = tryIt(lower(), rule, c, ceilings.get(passOf(c))?.rules ?? [], textOf);
      if (beyond === null) continue;
      found.push(beyond);
      break;
    }
  }
  return found;
}

interface Ceilings {
  readonly rules: readonly CheckedRule[];
  /** One of them holds. */
  readonly when: Formula;
}

/** Pass → the ceilings over it that can hold. */
function ceilingsOf(rules: readonly CheckedRule[]): ReadonlyMap<string, Ceilings> {
  const ceilings = rules.filter(({ rule }) => rule.kind === "ceiling");
  const over = ceilings.flatMap((rule) => rule.cases.filter(canHold).map((c) => ({ rule, c })));
  return new Map(
    [...Map.groupBy(over, ({ c }) => passOf(c))].map(([pass, all]) => [
      pass,
      { rules: all.map(({ rule }) => rule), when: anyOf(all.map(({ c }) => c.when)) },
    ]),
  );
}

function tryIt(
  { program, interner, indexOf }: LoweredPolicy,
  rule: CheckedRule,
  c: Case,
  ceilings: readonly CheckedRule[],
  textOf: (span: Span) => string,
): Finding | null {
  const table = findTable(program, c.principal, c.action, c.entity);
  if (table === undefined) return null;
  const goal = beyondGoal(program, table, indexOf(rule), rule.rule.kind === "permit");
  const target = { principal: c.principal, action: c.action, resource: c.entity, goal };
  const [request] = searchRequests(program, target, { seed: 0, tries }).requests;
  if (request === undefined || evaluate(program, request).reason !== "not_granted") return null;
  const decisive = table.passes.flatMap((pass) => [
    pass.ceiling,
    ...pass.grants.filter((grant) => grant.rule === indexOf(rule)).map((grant) => grant.when),
  ]);
  const slots = [...new Set(decisive.flatMap((index) => [...interner.slotsOf(index)]))];
  const only = conditionText(ceilings, textOf);
  const [ceiling] = ceilings;
  return finding(
    "guardrail/beyond-ceiling",
    c.actionSpan ?? rule.statement.name.span,
    {
      problem: `\`${rule.statement.name.text}\` grants \`${c.action}\` of \`${c.entity}\` beyond the ceiling`,
      help: "add what the ceiling asks for to the rule, so that its readers see what it can do",
    },
    {
      label: only === null ? "the ceilings allow less" : `the platform allows it only when ${only}`,
      ...(ceiling === undefined
        ? {}
        : { related: [{ span: ceiling.statement.name.span, message: "the ceiling" }] }),
      note: `found by trying it: ${witnessText(program, slots, request)}, and it is not granted`,
    },
  );
}

/** The grant matches all rows, the ceiling not, and nothing else decides. */
function beyondGoal(program: Program, table: Table, rule: number, home: boolean): Goal {
  const is = (index: number, holds: boolean) => condition(program, index, holds);
  const matches = (pass: Pass) =>
    any(pass.grants.filter((grant) => grant.rule === rule).map((grant) => is(grant.when, true)));
  const others = (pass: Pass) => [
    ...pass.forbids,
    ...pass.grants.filter((grant) => program.rules[grant.rule]?.kind === "floor"),
  ];
  return all([
    { kind: "home", holds: home },
    ...table.passes.flatMap((pass) => [matches(pass), ...others(pass).map((entry) => is(entry.when, false))]),
    not(all(table.passes.map((pass) => is(pass.ceiling, true)))),
  ]);
}

/** The condition of the only ceiling, as it is written. */
function conditionText(ceilings: readonly CheckedRule[], textOf: (span: Span) => string): string | null {
  const [ceiling] = ceilings;
  if (ceilings.length !== 1 || ceiling === undefined) return null;
  const clauses = ceiling.statement.clauses.flatMap((clause) =>
    clause.kind === "when" || clause.kind === "unless" ? [clause] : [],
  );
  const [clause] = clauses;
  if (clauses.length !== 1 || clause?.kind !== "when") return null;
  const text = textOf(clause.condition.span).replaceAll(/\s+/g, " ");
  return text === "" || text.length > 80 ? null : `\`${text}\``;
}
