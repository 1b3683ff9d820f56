/** The files that a policy is checked from, each with whose it is. */
import type { SourceFile, Span } from "@wardline/core";
import type { RequireStatement, RuleStatement, Statement } from "../ast/statement.ts";
import { ofKind } from "./declare.ts";

/** The statements of one file that stand where they belong. */
export interface PlacedFile {
  readonly source: SourceFile;
  readonly statements: readonly Statement[];
  readonly headerSpan: Span;
  /** The pack that they come from, and where it is used; null for a file of its own layer. */
  readonly pack: { readonly name: string; readonly use: Span } | null;
}

export type AnyRule = RuleStatement | RequireStatement;

/** The rules of a file, in the order of its text. */
export function rulesOf(file: PlacedFile): readonly AnyRule[] {
  return ofKind(file.statements, "permit", "forbid", "ceiling", "floor", "share", "require");
}
