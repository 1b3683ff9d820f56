/** A finding as a diagnostic: the same code, severity, place and words as on the command line. */
import {
  DiagnosticSeverity,
  DiagnosticTag,
  type ClientCapabilities,
  type Diagnostic,
} from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Finding } from "@wardline/core";
import type { ConfigProblem, LoadedProject } from "../workspace/load-project.ts";
import { configPlace } from "./config-place.ts";
import type { ServerContext } from "./feature.ts";
import { rangeIn } from "./places.ts";

/** What goes with a diagnostic: the parts of the finding, as they are. */
export interface DiagnosticData {
  readonly code: string;
  readonly note?: string;
  readonly help?: string;
  readonly fixes: Finding["fixes"];
}

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
} as const;

/** What could go and nothing would change: editors fade it. */
const needless =
  /^(?:lint\/(?:unused|redundant|repeated|dead|shadowed|duplicate)-|suppression\/unused$|guardrail\/trusting-unused$)/;

export function diagnosticOf(
  { locate, client }: ServerContext,
  project: LoadedProject,
  finding: Finding,
): Diagnostic {
  const [first, ...others] = finding.labels;
  const { code, severity, message, note, help, fixes } = finding;
  const data: DiagnosticData = {
    code,
    ...(note === undefined ? {} : { note }),
    ...(help === undefined ? {} : { help }),
    fixes,
  };
  const tagged = needless.test(code) && showsTags(client);
  return {
    range: locate(project, first.span).range,
    severity: severities[severity],
    code,
    source: "wardline",
    message: wordsOf(message, first.message, note, help),
    data,
    ...(tagged ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    ...(relates(client) && others.length > 0
      ? {
          relatedInformation: others.map((label) => ({
            location: locate(project, label.span),
            message: visible(label.message ?? "see here"),
          })),
        }
      : {}),
  };
}

/** A problem of a configuration, in its own text. */
export function configDiagnostic(document: TextDocument, problem: ConfigProblem): Diagnostic {
  return {
    range: rangeIn(document, configPlace(document.getText(), problem)),
    severity: DiagnosticSeverity.Error,
    source: "wardline",
    message: wordsOf(problem.problem, undefined, undefined, problem.help),
  };
}

/** Why a file is in no project, where its header stands: `wardline check` checks nothing of it. */
export function projectDiagnostic(
  document: TextDocument,
  header: { readonly start: number; readonly end: number },
  { problem, help }: ConfigProblem,
): Diagnostic {
  return {
    range: rangeIn(document, header),
    severity: DiagnosticSeverity.Error,
    source: "wardline",
    message: wordsOf(problem, undefined, "what it names is not checked", help),
  };
}

function wordsOf(message: string, here?: string, note?: string, help?: string): string {
  const lines = [message, here, note, help === undefined ? undefined : `help: ${help}`];
  return visible(lines.filter((line) => line !== undefined).join("\n"));
}

/** Characters that act or cannot be seen are shown by name, as on the command line. */
function visible(text: string): string {
  return text.replaceAll(/[^\P{C}\n\t]|[\p{Zl}\p{Zp}]/gu, (char) => {
    const code = (char.codePointAt(0) as number).toString(16).toUpperCase();
    return `<U+${code.padStart(4, "0")}>`;
  });
}

const relates = ({ textDocument }: ClientCapabilities) =>
  textDocument?.publishDiagnostics?.relatedInformation === true ||
  textDocument?.diagnostic?.relatedInformation === true;

const showsTags = ({ textDocument }: ClientCapabilities) =>
  [textDocument?.publishDiagnostics, textDocument?.diagnostic].some(
    (one) => one?.tagSupport?.valueSet.includes(DiagnosticTag.Unnecessary) === true,
  );
