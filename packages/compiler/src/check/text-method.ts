/** `.starts_with(x)`, `.ends_with(x)`, `.contains(x)` of a String, by code point. */
import { formatType } from "@wardline/core";
import type { PathStep } from "../ast/expression.ts";
import { finding } from "../diagnostics/table.ts";
import { reportBareName } from "./bare-name.ts";
import { ask, never, type Fact, type Formula, type TextOp } from "./formula.ts";
import type { Known } from "./known.ts";
import { constantOf, rootWords } from "./literal.ts";
import { readSide, sideOf } from "./side.ts";
import type { ReadPath } from "./read-path.ts";
import { placeKey, type Scope } from "./scope.ts";

export const textMethods = ["starts_with", "ends_with", "contains"] as const;

export function isTextMethod(text: string): text is TextOp {
  return (textMethods as readonly string[]).includes(text);
}

/** The question whether a text begins with, ends with or contains another. */
export function checkTextMethod(
  scope: Scope,
  read: ReadPath,
  method: PathStep & { readonly name: { readonly text: TextOp } },
  known: Known,
): Formula {
  const { report } = scope.setting;
  const op = method.name.text;
  const owner = readSide(scope, read, known);
  const [argument, ...more] = method.args ?? [];
  if (argument === undefined || more.length > 0) {
    const given = `${method.args?.length ?? 0}`;
    report.add(finding("type/arguments", method.name.span, { name: op, expected: "one argument", given }));
    return never;
  }
  const side = sideOf(scope, argument, known);
  if (owner?.kind !== "fact" || side === null) return never;
  if (side.kind === "set" || side.kind === "list") {
    const what = side.kind === "set" ? "a set" : "a list";
    const help =
      side.kind === "list" ? `write one \`.${op}(…)\` for each, joined by \`or\`` : "give one text";
    report.add(finding("type/not-value", argument.span, { what }, { help }));
    return never;
  }
  if (side.kind === "open") {
    if (reportBareName(scope, side.expression, rootWords)) return never;
    const part = constantOf(scope, side.expression, { kind: "string" });
    if (part?.kind !== "constant") return never;
    report.note(placeKey("empty text", argument.span), part.value !== "", () =>
      finding("lint/always-same", argument.span, { answer: "true", why: "every text holds the empty one" }),
    );
    return ask({ kind: "text", op, of: owner.term, part });
  }
  if (side.type.kind !== "string") {
    report.add(finding("type/mismatch", argument.span, { left: "String", right: formatType(side.type) }));
    return never;
  }
  if (isOfRow(side.read.fact)) {
    report.add(finding("type/row-argument", argument.span, { path: side.read.text, method: op }));
    return never;
  }
  return ask({ kind: "text", op, of: owner.term, part: side.term });
}

/** True for what a row brings with it. */
function isOfRow({ source }: Fact): boolean {
  if (source.from === "reference") return source.of.root !== "principal";
  return source.from === "row" || source.from === "row_attribute";
}
