/** The kinds of findings as SARIF rules. All of them in every report, so that a rule's place never depends on what was found. */
import { diagnostics, type DiagnosticCode, type DiagnosticEntry } from "@wardline/compiler";
import type { Severity } from "@wardline/core";

export interface SarifRule {
  readonly id: string;
  readonly name: string;
  readonly shortDescription: { readonly text: string };
  readonly fullDescription: { readonly text: string };
  readonly help: { readonly text: string; readonly markdown: string };
  readonly defaultConfiguration: { readonly level: SarifLevel };
  readonly properties: { readonly tags: readonly string[]; readonly precision: "very-high" };
}

export type SarifLevel = "error" | "warning" | "note";

export const codes: readonly DiagnosticCode[] = (Object.keys(diagnostics) as DiagnosticCode[]).toSorted();

export const sarifRules: readonly SarifRule[] = codes.map(ruleOf);

function ruleOf(code: DiagnosticCode): SarifRule {
  const entry: DiagnosticEntry = diagnostics[code];
  const what = withoutHoles(entry.message);
  const cure = entry.help === undefined ? `Mend what the message names.` : withoutHoles(entry.help);
  const more = `\`wardline help ${code}\` says more.`;
  return {
    id: code,
    name: nameOf(code),
    shortDescription: { text: what },
    fullDescription: { text: entry.note ?? what },
    help: { text: `${cure}\n\n${more}`, markdown: `${cure}\n\n${more}` },
    defaultConfiguration: { level: levelOf(entry.severity) },
    properties: { tags: [code.slice(0, code.indexOf("/"))], precision: "very-high" },
  };
}

/** `name/not-unique` as `NameNotUnique`. */
function nameOf(code: string): string {
  return code
    .split(/[/-]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

/** What a text says of every finding of its kind. */
function withoutHoles(text: string): string {
  return text.replaceAll(/`?\{\w+\}`?/g, "…");
}

export function levelOf(severity: Severity): SarifLevel {
  switch (severity) {
    case "error":
      return "error";
    case "warning":
      return "warning";
    case "info":
      return "note";
  }
}
