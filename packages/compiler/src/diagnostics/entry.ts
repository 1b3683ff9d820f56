import type { Severity } from "@wardline/core";

/** A kind of finding. Holes are written `{name}`; `note` says why it matters, `help` what to do. */
export interface DiagnosticEntry {
  readonly severity: Severity;
  readonly message: string;
  readonly note?: string;
  readonly help?: string;
}
