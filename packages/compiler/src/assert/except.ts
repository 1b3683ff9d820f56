/** The statements that an assert names after `except`: its own file's layer first, then those of the others that bind it. */
import type { Name } from "../ast/expression.ts";
import type { AssertStatement } from "../ast/statement.ts";
import type { CheckedRule } from "../check/rule.ts";
import type { Setting } from "../check/scope.ts";
import { unknownName } from "../check/suggest.ts";
import { finding } from "../diagnostics/table.ts";

export function namedAfterExcept(
  { report, layer }: Setting,
  { except }: AssertStatement,
  rules: readonly CheckedRule[],
): readonly CheckedRule[] {
  const visible = rules.filter(({ rule }) => layer === "tenant" || rule.layer === "platform");
  const meantBy = (name: Name): readonly CheckedRule[] => {
    const named = visible.filter(({ statement }) => statement.name.text === name.text);
    const own = named.filter(({ rule }) => rule.layer === layer && rule.pack === undefined);
    const [meant, ...others] = own.length > 0 ? own : named;
    if (meant === undefined) {
      const names = visible.map(({ statement }) => statement.name.text);
      report.add(unknownName("statement", name, names));
      return [];
    }
    if (others.length === 0) return [meant];
    const ids = [meant, ...others].map(({ rule }) => `\`${rule.id}\``).join(", ");
    report.add(finding("assert/several", name.span, { name: name.text, ids }));
    return [];
  };
  return [...new Set(except.flatMap(meantBy))];
}
