/** Joins the parts of a chain of `and`/`or` or of comparisons. Must note every chain whose meaning is not written. */
import type { Finding, Span, TextEdit } from "@wardline/core";
import type { Expression } from "../../ast/expression.ts";
import { finding } from "../../diagnostics/table.ts";

/** A part with its place, its parentheses included, and the operator before it. */
export interface Part<Operator> {
  readonly operator: Operator;
  readonly operatorSpan: Span;
  readonly value: Expression;
  readonly span: Span;
}

export type Connective = "and" | "or";
export type ComparisonOperator = Extract<Expression, { kind: "compare" }>["op"];

export interface Joined {
  readonly expression: Expression;
  readonly finding: Finding | null;
}

const whole = (first: Span, last: Span): Span => ({ ...first, end: last.end });

const insert = (file: string, at: number, text: string): TextEdit => ({
  span: { file, start: at, end: at },
  text,
});

type Parts<Operator> = readonly [Part<null>, ...Part<Operator>[]];

/** `a and b and c`, or a note that `and` and `or` are mixed and the reading in which `and` binds first. */
export function joinConnectives(parts: Parts<Connective>): Joined {
  const [first, ...rest] = parts;
  const groups: Part<Connective | null>[][] = [[first]];
  for (const part of rest) {
    if (part.operator === "or") groups.push([part]);
    else groups.at(-1)?.push(part);
  }
  const alternatives = groups.map(conjunction);
  const span = whole(first.span, rest.at(-1)?.span ?? first.span);
  const only = alternatives[0];
  if (only !== undefined && alternatives.length === 1) return { expression: only, finding: null };
  const expression: Expression = { kind: "or", of: alternatives, span };
  const mixed = groups.filter((group) => group.length > 1);
  if (mixed.length === 0) return { expression, finding: null };
  const edits = mixed.flatMap((group) => {
    const from = group[0]?.span ?? first.span;
    const to = group.at(-1)?.span ?? from;
    return [insert(from.file, from.start, "("), insert(to.file, to.end, ")")];
  });
  const place = rest.find((part) => part.operator !== rest[0]?.operator)?.operatorSpan ?? span;
  const related =
    rest[0] === undefined
      ? []
      : [{ span: rest[0].operatorSpan, message: `\`${rest[0].operator}\` stands here` }];
  const fixes = [{ title: "Put what `and` joins in parentheses", choice: true, edits }] as const;
  return { expression, finding: finding("syntax/mixed-and-or", place, {}, { related, fixes }) };
}

function conjunction(group: readonly Part<Connective | null>[]): Expression {
  const [first, ...rest] = group;
  if (first === undefined) throw new Error("Invariant: a group has a part");
  const last = rest.at(-1);
  if (last === undefined) return first.value;
  return { kind: "and", of: group.map((part) => part.value), span: whole(first.span, last.span) };
}

/** `a == b`, or a note that there is a third side and the reading as comparisons joined by `and`. */
export function joinComparison(parts: Parts<ComparisonOperator>, text: (span: Span) => string): Joined {
  const [first, ...rest] = parts;
  const compared = rest.map((right, index): Expression => {
    const left = index === 0 ? first : (rest[index - 1] ?? first);
    const span = whole(left.span, right.span);
    return {
      kind: "compare",
      op: right.operator,
      opSpan: right.operatorSpan,
      left: left.value,
      right: right.value,
      span,
    };
  });
  const [only, ...others] = compared;
  if (only === undefined) return { expression: first.value, finding: null };
  const last = rest.at(-1);
  const second = rest[1];
  if (others.length === 0 || last === undefined || second === undefined)
    return { expression: only, finding: null };
  const span = whole(first.span, last.span);
  const edits = [
    insert(span.file, span.start, "("),
    ...rest.slice(0, -1).map((part) => insert(span.file, part.span.end, ` and ${text(part.span)}`)),
    insert(span.file, span.end, ")"),
  ];
  const fixes = [{ title: "Join the comparisons with `and`", edits }];
  return {
    expression: { kind: "and", of: compared, span },
    finding: finding("syntax/chained-comparison", second.operatorSpan, {}, { fixes }),
  };
}
