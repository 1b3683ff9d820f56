/** Keeps names unique: the first declaration stands, each later one is reported. */
import type { Span } from "@wardline/core";
import type { Name } from "../ast/expression.ts";
import { finding } from "../diagnostics/table.ts";
import type { Report } from "./report.ts";

/** Declares a name in a namespace. False if the name was there already; the finding is then reported. */
export function declare(report: Report, seen: Map<string, Span>, kind: string, name: Name): boolean {
  const first = seen.get(name.text);
  if (first === undefined) {
    seen.set(name.text, name.span);
    return true;
  }
  report.add(
    finding(
      "name/duplicate",
      name.span,
      { kind, name: name.text },
      { related: [{ span: first, message: "first declared here" }] },
    ),
  );
  return false;
}

/** The statements of one kind. */
export function ofKind<S extends { readonly kind: string }, K extends S["kind"]>(
  statements: readonly S[],
  ...kinds: readonly K[]
): readonly Extract<S, { readonly kind: K }>[] {
  return statements.filter((statement): statement is Extract<S, { readonly kind: K }> =>
    kinds.includes(statement.kind as K),
  );
}
