/** `grammar/corpus/recovery`: a damaged text, what is found in it, and which statements survive. */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { positionAt } from "@wardline/core";
import { describe, expect, test } from "vitest";
import { parseFile, tenantLimits } from "../../src/index.ts";
import type { Statement } from "../../src/index.ts";
import { textsIn } from "../parse/texts.ts";
import { describePlace } from "./describe-finding.ts";

const folder = fileURLToPath(new URL("../../../../grammar/corpus/recovery/", import.meta.url));
const texts = textsIn(folder, ".ward");

/** A statement by its first word and the name that it declares. */
function nameOf(text: string, statement: Statement): string {
  const { line } = positionAt(text, statement.span.start);
  const names = "name" in statement ? [statement.name] : "names" in statement ? statement.names : [];
  const title =
    statement.kind === "test" ? [JSON.stringify(statement.title)] : names.map((name) => name.text);
  const word = statement.kind === "facts" ? statement.of : statement.kind;
  return `${line}: ${[word, title.join(", ")].join(" ").trim()}`;
}

describe.each(texts)("$name", ({ name, text }) => {
  test("what is found, and which statements survive", async () => {
    const { ast, findings } = parseFile({ name, text }, tenantLimits);
    expect(findings.length).toBeGreaterThan(0);
    const found = findings.map((one) => describePlace([{ name, text }], one));
    const kept = ast.statements.map((statement) => nameOf(text, statement));
    const header = ast.header === null ? "no header" : `header: ${ast.header.kind}`;
    const all = ["found", ...found, "", "kept", header, ...kept, ""].join("\n");
    await expect(all).toMatchFileSnapshot(folder + name.replace(/\.ward$/, ".recovery"));
  });
});

test("every file belongs to a case", () => {
  const names = new Set(texts.map(({ name }) => name.replace(/\.ward$/, "")));
  const strays = readdirSync(folder).filter((file) => !names.has(file.replace(/\.(?:ward|recovery)$/, "")));
  expect(strays).toEqual([]);
});
