/** `has path`, and what other languages write for it. */
import type { Span } from "@wardline/core";
import type { PathExpression } from "../ast/expression.ts";
import { finding } from "../diagnostics/table.ts";
import { comparedWithNull, type NullTest } from "./bare-name.ts";
import { never, not } from "./formula.ts";
import { nothing, type Checked } from "./known.ts";
import { readPath } from "./path.ts";
import { askPresence, presentWith } from "./read-path.ts";
import { reportRoot } from "./side.ts";
import { placeKey, type Scope } from "./scope.ts";

const refused: Checked = { formula: never, yes: nothing, no: nothing };

/** True where the path leads to something. What it leads through is present then. */
export function checkHas(scope: Scope, path: PathExpression): Checked {
  const { report } = scope.setting;
  if (path.root.kind !== "keyword") {
    if (path.root.kind === "name") reportRoot(scope, path.root.name, path);
    else report.add(finding("type/class", path.rootSpan, { class: path.root.name.text }));
    return refused;
  }
  const read = readPath(scope, path, path.root.word);
  if (read === null) return refused;
  report.note(placeKey("has", path.span), read.needs.length > 0, () =>
    finding("lint/redundant-has", path.span, { path: read.text }),
  );
  return { formula: askPresence(read), yes: presentWith(read), no: nothing };
}

/** `path != null` is reported, and stands for the `has` that it means: what follows it is guarded. */
export function checkNull(scope: Scope, test: NullTest, span: Span): Checked {
  const { path, present } = test;
  if (path.root.kind !== "keyword") return refused;
  const read = readPath(scope, path, path.root.word);
  if (read === null) return refused;
  scope.setting.report.add(comparedWithNull(test, span, read.needs.length > 0));
  const formula = askPresence(read);
  const there = presentWith(read);
  return present ? { formula, yes: there, no: nothing } : { formula: not(formula), yes: nothing, no: there };
}
