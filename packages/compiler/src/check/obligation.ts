/** The obligations that a rule may carry, by name. What stands elsewhere, or comes later, is reported here. */
import type { Term } from "../ast/statement.ts";
import { finding } from "../diagnostics/table.ts";
import { notYet } from "./not-yet.ts";
import type { Setting } from "./scope.ts";
import { unknownName } from "./suggest.ts";

const effects = ["hide", "mask"] as const;
const preconditions = ["reason", "step_up"] as const;
const later: ReadonlySet<string> = new Set(["audit", "notify", "limit", "approval"]);

/** An obligation, or a function within one. */
export type Call = Extract<Term, { kind: "call" }>;

/** Sorts the terms of a rule; what cannot stand there is reported. `encrypt` is looked at elsewhere. */
export function sortTerms(
  setting: Setting,
  kind: "permit" | "require",
  terms: readonly Term[],
): readonly Call[] {
  const { report } = setting;
  return terms.filter((term): term is Call => {
    if (term.kind !== "call") {
      report.add(
        finding(
          "type/not-value",
          term.span,
          { what: "this" },
          { help: "write an obligation, such as `hide(NAME)`" },
        ),
      );
      return false;
    }
    const { text } = term.name;
    if ((effects as readonly string[]).includes(text)) {
      const label = term.args.find((argument) => argument.label !== null)?.label;
      if (label === undefined || label === null) return true;
      const form = text === "hide" ? "hide(NAME)" : "mask(NAME, redact)";
      misformed(setting, term, `\`${label.text}:\` has no meaning in \`${text}\``, form);
      return false;
    }
    if ((preconditions as readonly string[]).includes(text)) {
      if (kind === "require") return true;
      report.add(notYet(`\`${text}\` on a permit`, term.name.span, inRequire(text)));
    } else if (text === "encrypt") {
      if (kind === "permit") report.add(notYet("`encrypt` on a permit", term.name.span, inRequire(text)));
    } else if (later.has(text)) {
      const known = [...effects, ...preconditions].join(", ");
      report.add(notYet(`\`${text}\``, term.name.span, `known: ${known}`));
    } else
      report.add(
        unknownName("obligation", term.name, [
          ...effects,
          ...preconditions,
          ...(kind === "require" ? ["encrypt"] : []),
        ]),
      );
    return false;
  });
}

function inRequire(obligation: string): string {
  const form =
    obligation === "encrypt"
      ? "encrypt(#class)"
      : `${obligation === "reason" ? "reason" : "step_up(FACTOR)"} for WHO to ACTIONS TYPES`;
  return `it belongs in a \`require\`, as in \`require NAME: ${form}\``;
}

/** Reports an obligation that is not written as it should be. */
export function misformed(setting: Setting, term: Call, problem: string, form: string): void {
  setting.report.add(finding("obligation/arguments", term.span, { problem, form }));
}
