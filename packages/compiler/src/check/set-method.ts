/** `.contains(x)`, `.contains_any([x, y])`, `.contains_all([x, y])`, `.is_empty`: what a set holds. */
import type { ScalarType, Span } from "@wardline/core";
import type { Expression, PathStep } from "../ast/expression.ts";
import { finding } from "../diagnostics/table.ts";
import { fits } from "./fits.ts";
import { all, any, ask, never, type Formula } from "./formula.ts";
import type { Known } from "./known.ts";
import { constantType } from "./literal-value.ts";
import { constantOf } from "./literal.ts";
import type { ReadPath } from "./read-path.ts";
import { sideOf } from "./side.ts";
import type { Scope } from "./scope.ts";
import { replaceFix } from "./suggest.ts";
import { worded, wordsOf } from "./words.ts";

export const setMethods = ["contains", "contains_any", "contains_all"] as const;
export type SetMethod = (typeof setMethods)[number];

export function isSetMethod(text: string): text is SetMethod {
  return (setMethods as readonly string[]).includes(text);
}

/** Where a method stands: the whole of it, and what comes before its name. */
export interface MethodWords {
  readonly span: Span;
  readonly owner: Span;
}

/** `contains_any` and `contains_all` are `or` and `and` of `contains`. */
export function combine(
  scope: Scope,
  method: SetMethod,
  { args, name }: PathStep,
  { span, owner }: MethodWords,
  one: (element: Expression) => Formula,
): Formula {
  const { report } = scope.setting;
  const [argument] = args ?? [];
  if (argument === undefined || args?.length !== 1) {
    const given = `${args?.length ?? 0}`;
    report.add(finding("type/arguments", name.span, { name: method, expected: "one argument", given }));
    return never;
  }
  if (method === "contains") {
    if (argument.kind !== "list") return one(argument);
    report.add(
      finding(
        "type/not-value",
        argument.span,
        { what: "a list" },
        {
          help: "write `contains_any` or `contains_all`",
          fixes: [replaceFix(name.span, "contains_any")],
        },
      ),
    );
    return never;
  }
  if (argument.kind !== "list") {
    const expected = "a list, as in `[a, b]`";
    const holes = { name: method, expected, given: "something else" };
    const help = "list the values; two sets are not compared";
    report.add(finding("type/arguments", argument.span, holes, { help }));
    return never;
  }
  if (argument.of.length === 0) {
    report.add(finding("type/empty-list", argument.span, {}));
    return never;
  }
  const each = argument.of.map((element) => {
    return worded(one(element), wordsOf(span, owner, "contains(", element.span, ")"));
  });
  return method === "contains_any" ? any(each) : all(each);
}

/** The question whether a set holds one value. */
export function containsElement(
  scope: Scope,
  read: ReadPath,
  of: ScalarType,
  element: Expression,
  known: Known,
): Formula {
  const { report } = scope.setting;
  const side = sideOf(scope, element, known);
  if (side === null) return never;
  if (side.kind === "set" || side.kind === "list") {
    report.add(
      finding(
        "type/not-value",
        element.span,
        { what: side.kind === "set" ? "a set" : "a list" },
        { help: "give one value" },
      ),
    );
    return never;
  }
  if (side.kind === "fact" && side.term.kind === "now") {
    const what = `\`${side.read.text}\` inside of a method`;
    report.add(
      finding("type/not-value", element.span, { what }, { help: "compare it, as in `x < now - 5m`" }),
    );
    return never;
  }
  const term = side.kind === "fact" ? side.term : constantOf(scope, side.expression, of);
  if (term === null) return never;
  const type = side.kind === "fact" ? side.type : term.kind === "constant" ? term.type : of;
  if (!fits(scope, element, of, type)) return never;
  return ask({ kind: "contains", set: read.fact, of: term, type: constantType(of) });
}
