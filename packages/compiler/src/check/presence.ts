/** `when resource.lead`: an attribute alone where other languages ask whether it is there. Reported, never accepted. */
import type { PathExpression } from "../ast/expression.ts";
import { finding } from "../diagnostics/table.ts";
import { pathText } from "./field-path.ts";
import { nothing, type Checked, type Known } from "./known.ts";
import { readPath } from "./path.ts";
import { askPresence, presentWith, unguarded } from "./read-path.ts";
import type { Scope } from "./scope.ts";
import { replaceFix } from "./suggest.ts";

/**
 * Reports a fact that may be absent, is no Bool and stands alone. It stands for the `has` that it means, so that what
 * follows is guarded. Null for any other path.
 */
export function meantPresence(scope: Scope, path: PathExpression, known: Known): Checked | null {
  if (path.root.kind !== "keyword" || path.steps.length === 0) return null;
  if (path.args !== null || path.steps.some((step) => step.args !== null)) return null;
  const read = readPath(scope, path, path.root.word);
  if (read === null || read.fact.type.kind === "bool" || unguarded(read, known) === null) return null;
  const text = `has ${pathText(path)}`;
  scope.setting.report.add(
    finding(
      "type/not-condition",
      path.span,
      { what: `\`${pathText(path)}\`` },
      { help: `whether it is there is asked with \`${text}\``, fixes: [replaceFix(path.span, text)] },
    ),
  );
  return { formula: askPresence(read), yes: presentWith(read), no: nothing };
}
