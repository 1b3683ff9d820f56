/** What a mutation did to a text's findings, and where. */
import type { Finding, Span } from "@wardline/core";
import type { FileAst } from "../../src/index.ts";
import { apply } from "./mutate.ts";
import type { Mutation } from "./mutate.ts";

/** What is known of a text: its statements, and its findings. */
export interface Examined {
  readonly ast: FileAst;
  readonly findings: readonly Finding[];
}

export interface Verdict {
  /** Whether the mutation made a finding. */
  readonly found: boolean;
  /** Whether a caret stands inside the mutated statement. */
  readonly inside: boolean;
  /** Findings outside the mutated statement that came or went. */
  readonly elsewhere: readonly string[];
  /** Statements outside it that are no longer there. */
  readonly lost: readonly string[];
}

/** The statements, or the header, that a mutation changes; null if it lies in what was damaged already. */
function regionOf({ ast }: Examined, { start, end }: Mutation): { start: number; end: number } | null {
  const spans = [
    ...(ast.header === null ? [] : [ast.header.span]),
    ...ast.statements.map(({ span }) => span),
  ];
  const touched = spans.filter((span) => span.start < end && start < span.end);
  const [first, last] = [touched[0], touched.at(-1)];
  if (first === undefined || last === undefined || first.start > start || last.end < end) return null;
  return { start: first.start, end: last.end };
}

/** Judges a mutation of a text; null if it is of no statement. */
export function judge(
  text: string,
  before: Examined,
  mutation: Mutation,
  examine: (text: string) => Examined,
): Verdict | null {
  const region = regionOf(before, mutation);
  if (region === null) return null;
  const after = examine(apply(text, mutation));
  const shift = mutation.put.length - (mutation.end - mutation.start);
  const moved = (at: number) => (at >= region.end ? at + shift : at);
  // An error at a statement's end is shown at its last token.
  const isInside = ({ start }: Span, by: number) => region.start <= start && start <= region.end + by;
  const outside = (findings: readonly Finding[], by: number, at: (offset: number) => number) =>
    findings
      .filter(({ labels: [{ span }] }) => !isInside(span, by))
      .map(({ code, message, labels: [{ span }] }) => `${at(span.start)} ${code}: ${message}`);
  const was = outside(before.findings, 0, moved);
  const is = outside(after.findings, shift, (offset) => offset);
  const key = (kind: string, span: Span, at: (offset: number) => number) =>
    `${kind} ${at(span.start)}-${at(span.end - 1) + 1}`;
  const kept = new Set(after.ast.statements.map(({ kind, span }) => key(kind, span, (offset) => offset)));
  const others = before.ast.statements.filter(({ span }) => !isInside(span, 0));
  return {
    found: after.findings.length > before.findings.length || is.some((one) => !was.includes(one)),
    inside: after.findings.some(({ labels: [{ span }] }) => isInside(span, shift)),
    elsewhere: [...was.filter((one) => !is.includes(one)), ...is.filter((one) => !was.includes(one))],
    lost: others.map(({ kind, span }) => key(kind, span, moved)).filter((one) => !kept.has(one)),
  };
}
