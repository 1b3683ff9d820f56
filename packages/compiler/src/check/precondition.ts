/** The preconditions of a require, each with the evidence that meets it. */
import type { Obligation } from "@wardline/core";
import { finding } from "../diagnostics/table.ts";
import { durationMicros } from "./literal-value.ts";
import { reasonEvidence } from "./model-evidence.ts";
import { misformed, type Call } from "./obligation.ts";
import type { Setting } from "./scope.ts";
import { unknownName } from "./suggest.ts";
import type { EvidenceSymbol } from "./symbols.ts";

export interface Precondition {
  readonly obligation: Extract<Obligation, { type: "reason" | "step_up" }>;
  readonly evidence: EvidenceSymbol;
}

/** The preconditions among the terms of a require. */
export function preconditionsOf(setting: Setting, terms: readonly Call[]): readonly Precondition[] {
  return terms.flatMap((term) => {
    if (term.name.text === "reason") return reasonOf(setting, term) ?? [];
    return term.name.text === "step_up" ? (stepUpOf(setting, term) ?? []) : [];
  });
}

function reasonOf(setting: Setting, term: Call): Precondition | null {
  if (term.args.length > 0) {
    misformed(setting, term, "`reason` takes no arguments", "reason");
    return null;
  }
  const evidence = setting.model.evidence.get(reasonEvidence);
  if (evidence !== undefined) return { obligation: { type: "reason" }, evidence };
  setting.report.add(finding("obligation/no-evidence", term.name.span, { name: reasonEvidence }));
  return null;
}

const stepUpForm = "step_up(FACTOR, within: 5m)";

function stepUpOf(setting: Setting, term: Call): Precondition | null {
  const [factor, within] = term.args;
  if (
    factor?.term.kind !== "call" ||
    factor.label !== null ||
    factor.term.args.length > 0 ||
    term.args.length > 2
  ) {
    misformed(setting, term, "`step_up` takes a factor, and how old it may be", stepUpForm);
    return null;
  }
  const { name } = factor.term;
  const factors = [...setting.model.evidence.values()].filter((e) => e.name !== reasonEvidence);
  const evidence = factors.find((e) => e.name === name.text);
  if (evidence === undefined) {
    setting.report.add(
      unknownName(
        "factor",
        name,
        factors.map((e) => e.name),
      ),
    );
    return null;
  }
  if (within === undefined)
    return { obligation: { type: "step_up", factor: name.text, within: null }, evidence };
  const { term: age } = within;
  const micros = age.kind === "literal" && age.type === "duration" ? durationMicros(age.text) : undefined;
  if (within.label?.text !== "within" || micros === undefined) {
    const at = within.label?.text === "within" ? age.span : term.span;
    const problem = "how old a factor may be is a Duration";
    setting.report.add(finding("obligation/arguments", at, { problem, form: stepUpForm }));
    return null;
  }
  if (evidence.facts.length < 2) {
    const problem = `the evidence for \`${name.text}\` does not say how old it is`;
    setting.report.add(
      finding(
        "obligation/evidence",
        age.span,
        { problem },
        { help: "add a fact of type Duration to the model's `evidence`, or leave `within` out" },
      ),
    );
    return null;
  }
  return { obligation: { type: "step_up", factor: name.text, within: micros }, evidence };
}
