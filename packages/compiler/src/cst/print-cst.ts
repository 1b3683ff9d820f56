/** A concrete syntax tree → the text that it was read from, byte for byte. */
import type { CstElement, CstFile, Trivia } from "./node.ts";

/** The text of a file's tree. */
export function printCst(file: CstFile): string {
  const out: string[] = [];
  const trivia = (all: readonly Trivia[]) => {
    for (const { text } of all) out.push(text);
  };
  const visit = (element: CstElement): void => {
    if (element.kind === "node") {
      element.children.forEach(visit);
      return;
    }
    trivia(element.leading);
    out.push(element.token.image);
  };
  file.children.forEach(visit);
  trivia(file.end);
  return out.join("");
}
