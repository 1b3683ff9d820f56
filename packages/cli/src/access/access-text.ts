/** The answers of `who-can` and `what-can`, a line each. */
import { answerText } from "@wardline/compiler/access";
import type { Access } from "@wardline/core/search";

/** `Member as librarian  sometimes, by north/desk`; `labelOf` says what the line is about. */
export function accessLines(all: readonly Access[], labelOf: (access: Access) => string): readonly string[] {
  const labels = all.map(labelOf);
  const width = Math.max(0, ...labels.map((label) => label.length));
  return all.map((access, i) => `${(labels[i] ?? "").padEnd(width)}  ${answerText(access)}`);
}
