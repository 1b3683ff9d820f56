/** The kinds of findings as SARIF rules. All of them in every report, so that a rule's place never depends on what was found. */
import {
  diagnosticPages,
  diagnostics,
  type DiagnosticCode,
  type Example,
} from "@wardline/compiler/diagnostics";
import type { DiagnosticEntry } from "@wardline/compiler";
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
  const { summary, why, wrong, right } = diagnosticPages[code];
  const cure = entry.help === undefined ? [] : [withoutHoles(entry.help)];
  const more = `\`wardline help ${code}\` says more.`;
  return {
    id: code,
    name: nameOf(code),
    shortDescription: { text: summary },
    fullDescription: { text: why },
    help: {
      text: [why, ...cure, more].join("\n\n"),
      markdown: [why, ...cure, "Wrong:", fenced(wrong), "Right:", fenced(right), more].join("\n\n"),
    },
    defaultConfiguration: { level: levelOf(entry.severity) },
    properties: { tags: [code.slice(0, code.indexOf("/"))], precision: "very-high" },
  };
}

function fenced(example: Example): string {
  const { text, shown } = typeof example === "string" ? { text: example, shown: undefined } : example;
  return `\`\`\`ward\n${(shown ?? text).replaceAll(/[⟪⟫]/g, "").trimEnd()}\n\`\`\``;
}

/** `name/not-unique` as `NameNotUnique`. */
export function nameOf(code: string): string {
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
