import type { Finding, Span } from "@wardline/core";
import { finding } from "../diagnostics/table.ts";

/** The finding for a construct of the language that this version parses and does not carry out. */
export function notYet(construct: string, span: Span, help?: string): Finding {
  return finding("language/not-yet", span, { construct }, help === undefined ? {} : { help });
}
