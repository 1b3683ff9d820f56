/** Between the places and words of the language server and those of the editor. */
import type * as lsp from "vscode-languageserver-protocol";
import { monaco } from "./monaco.ts";

/** The file of an address as the editor keeps it: it writes `wardline:/a` for `wardline:///a`. */
export function fileOfUri({ scheme, path }: monaco.Uri): string | undefined {
  return scheme === "wardline" ? path.slice(1) : undefined;
}

export function placeOf({ lineNumber, column }: monaco.IPosition): lsp.Position {
  return { line: lineNumber - 1, character: column - 1 };
}

export function lspRange(range: monaco.IRange): lsp.Range {
  return {
    start: { line: range.startLineNumber - 1, character: range.startColumn - 1 },
    end: { line: range.endLineNumber - 1, character: range.endColumn - 1 },
  };
}

export function rangeOf({ start, end }: lsp.Range): monaco.IRange {
  return {
    startLineNumber: start.line + 1,
    startColumn: start.character + 1,
    endLineNumber: end.line + 1,
    endColumn: end.character + 1,
  };
}

export function markdownOf(content: string | lsp.MarkupContent | lsp.MarkedString): monaco.IMarkdownString {
  // A word of documentation that is no Markdown, which anybody may have written.
  if (typeof content === "string") return { value: escaped(content) };
  if ("kind" in content)
    return { value: content.kind === "markdown" ? content.value : escaped(content.value) };
  return { value: `\`\`\`${content.language}\n${content.value}\n\`\`\`` };
}

/** Plain text as Markdown that shows the same. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()#+\-.!<>|&~]/g, String.raw`\$&`);
}

/** Ours are plain text always. */
function messageOf({ message }: lsp.Diagnostic): string {
  return typeof message === "string" ? message : message.value;
}

const severities = {
  1: monaco.MarkerSeverity.Error,
  2: monaco.MarkerSeverity.Warning,
  3: monaco.MarkerSeverity.Info,
  4: monaco.MarkerSeverity.Hint,
} as const;

export function markerOf(diagnostic: lsp.Diagnostic): monaco.editor.IMarkerData {
  const { range, severity = 1, code, source, relatedInformation } = diagnostic;
  return {
    ...rangeOf(range),
    message: messageOf(diagnostic),
    severity: severities[severity],
    ...(code === undefined ? {} : { code: String(code) }),
    ...(source === undefined ? {} : { source }),
    relatedInformation: (relatedInformation ?? []).map(({ location, message: words }) => ({
      ...rangeOf(location.range),
      resource: monaco.Uri.parse(location.uri),
      message: words,
    })),
  };
}
