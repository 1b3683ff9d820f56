/** An AST as text, one node a line, without places: what a statement says and nothing of where. */
import type { FileAst, Span } from "../../src/index.ts";

const isSpan = (value: object): value is Span => "start" in value && "end" in value && "file" in value;

const isName = (value: object): value is { text: string } =>
  "text" in value && "span" in value && Object.keys(value).length === 2;

function lines(key: string, value: unknown, indent: string): string[] {
  if (value === null || value === false) return [];
  if (typeof value !== "object")
    return [`${indent}${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`];
  if (isSpan(value)) return [];
  if (Array.isArray(value)) {
    if (value.length === 0) return [];
    if (value.every((item) => typeof item === "object" && item !== null && isName(item))) {
      return [`${indent}${key}: ${value.map((item: { text: string }) => item.text).join(", ")}`];
    }
    return value.flatMap((item) => lines(key, item, indent));
  }
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
