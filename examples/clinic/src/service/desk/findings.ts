/** Findings about a tenant's own text, out of the report of `wardline check --format json`. */

export interface Finding {
  readonly severity: "error" | "warning" | "info";
  readonly code: string;
  readonly message: string;
  readonly line: number;
  readonly column: number;
  /** What stands at the place, and what to do, where there is something to say. */
  readonly label: string | null;
  readonly help: string | null;
  /** The line that it is about, in three parts: before the words, the words, after them. */
  readonly excerpt: readonly [string, string, string];
}

/** From 1; columns are code points. */
interface Place {
  readonly line: number;
  readonly column: number;
}

interface Report {
  readonly findings: readonly {
    readonly severity: Finding["severity"];
    readonly code: string;
    readonly message: string;
    readonly labels: readonly {
      readonly file: string;
      readonly start: Place;
      readonly end: Place;
      readonly message: string | null;
    }[];
    readonly help: string | null;
  }[];
}

/**
 * Those with a place in `file`, which has this text, and all errors: what else is to be said of the platform's files is not the tenant's, but
 * an error stops the publication wherever it is.
 */
export function readFindings(report: string, file: string, text: string): readonly Finding[] {
  const { findings } = JSON.parse(report) as Report;
  const lines = text.split("\n");
  return findings.flatMap(({ severity, code, message, labels, help }): readonly Finding[] => {
    const [first] = labels;
    const label = severity === "error" ? (labels.find((one) => one.file === file) ?? first) : first;
    if (label?.file !== file)
      return severity === "error"
        ? [
            {
              severity,
              code,
              message,
              ...beginning,
              label: label?.message ?? null,
              help,
              excerpt: ["", "", ""],
            },
          ]
        : [];
    const { start, end } = label;
    const excerpt = excerptOf(lines[start.line - 1] ?? "", start, end);
    return [{ severity, code, message, ...start, label: label.message, help, excerpt }];
  });
}

/** Of an error that is nowhere in the text. */
const beginning: Place = { line: 1, column: 1 };

/** Code points that are shown of each part. */
const longestPart = 100;

/** Words over several lines are shown to the end of the first one. */
function excerptOf(line: string, start: Place, end: Place): Finding["excerpt"] {
  const points = Array.from(line);
  const to = end.line === start.line ? end.column - 1 : points.length;
  const [before, words, after] = [
    points.slice(0, start.column - 1),
    points.slice(start.column - 1, to),
    points.slice(to),
  ];
  const cut = (part: readonly string[]): string =>
    part.length > longestPart ? `${part.slice(0, longestPart).join("")}…` : part.join("");
  const tail = before.length > longestPart ? `…${before.slice(-longestPart).join("")}` : before.join("");
  return [tail.trimStart(), cut(words), cut(after)];
}
