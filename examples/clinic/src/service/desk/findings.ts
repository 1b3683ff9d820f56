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
}

interface Report {
  readonly findings: readonly {
    readonly severity: Finding["severity"];
    readonly code: string;
    readonly message: string;
    readonly labels: readonly {
      readonly file: string;
      readonly start: { readonly line: number; readonly column: number };
      readonly message: string | null;
    }[];
    readonly help: string | null;
  }[];
}

/** Those whose first place is in `file`: what is to be said of the platform's files is not the tenant's. */
export function readFindings(report: string, file: string): readonly Finding[] {
  const { findings } = JSON.parse(report) as Report;
  return findings.flatMap(({ severity, code, message, labels: [label], help }) =>
    label === undefined || label.file !== file
      ? []
      : [{ severity, code, message, ...label.start, label: label.message, help }],
  );
}
