import { MarkupKind } from "vscode-languageserver";
import { expect, test } from "vitest";
import { markup } from "../src/server/markup.ts";

const text = "```wardline\nLoan.card: String\n```\n\n**sealed** by `x`, ![](https://example.org/a.png)";

test.each([
  [["markdown", "plaintext"], "markdown"],
  [["plaintext", "markdown"], "plaintext"],
  [["plaintext"], "plaintext"],
  [[], "plaintext"],
  [undefined, "plaintext"],
] as const)("a client that names %j is given %s", (formats, kind) => {
  expect(markup(formats, text).kind).toBe(kind);
});

test("plain text has no signs of Markdown", () => {
  expect(markup([MarkupKind.PlainText], text).value).toMatch(/^Loan\.card: String\n\nsealed by x, /);
});
