/** What an expectation says after `with`: obligations, and `show` for fields that are neither masked nor hidden. */
import type { WireScalar } from "@wardline/core";
import type { Term } from "../ast/statement.ts";
import { isObligation, obligationForms, obligationNames } from "../check/obligation-table.ts";
import { unknownName } from "../check/suggest.ts";
import { finding } from "../diagnostics/table.ts";
import type { ObligationPattern } from "./checked-test.ts";
import type { TestSetting } from "./instances.ts";
import { argumentValue, fieldsNamed } from "./pattern.ts";

/** Fields that are neither masked nor hidden. Only a test says so: a rule has no such obligation. */
export const shows = "show";

/** What a term asks of the obligations of a decision. A class or a list of fields is one pattern a field. */
export function expectedObligations(
  { model, report }: TestSetting,
  term: Term,
  entity: string,
): readonly ObligationPattern[] {
  const called = term.kind === "call" ? term.name.text : "";
  if (term.kind !== "call" || !(isObligation(called) || called === shows)) {
    report.add(
      term.kind === "call"
        ? unknownName("obligation", term.name, [...obligationNames, shows])
        : finding(
            "type/not-value",
            term.span,
            { what: "this" },
            { help: "write an obligation, such as `hide(NAME)`" },
          ),
    );
    return [];
  }
  const name = isObligation(called) ? called : shows;
  const positional = term.args.filter((arg) => arg.label === null).map((arg) => argumentValue(arg.term));
  const labelled = new Map<string, WireScalar>(
    term.args.flatMap(({ label, term: value }) =>
      label === null ? [] : [[label.text, argumentValue(value)]],
    ),
  );
  if (name === "reason" || name === "audit" || name === "step_up" || name === "approval" || name === "limit")
    return [{ name, positional, labelled }];
  if (positional.length === 0) {
    const problem = `\`${name}\` does not say ${name === "notify" ? "whom" : "which field"}`;
    report.add(
      finding("obligation/arguments", term.span, {
        problem,
        form: name === shows ? "show(NAME)" : obligationForms[name].form,
      }),
    );
  }
  if (name === "notify") return positional.map((whom) => ({ name, positional: [whom], labelled }));
  const targets = name === "mask" ? positional.slice(0, 1) : positional;
  const rest = name === "mask" ? positional.slice(1) : [];
  return targets.flatMap((target, i) => {
    const fields = fieldsNamed({ model: model.ir }, entity, String(target));
    const at = term.args[i]?.term;
    if (fields.length === 0 && entity !== "" && at !== undefined)
      report.add(
        unknownName(
          "field",
          { text: String(target).replace(/^#/, ""), span: at.span },
          model.entities.get(entity)?.fields.keys() ?? [],
        ),
      );
    return fields.map((field) => ({ name, positional: [field, ...rest], labelled }));
  });
}
