import type { Span } from "@wardline/core";

/** A name with its place. */
export interface Name {
  readonly text: string;
  readonly span: Span;
}

export type PathRoot = "principal" | "resource" | "prior" | "next" | "context" | "tenant" | "clock" | "now";

export interface PathStep {
  readonly name: Name;
  /** Arguments of a method (`.contains(x)`), or null for a plain member. */
  readonly args: readonly Expression[] | null;
}

export type LiteralKind =
  | "int"
  | "decimal"
  | "string"
  | "bool"
  | "duration"
  | "period"
  | "time"
  | "date"
  | "instant"
  | "uuid"
  | "ipv4"
  | "ipv6";

export type Expression =
  | { readonly kind: "and" | "or"; readonly of: readonly Expression[]; readonly span: Span }
  | { readonly kind: "not"; readonly of: Expression; readonly span: Span }
  | { readonly kind: "has"; readonly path: PathExpression; readonly span: Span }
  | {
      readonly kind: "compare";
      readonly op: "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in";
      readonly opSpan: Span;
      readonly left: Expression;
      readonly right: Expression;
      readonly span: Span;
    }
  | PathExpression
  | {
      readonly kind: "fallback";
      readonly path: PathExpression;
      readonly literal: Expression;
      readonly span: Span;
    }
  | {
      readonly kind: "now";
      /** `now - 5m`; null for plain `now`. */
      readonly offset: { readonly sign: "+" | "-"; readonly duration: string; readonly span: Span } | null;
      readonly span: Span;
    }
  /** `text` as written, with quotes, underscores and a leading minus where there is one. */
  | { readonly kind: "literal"; readonly type: LiteralKind; readonly text: string; readonly span: Span }
  | { readonly kind: "time_range"; readonly from: string; readonly to: string; readonly span: Span }
  /** `Branch "main"` */
  | { readonly kind: "entity"; readonly entity: Name; readonly id: string; readonly span: Span }
  | { readonly kind: "list"; readonly of: readonly Expression[]; readonly span: Span };

/** `resource.branch`, `guards(principal, resource)`, `same_branch`, `librarian`, `open`. */
export interface PathExpression {
  readonly kind: "path";
  /** A keyword root, or a bare name (let, relation, enum value, role, parameter), or a class `#phi`. */
  readonly root:
    | { readonly kind: "keyword"; readonly word: PathRoot }
    | { readonly kind: "name"; readonly name: Name }
    | { readonly kind: "class"; readonly name: Name };
  readonly rootSpan: Span;
  readonly args: readonly Expression[] | null;
  readonly steps: readonly PathStep[];
  readonly span: Span;
}
