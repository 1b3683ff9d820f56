/** The preconditions of a rule, each with the evidence that meets it. */
import type { Obligation } from "@wardline/core";
import type { Argument } from "../ast/statement.ts";
import { finding } from "../diagnostics/table.ts";
import { durationMicros } from "./literal-value.ts";
import { approvalEvidence, reasonEvidence } from "./model-evidence.ts";
import { misformed, type Call } from "./misformed.ts";
import type { Setting } from "./scope.ts";
import { unknownName } from "./suggest.ts";
import type { EvidenceSymbol } from "./symbols.ts";

export interface Precondition {
  readonly obligation: Extract<Obligation, { type: "reason" | "step_up" | "approval" }>;
  readonly evidence: EvidenceSymbol;
}

/** What calls of `reason`, `step_up` and `approval` ask for. What is not written right is reported. */
export function preconditionsOf(setting: Setting, calls: readonly Call[]): readonly Precondition[] {
  return calls.flatMap((call) => {
    if (call.name.text === "reason") return reasonOf(setting, call) ?? [];
    return (call.name.text === "step_up" ? stepUpOf(setting, call) : approvalOf(setting, call)) ?? [];
  });
}

function reasonOf(setting: Setting, call: Call): Precondition | null {
  if (call.args.length > 0) {
    misformed(setting, call, "`reason` takes no arguments");
    return null;
  }
  const evidence = setting.model.evidence.get(reasonEvidence);
  if (evidence !== undefined) return { obligation: { type: "reason" }, evidence };
  setting.report.add(finding("obligation/no-evidence", call.name.span, { name: reasonEvidence }));
  return null;
}

function stepUpOf(setting: Setting, call: Call): Precondition | null {
  const [factor, ...rest] = call.args;
  const name = plainName(factor);
  if (name === null || rest.length > 1) {
    misformed(setting, call, "`step_up` takes a factor, and how old it may be");
    return null;
  }
  const others = [reasonEvidence, approvalEvidence];
  const evidence = evidenceNamed(setting, "factor", name, others);
  const within = evidence === null ? null : withinOf(setting, call, rest, evidence);
  if (evidence === null || within === null) return null;
  return { obligation: { type: "step_up", factor: evidence.name, within: within.micros }, evidence };
}

/** `approval`, `approval(NAME)`, both also with `within:`. */
function approvalOf(setting: Setting, call: Call): Precondition | null {
  const isNamed = call.args[0] !== undefined && call.args[0].label === null;
  const name = isNamed ? plainName(call.args[0]) : { text: approvalEvidence, span: call.name.span };
  const rest = isNamed ? call.args.slice(1) : call.args;
  if (name === null || rest.length > 1) {
    misformed(setting, call, "`approval` takes the name of its evidence, and how old it may be");
    return null;
  }
  if (!isNamed && !setting.model.evidence.has(approvalEvidence)) {
    setting.report.add(finding("obligation/no-evidence", call.name.span, { name: approvalEvidence }));
    return null;
  }
  const evidence = evidenceNamed(setting, "evidence", name, [reasonEvidence]);
  const within = evidence === null ? null : withinOf(setting, call, rest, evidence);
  if (evidence === null || within === null) return null;
  return { obligation: { type: "approval", by: evidence.name, within: within.micros }, evidence };
}

function plainName(argument: Argument | undefined): Call["name"] | null {
  if (argument === undefined || argument.label !== null) return null;
  const { term } = argument;
  return term.kind === "call" && term.args.length === 0 ? term.name : null;
}

/** The model's evidence of a name, or null if it was reported. `others` cannot be meant. */
function evidenceNamed(
  { model, report }: Setting,
  kind: string,
  name: Call["name"],
  others: readonly string[],
): EvidenceSymbol | null {
  const known = [...model.evidence.values()].filter((evidence) => !others.includes(evidence.name));
  const evidence = known.find((one) => one.name === name.text);
  if (evidence !== undefined) return evidence;
  const names = known.map((one) => one.name);
  report.add(unknownName(kind, name, names));
  return null;
}

/** How old the evidence may be; null if it was reported. */
function withinOf(
  setting: Setting,
  call: Call,
  [within]: readonly Argument[],
  evidence: EvidenceSymbol,
): { readonly micros: number | null } | null {
  if (within === undefined) return { micros: null };
  const { term: age } = within;
  const micros = age.kind === "literal" && age.type === "duration" ? durationMicros(age.text) : undefined;
  if (within.label?.text !== "within" || micros === undefined) {
    const at = within.label?.text === "within" ? age.span : call.span;
    misformed(setting, call, "how old it may be is a Duration after `within:`", at);
    return null;
  }
  if (evidence.facts.length >= 2) return { micros };
  const problem = `the evidence for \`${evidence.name}\` does not say how old it is`;
  const help = "add a fact of type Duration to the model's `evidence`, or leave `within` out";
  setting.report.add(finding("obligation/evidence", age.span, { problem }, { help }));
  return null;
}
