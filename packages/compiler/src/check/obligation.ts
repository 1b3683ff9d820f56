/** Sorts the terms of a rule by what they are. What cannot stand there is reported here, its arguments elsewhere. */
import type { Obligation } from "@wardline/core";
import type { Term } from "../ast/statement.ts";
import { finding } from "../diagnostics/table.ts";
import { dutiesOf } from "./duty.ts";
import { limitOf } from "./limit-term.ts";
import { misformed, type Call } from "./misformed.ts";
import { isObligation, obligationForms, obligationsOn, type Carrier } from "./obligation-table.ts";
import { preconditionsOf, type Precondition } from "./precondition.ts";
import type { Setting } from "./scope.ts";
import { unknownName } from "./suggest.ts";

/** What a rule asks for, whatever combination it is in. */
export interface Terms {
  /** `hide` and `mask`: what they do depends on the entity. */
  readonly effects: readonly Call[];
  readonly preconditions: readonly Precondition[];
  readonly limit: Extract<Obligation, { type: "limit" }> | null;
  readonly duties: readonly Obligation[];
}

export const noTerms: Terms = { effects: [], preconditions: [], limit: null, duties: [] };

/** The terms of a rule of a kind that carries obligations. `rule`: its id. `encrypt` is looked at elsewhere. */
export function sortTerms(setting: Setting, carrier: Carrier, rule: string, terms: readonly Term[]): Terms {
  const calls = terms.filter((term): term is Call => isCarried(setting, carrier, term));
  const named = (...names: readonly string[]) => calls.filter((call) => names.includes(call.name.text));
  return {
    effects: named("hide", "mask").filter((call) => hasNoLabel(setting, call)),
    preconditions: preconditionsOf(setting, named("reason", "step_up", "approval")),
    limit: limitOf(setting, rule, named("limit")),
    duties: dutiesOf(setting, named("audit", "notify")),
  };
}

function isCarried({ report }: Setting, carrier: Carrier, term: Term): boolean {
  if (term.kind !== "call") {
    const help = "write an obligation, such as `hide(NAME)`";
    report.add(finding("type/not-value", term.span, { what: "this" }, { help }));
    return false;
  }
  const { text } = term.name;
  if (!isObligation(text)) {
    report.add(unknownName("obligation", term.name, obligationsOn(carrier)));
    return false;
  }
  const { on, form }: { readonly on: readonly Carrier[]; readonly form: string } = obligationForms[text];
  if (on.includes(carrier)) return true;
  report.add(finding("obligation/misplaced", term.name.span, { obligation: text, kind: carrier, form }));
  return false;
}

function hasNoLabel(setting: Setting, call: Call): boolean {
  const label = call.args.find((argument) => argument.label !== null)?.label;
  if (label === undefined || label === null) return true;
  misformed(setting, call, `\`${label.text}:\` has no meaning in \`${call.name.text}\``);
  return false;
}
