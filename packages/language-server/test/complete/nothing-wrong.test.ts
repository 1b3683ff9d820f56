/** What is offered is right: put in, the checker does not call it unknown, misplaced, or of a wrong type. */
import { parseFile, tokenize, type Tokens } from "@wardline/compiler";
import { checkProject, filesOf, type Project } from "@wardline/compiler/project";
import type { Finding } from "@wardline/core";
import { expect, test } from "vitest";
import { complete } from "../../src/complete/complete.ts";
import type { Item } from "../../src/complete/item.ts";
import { lendingProject } from "./lending-project.ts";
import { exampleProject, withText } from "./texts.ts";

/** What further words settle: a guard, an operator, an attribute after a root, what stands in braces. */
const open: ReadonlySet<string> = new Set([
  "type/unguarded",
  "type/not-value",
  "type/not-bool",
  "type/no-fact",
  "type/arguments",
  "type/never-matches",
  "type/mixed-rows",
  "guardrail/delegated",
  "type/literal",
  "type/not-condition",
  "type/empty-list",
  "obligation/reach",
]);

/** Words that an attribute follows. */
const roots: ReadonlySet<string> = new Set(["principal", "resource", "prior", "next"]);

/** A snippet as it stands once its places are left as they are. */
export const expanded = (insert: string): string =>
  insert
    .replaceAll(/\$\{\d+\|([^,|]*)[^}]*\}/g, "$1")
    .replaceAll(/\$\{\d+:([^}]*)\}/g, "$1")
    .replaceAll(/\$\{\d+\}|\$\d+/g, "")
    .replaceAll(/\\([\\$}])/g, "$1");

function wrongs(
  project: Project,
  file: string,
  text: string,
  item: Item,
  isLast: boolean,
): readonly Finding[] {
  const put = item.isSnippet ? expanded(item.insert) : item.insert;
  const after = text.slice(0, item.start) + put + text.slice(item.end);
  const word = /^[A-Za-z0-9_#.]+/.exec(put)?.[0] ?? put;
  const end = item.start + word.length;
  const { findings } = checkProject(withText(project, file, after).project, {});
  return findings
    .filter(
      ({ severity, code, labels: [{ span }] }) =>
        severity === "error" &&
        !open.has(code) &&
        !(code === "type/mismatch" && roots.has(item.label)) &&
        span.file === file &&
        span.start < end &&
        span.end > item.start,
    )
    .filter(
      ({ code, message }) =>
        !code.startsWith("syntax/") ||
        (isLast && item.kind !== "keyword" && message.endsWith(`found \`${word}\``)),
    );
}

/** Where the statement ends that stands at an offset. */
function lastOfStatement(file: string, text: string, offset: number): number {
  const { header, statements } = parseFile({ name: file, text }).ast;
  const found = [header, ...statements].find(
    (one) => one !== null && one.span.start <= offset && offset < one.span.end,
  );
  return found?.span.end ?? offset;
}

test("nothing that is offered is unknown, misplaced or of a wrong type", () => {
  const stride = Number(process.env["WARDLINE_COMPLETION_STRIDE"] ?? 13);
  // The example's project takes minutes where every place of it is tried.
  const project = process.env["WARDLINE_COMPLETION"] === "example" ? exampleProject() : lendingProject();
  const wrong: string[] = [];
  let tried = 0;
  let seen = 0;
  for (const { name: file, text } of filesOf(project)) {
    const { tokens }: Tokens = tokenize({ name: file, text });
    for (const token of tokens) {
      if (!/^[A-Za-z_#]/.test(token.image)) continue;
      seen += 1;
      if (seen % stride !== 0) continue;
      const isLast = seen % 2 === 0;
      const last = isLast
        ? lastOfStatement(file, text, token.startOffset)
        : token.startOffset + token.image.length;
      const rest = text.slice(0, token.startOffset) + text.slice(last);
      for (const item of complete(withText(project, file, rest), file, token.startOffset)) {
        tried += 1;
        for (const found of wrongs(project, file, rest, item, isLast)) {
          const line = text
            .slice(text.lastIndexOf("\n", token.startOffset) + 1, text.indexOf("\n", token.startOffset))
            .trim();
          wrong.push(`${file}: ${line} ⟪${token.image}⟫ → ${item.label}: ${found.code} ${found.message}`);
        }
      }
    }
  }
  expect(tried).toBeGreaterThan(30);
  expect(wrong).toEqual([]);
}, 600_000);
