/** An AST as text, one node a line, without places: what a statement says and nothing of where. */
import type { Span } from "@wardline/core";
import type { FileAst } from "../../src/index.ts";

const isSpan = (value: object): value is Span => "start" in value && "end" in value && "file" in value;

const isName = (value: unknown): value is { text: string } =>
  typeof value === "object" &&
  value !== null &&
  "text" in value &&
  "span" in value &&
  Object.keys(value).length === 2;

function lines(key: string, value: unknown, indent: string): string[] {
  if (value === null || value === false) return [];
  if (typeof value === "string") return [`${indent}${key}: ${value}`];
  if (typeof value !== "object") return [`${indent}${key}: ${JSON.stringify(value)}`];
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    const names = items.filter(isName);
    if (names.length > 0 && names.length === items.length) {
      return [`${indent}${key}: ${names.map(({ text }) => text).join(", ")}`];
    }
    return items.flatMap((item) => lines(key, item, indent));
  }
  if (isSpan(value)) return [];
  if (isName(value)) return [`${indent}${key}: ${value.text}`];
  const { kind, ...rest } = value as { kind?: string };
  const inner = Object.entries(rest).flatMap(([name, child]) => lines(name, child, `${indent}  `));
  return [`${indent}${key}${kind === undefined ? "" : ` ${kind}`}`, ...inner];
}

/** The outline of a file. */
export function outline(ast: FileAst): string {
  const parts = [
    lines("header", ast.header, ""),
    ...ast.statements.map((statement) => lines("statement", statement, "")),
  ];
  return parts.map((part) => `${part.join("\n")}\n`).join("\n");
}
