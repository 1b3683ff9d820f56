/** A change of access in words: what changes, the request that shows it, and the answer before and after. */
import type { Decision, Outcome, Program } from "@wardline/core";
import type { AccessDifference, ChangeKind, ModelChange } from "@wardline/core/search";
import { describeDecision } from "../policy-test/run-tests.ts";
import { requestWords, type RequestWords } from "../policy-test/request-words.ts";
import type { OnlyInOne, TenantDiff } from "./diff-projects.ts";
import { notCompared } from "./gate.ts";

export interface ChangeWords {
  readonly kind: ChangeKind;
  /** `Member read Loan, shows more of title`. */
  readonly title: string;
  readonly witness: RequestWords;
  /** Null: that version has no such thing to ask for. */
  readonly before: DecisionWords | null;
  readonly after: DecisionWords | null;
}

export interface DecisionWords {
  readonly outcome: Outcome;
  /** `permit by north/desk`. */
  readonly text: string;
  /** Where the rules stand that the decision names. */
  readonly places: readonly { readonly rule: string; readonly file: string; readonly line: number }[];
}

export function changeWords({ before, after }: TenantDiff, one: AccessDifference): ChangeWords {
  const { more, less } = one.shown;
  const shown = [
    ...(more.length === 0 ? [] : [`shows more of ${more.join(", ")}`]),
    ...(less.length === 0 ? [] : [`shows less of ${less.join(", ")}`]),
  ];
  const what = shown.length === 0 ? "" : `, ${shown.join(" and ")}`;
  return {
    kind: one.kind,
    title: `${one.principal} ${one.action} ${one.resource}${what}`,
    witness: requestWords(after, one.witness),
    before: decisionWords(before, one.before),
    after: decisionWords(after, one.after),
  };
}

/** The words of what only one version has. */
export function onlyInOneWords({ before, after }: TenantDiff, one: OnlyInOne): ChangeWords {
  const gained = one.kind === "gained";
  const program = gained ? after : before;
  const decision = decisionWords(program, one.decision);
  return {
    kind: one.kind,
    title: `${one.principal} ${one.action} ${one.resource}`,
    witness: requestWords(program, one.witness),
    before: gained ? null : decision,
    after: gained ? decision : null,
  };
}

function decisionWords(program: Program, decision: Decision): DecisionWords {
  const places = decision.rules.flatMap((id) => {
    const rule = program.rules.find((one) => one.id === id);
    return rule === undefined ? [] : [{ rule: id, file: rule.file, line: rule.line }];
  });
  return { outcome: decision.outcome, text: describeDecision(decision), places };
}

/** `the enum Shelf is new`. */
export function modelWords(change: ModelChange): string {
  const text = notCompared(change);
  if (text !== null) return text;
  const side = change.in === "after" ? "new" : "gone";
  switch (change.kind) {
    case "table":
      return `${change.name} is ${side}`;
    case "enum":
      return `the enum ${change.name} is ${side}`;
    case "enum_value":
      return `the value ${change.value} of ${change.name} is ${side}`;
    case "fact":
    case "timezone":
      return change.name;
  }
}
