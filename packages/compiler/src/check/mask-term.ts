/** How a field is shown: the second argument of `mask`. */
import type { Mask } from "@wardline/core";
import type { Term } from "../ast/statement.ts";
import { finding } from "../diagnostics/table.ts";
import { isMask, maskFunctions, maskNames, type MaskFunction } from "./mask-table.ts";
import { misformed, type Call } from "./misformed.ts";
import type { Setting } from "./scope.ts";
import { unknownName } from "./suggest.ts";

/** The mask, or null if it was reported. */
export function maskOf(setting: Setting, term: Term): Mask | null {
  if (term.kind !== "call") {
    const help = `write one of ${maskNames.join(", ")}`;
    setting.report.add(finding("type/not-value", term.span, { what: "this" }, { help }));
    return null;
  }
  const { text } = term.name;
  if (!isMask(text)) {
    setting.report.add(unknownName("mask", term.name, maskNames));
    return null;
  }
  const { argument, make }: MaskFunction = maskFunctions[text];
  if (argument === null) {
    if (term.args.length === 0) return make(null, 0);
    misformed(setting, term, `\`${text}\` takes no arguments`);
    return null;
  }
  const { labels, most, says } = argument;
  const label = term.args[0]?.label?.text ?? null;
  const count = wholeArgument(term);
  const isLabelled = labels.length === 0 ? label === null : label !== null && labels.includes(label);
  if (isLabelled && count !== undefined && count >= 1 && count <= most) return make(label, count);
  misformed(setting, term, `\`${text}\` says ${says}, from 1 to ${most}`);
  return null;
}

/** The number of the one argument. */
function wholeArgument({ args }: Call): number | undefined {
  const [argument] = args;
  if (argument === undefined || args.length > 1) return undefined;
  const { term } = argument;
  return term.kind === "literal" && term.type === "int" ? Number(term.text.replaceAll("_", "")) : undefined;
}
