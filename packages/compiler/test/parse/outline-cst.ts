/**
 * A concrete syntax tree as text: a line for each node, with the rules that took nothing but one other rule before it,
 * and a line for each run of tokens and each comment in it.
 */
import type { CstElement, CstFile, CstNode, Trivia } from "../../src/index.ts";

const commentsOf = (trivia: readonly Trivia[]) =>
  trivia.filter(({ kind }) => kind !== "space").map(({ kind, text }) => (kind === "comment" ? text : kind));

function nodeLines(node: CstNode, indent: string, before = ""): string[] {
  const name = `${before}${node.rule}`;
  const [only, ...others] = node.children;
  if (only?.kind === "node" && others.length === 0) return nodeLines(only, indent, `${name} > `);
  return [indent + name, ...elementLines(node.children, `${indent}  `)];
}

function elementLines(elements: readonly CstElement[], indent: string): string[] {
  const lines: string[] = [];
  let run: string[] = [];
  const flush = () => {
    if (run.length > 0) lines.push(indent + run.join(" "));
    run = [];
  };
  for (const element of elements) {
    if (element.kind === "node") {
      flush();
      lines.push(...nodeLines(element, indent));
      continue;
    }
    for (const comment of commentsOf(element.leading)) {
      flush();
      lines.push(indent + comment);
    }
    run.push(element.token.image);
  }
  flush();
  return lines;
}

/** The outline of a file's tree. */
export function outlineCst(file: CstFile): string {
  return [...elementLines(file.children, ""), ...commentsOf(file.end), ""].join("\n");
}
