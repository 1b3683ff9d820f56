/** Children after one another, with a space between those that are not written together. */
import type { IToken, TokenType } from "chevrotain";
import type { CstElement } from "../../cst/node.ts";
import type { RuleName } from "../../parse/grammar/rule-names.ts";
import {
  At,
  CloseRound,
  CloseSquare,
  Colon,
  Comma,
  Dot,
  DotDot,
  Equal,
  Greater,
  Less,
  Minus,
  OpenRound,
  OpenSquare,
  Question,
} from "../../parse/tokens.ts";
import { gap, sequence } from "../doc.ts";
import type { Doc } from "../doc.ts";
import { firstToken, lastToken } from "./builder.ts";
import type { Builder } from "./builder.ts";

const noneBefore: ReadonlySet<TokenType> = new Set([
  Comma,
  Colon,
  CloseRound,
  CloseSquare,
  Dot,
  DotDot,
  Question,
]);
const noneAfter: ReadonlySet<TokenType> = new Set([OpenRound, OpenSquare, Dot, DotDot, At]);
/** Where `(` opens what a name is given, and is written together with it. */
const calls: ReadonlySet<RuleName> = new Set([
  "annotation",
  "let",
  "call",
  "path",
  "relation",
  "parent",
  "storage",
  "join",
  "type",
  "given",
]);
/** Where `-` is a sign. In a rule that is none of these it stands between two values. */
const signs: ReadonlySet<RuleName> = new Set(["negative", "number", "datum"]);
const angles: ReadonlySet<TokenType> = new Set([Less, Greater]);

function isTight(rule: RuleName, left: IToken, right: IToken): boolean {
  if (noneBefore.has(right.tokenType) || noneAfter.has(left.tokenType)) return true;
  if (right.tokenType === OpenRound) return calls.has(rule) && left.tokenType !== Equal;
  if (left.tokenType === Minus) return signs.has(rule);
  return rule === "type" && (angles.has(left.tokenType) || angles.has(right.tokenType));
}

/** Children on one line, as far as none of them needs more. */
export function spaced(children: readonly CstElement[], builder: Builder, rule: RuleName): Doc {
  const docs: Doc[] = [];
  let left: IToken | null = null;
  for (const child of children) {
    const right = firstToken(child);
    if (right === null) continue;
    if (left !== null && !isTight(rule, left, right.token)) docs.push(gap);
    docs.push(builder.of(child));
    left = lastToken(child)?.token ?? null;
  }
  const [only] = docs;
  return only !== undefined && docs.length === 1 ? only : sequence(docs);
}
