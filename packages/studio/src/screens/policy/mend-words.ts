/** How much there is to mend in a file, in words. */
import type { Diagnostic } from "vscode-languageserver-protocol";

/** What is only to know, such as a rule without a test, needs no mending. */
export function mendWords(found: readonly Pick<Diagnostic, "severity">[]): string {
  const wrong = found.filter(({ severity }) => severity === 1 || severity === 2).length;
  return wrong === 0 ? `${found.length} to know` : `${wrong} to mend`;
}
