import type { Span } from "@wardline/core";
import { expect, test } from "vitest";
import { parseFile } from "../../src/index.ts";
import type { Expression, FileAst } from "../../src/index.ts";
import { corpus, samples, textsIn } from "./texts.ts";

const files = [
  ...textsIn(`${corpus}valid/`, ".ward"),
  ...(samples === null ? [] : textsIn(samples, ".ward")),
];

type Node = Readonly<Record<string, unknown>> & { readonly span: Span };
const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "span" in value;

/** Every node with a place, with the nearest one around it. */
function nodes(value: unknown, around: Node | null): { readonly node: Node; readonly around: Node | null }[] {
  if (typeof value !== "object" || value === null) return [];
  const here = isNode(value) ? [{ node: value, around }] : [];
  const inner = isNode(value) ? value : around;
  return [...here, ...Object.values(value).flatMap((child) => nodes(child, inner))];
}

const nodesOf = (ast: FileAst) => [...nodes(ast.header, null), ...nodes(ast.statements, null)];

test.each(files)("the places of $name are those of its words", ({ name, text }) => {
  const { ast } = parseFile({ name, text });
  const all = nodesOf(ast);
  expect(all.length).toBeGreaterThan(1);
  for (const { node, around } of all) {
    const { file, start, end } = node.span;
    const written = text.slice(start, end);
    expect(file).toBe(name);
    expect(written).toBe(written.trim());
    expect(written).not.toBe("");
    if (around !== null) {
      expect(start).toBeGreaterThanOrEqual(around.span.start);
      expect(end).toBeLessThanOrEqual(around.span.end);
    }
    const isName = Object.keys(node).length === 2 && "text" in node;
    if (isName) expect([node["text"], `#${String(node["text"])}`]).toContain(written);
    if (node["kind"] === "literal") expect(written.replaceAll(/^-\s+/g, "-")).toBe(node["text"]);
  }
});

function valueOf(text: string): Expression {
  const { ast, findings } = parseFile({ name: "x", text: `policy north for library\nlet it = ${text}` });
  expect(findings).toEqual([]);
  const [statement] = ast.statements;
  if (statement?.kind !== "let") throw new Error("no let");
  return statement.value;
}

test("strings are kept as written, and resolved where they stand for a text", () => {
  expect(valueOf('"a \\"b\\""')).toMatchObject({ kind: "literal", type: "string", text: '"a \\"b\\""' });
  expect(valueOf('Book "a \\"b\\\\\\n\\t"')).toMatchObject({ kind: "entity", id: 'a "b\\\n\t' });
  const text = 'policy north for library\n@note("a \\"b\\"")\npermit a: b to c D because "x\\\\y"';
  const [statement] = parseFile({ name: "x", text }).ast.statements;
  expect(statement).toMatchObject({
    annotations: [{ text: 'a "b"' }],
    clauses: [{ kind: "because", text: "x\\y" }],
  });
});

test("a minus belongs to its number", () => {
  expect(valueOf("- 5")).toMatchObject({ kind: "literal", type: "int", text: "-5" });
  expect(valueOf("-1_0.50")).toMatchObject({ kind: "literal", type: "decimal", text: "-1_0.50" });
});

test("a comparison of `not in` is placed at its operator", () => {
  const value = valueOf("a not  in b");
  expect(value).toMatchObject({ kind: "compare", op: "not in" });
  if (value.kind === "compare") expect(value.opSpan.end - value.opSpan.start).toBe("not  in".length);
});

test("an id or a text with an escape that means nothing has a finding", () => {
  const { findings } = parseFile({
    name: "x",
    text: 'policy north for library\nlet a = b == Book "c\\u0041"',
  });
  expect(findings.map(({ code }) => code)).toEqual(["syntax/bad-escape"]);
});

test("documentation belongs to the statement or field after it, on lines of its own", () => {
  const text = [
    "model library",
    "/// One.",
    "//// ruler",
    "/// Two.",
    "entity Book { /// not of the field",
    "  /// Of the title.",
    "  title: String /// not of the next field",
    "  notes: String",
    "} /// not of the role",
    "role a",
  ].join("\n");
  const [book, role] = parseFile({ name: "x", text }).ast.statements;
  expect(book).toMatchObject({ doc: "One.\nTwo.", fields: [{ doc: "Of the title." }, { doc: null }] });
  expect(role).toMatchObject({ doc: null });
});
