/** The smallest parts of a printed statement. */
import type { Node } from "libpg-query";

export type Print = (node: Node | undefined) => string;

export function name(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** A text that reads the same whatever `standard_conforming_strings` is. */
export function literal(text: string): string {
  const quoted = text.replaceAll("'", "''");
  return text.includes("\\") ? `E'${quoted.replaceAll("\\", "\\\\")}'` : `'${quoted}'`;
}

export function list(nodes: readonly Node[] | undefined, print: (node: Node) => string): string {
  return (nodes ?? []).map(print).join(", ");
}
