/**
 * Every finding that the compiler can report, in one typed table: a wrong code or a missing hole does not compile.
 * Messages name the thing; `{hole}`s are filled by {@link finding}.
 */
import type { Finding, Fix, Label, Span } from "@wardline/core";
import { checkDiagnostics } from "./checks.ts";
import type { DiagnosticEntry } from "./entry.ts";
import { suppressionDiagnostics } from "./suppressions.ts";
import { syntaxDiagnostics } from "./syntax.ts";

export const diagnostics = { ...syntaxDiagnostics, ...checkDiagnostics, ...suppressionDiagnostics } as const;

export type DiagnosticCode = keyof typeof diagnostics;

type Holes<Text extends string> = Text extends `${string}{${infer Hole}}${infer Rest}`
  ? Hole | Holes<Rest>
  : never;
type HolesOf<Code extends DiagnosticCode> = Holes<
  (typeof diagnostics)[Code] extends { readonly message: infer M extends string; readonly help?: infer H }
    ? H extends string
      ? `${M}${H}`
      : M
    : never
>;

export interface FindingExtras {
  readonly label?: string;
  /** In place of the table's. */
  readonly note?: string;
  readonly related?: readonly Label[];
  readonly help?: string;
  readonly fixes?: readonly Fix[];
}

/** A finding of a code at a place, its holes filled. */
export function finding<Code extends DiagnosticCode>(
  code: Code,
  span: Span,
  holes: { readonly [Hole in HolesOf<Code>]: string },
  extras: FindingExtras = {},
): Finding {
  const entry: DiagnosticEntry = diagnostics[code];
  const fill = (text: string) =>
    text.replaceAll(/\{(\w+)\}/g, (_, hole: string) => (holes as Record<string, string>)[hole] ?? "");
  const help = extras.help ?? (entry.help === undefined ? undefined : fill(entry.help));
  const note = extras.note ?? entry.note;
  const first: Label = extras.label === undefined ? { span } : { span, message: extras.label };
  return {
    code,
    severity: entry.severity,
    message: fill(entry.message),
    labels: [first, ...(extras.related ?? [])],
    ...(note === undefined ? {} : { note }),
    ...(help === undefined ? {} : { help }),
    fixes: extras.fixes ?? [],
  };
}
