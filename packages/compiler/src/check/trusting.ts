/** A guardrail that reads what tenants set must say so: the waiver is visible, and in every diff. */
import type { RequireStatement, RuleStatement } from "../ast/statement.ts";
import { finding } from "../diagnostics/table.ts";
import { clockFact } from "./clock-path.ts";
import type { Setting, Use } from "./scope.ts";
import { nearest, unknownName } from "./suggest.ts";

/** `isPack`: the rule is a pack's, which does not know whose guardrail it will be. */
export function checkTrusting(
  setting: Setting,
  use: Use,
  statement: RuleStatement | RequireStatement,
  isPack: boolean,
): void {
  const { report, layer, model, roles } = setting;
  const clauses = statement.clauses.filter((clause) => clause.kind === "trusting");
  if (layer === "tenant") {
    if (!isPack)
      for (const clause of clauses) report.add(finding("guardrail/trusting-here", clause.span, {}));
    return;
  }
  const trusted = clauses.flatMap((clause) => clause.names);
  const delegated = new Set([
    clockFact,
    ...[...roles.values()].filter((role) => role.delegated).map((role) => role.name),
    ...model.principals.flatMap((p) =>
      [...p.fields.values()].filter((f) => f.delegated).map((f) => f.model.name),
    ),
  ]);
  // A name that is misspelt is reported as that alone.
  const meant = new Set(trusted.map(({ text }) => (delegated.has(text) ? text : nearest(text, delegated))));
  const missing = [...use.delegated].filter(([name]) => !meant.has(name));
  for (const [name, span] of missing) {
    const names = [...trusted.map((t) => t.text), ...missing.map(([other]) => other)];
    const trusting = [...new Set(names)].join(", ");
    const at = trusted.at(-1)?.span ?? statement.span;
    const text =
      trusted.length > 0 ? `, ${missing.map(([other]) => other).join(", ")}` : `\n  trusting ${trusting}`;
    report.add(
      finding(
        "guardrail/delegated",
        span,
        { name, trusting },
        {
          fixes: [
            {
              title: `end the rule with \`trusting ${trusting}\``,
              // A waiver is its author's to give.
              choice: true,
              edits: [{ span: { ...at, start: at.end }, text }],
            },
          ],
        },
      ),
    );
  }
  for (const name of trusted)
    if (!delegated.has(name.text)) report.add(unknownName("delegated fact", name, delegated));
    else if (!use.delegated.has(name.text))
      report.add(finding("guardrail/trusting-unused", name.span, { name: name.text }));
}
