/** What can be done at a place of a text. Which actions there are is known at once; their edits are made when one is chosen. */
import type { Statement } from "@wardline/compiler";
import type { Finding, TextEdit } from "@wardline/core";
import type { Snapshot } from "../workspace/snapshot.ts";

export type ActionKind =
  | "quickfix"
  | "refactor.extract"
  | "refactor.inline"
  | "refactor.rewrite"
  | "source.fixAll.wardline";

export interface Action {
  readonly title: string;
  readonly kind: ActionKind;
  /** The finding that it mends. */
  readonly finding?: Finding;
  /** True for the one fix of a finding that can be carried out unasked. */
  readonly isPreferred?: boolean;
  /** Null where it turns out that it cannot be done; edits of the project's files. */
  readonly edits: () => readonly TextEdit[] | null;
}

/** Where actions are asked for. */
export interface ActionPlace {
  readonly snapshot: Snapshot;
  readonly file: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The statement at the place. */
  readonly statement: Statement | null;
}

export function actionPlace(
  snapshot: Snapshot,
  file: string,
  range: { readonly start: number; readonly end: number },
): ActionPlace | null {
  const text = snapshot.text(file);
  if (text === undefined) return null;
  const statements = snapshot.parsed(file)?.ast.statements ?? [];
  const statement =
    statements.find(({ span }) => span.start <= range.start && range.start <= span.end) ?? null;
  return { snapshot, file, text, ...range, statement };
}
