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
import { implies } from "./implies.ts";
import { canHold, passOf, placeOf } from "./places.ts";
import { witnessText } from "./witness-text.ts";

/** How many grants are tried, and how often each. */
const mostGrants = 12;
const tries = 6;

/** `textOf`: the words that stand at a place. */
export function beyondCeiling(
  lowered: LoweredPolicy,
  rules: readonly CheckedRule[],
  textOf: (span: Span) => string,
): readonly Finding[] {
  const ceilings = new Map<string, { readonly rule: CheckedRule; readonly when: Formula }[]>();
  for (const rule of rules)
    if (rule.rule.kind === "ceiling")
      for (const c of rule.cases)
        if (canHold(c)) ceilings.set(passOf(c), [...(ceilings.get(passOf(c)) ?? []), { rule, when: c.when }]);
  if (ceilings.size === 0) return [];
  const found: Finding[] = [];
  let left = mostGrants;
  for (const rule of rules) {
    if (left === 0) break;
    if (rule.rule.kind !== "permit" && rule.rule.kind !== "share") continue;
    // An open place is said where a ceiling allows nothing; here it is one whose condition does not come with the grant.
    const open = rule.cases.filter((c) => {
      const over = ceilings.get(passOf(c));
      return canHold(c) && over !== undefined && !implies(c.when, anyOf(over.map((one) => one.when)));
    });
    const places = new Map(open.map((c) => [placeOf(c), c]));
    if (places.size === 0) continue;
    left -= 1;
    for (const c of places.values()) {
      const beyond = tryIt(
        lowered,
        rule,
        c,
        (ceilings.get(passOf(c)) ?? []).map((one) => one.rule),
        textOf,
      );
      if (beyond === null) continue;
      found.push(beyond);
      break;
    }
  }
  return found;
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
