import { readdirSync, readFileSync } from "node:fs";
import { positionAt } from "@wardline/core";
import { describe, expect, test } from "vitest";
import { syntaxDiagnostics } from "../../src/diagnostics/syntax.ts";
import { parseCst, parseFile, tenantLimits } from "../../src/index.ts";
import { limitsOf } from "./limits-of.ts";
import { outline } from "./outline.ts";
import { outlineCst } from "./outline-cst.ts";
import { corpus, textsIn } from "./texts.ts";

const valid = textsIn(`${corpus}valid/`, ".ward");
const invalid = textsIn(`${corpus}invalid/`, ".ward");

describe("valid texts", () => {
  test.each(valid)("$name", async ({ name, text }) => {
    const { ast, cst, findings } = parseCst({ name, text }, tenantLimits);
    expect(findings).toEqual([]);
    await expect(outline(ast)).toMatchFileSnapshot(`${corpus}valid/${name.replace(/\.ward$/, ".ast")}`);
    await expect(outlineCst(cst)).toMatchFileSnapshot(`${corpus}valid/${name.replace(/\.ward$/, ".cst")}`);
  });
});

describe("invalid texts", () => {
  test.each(invalid)("$name", async ({ name, text }) => {
    const { cst, findings } = parseCst({ name, text }, limitsOf(name));
    const found = findings.map(({ code, labels }) => {
      const { line, column } = positionAt(text, labels[0].span.start);
      return `${line}:${column} ${code}`;
    });
    const written = readFileSync(`${corpus}invalid/${name.replace(/\.ward$/, ".findings")}`, "utf8");
    expect(found).toEqual(written.trimEnd().split("\n"));
    await expect(outlineCst(cst)).toMatchFileSnapshot(`${corpus}invalid/${name.replace(/\.ward$/, ".cst")}`);
  });
});

test("every file of the corpus belongs to a case", () => {
  const cases = (folder: string) =>
    new Set(textsIn(folder, ".ward").map(({ name }) => name.replace(/\.ward$/, "")));
  for (const folder of [`${corpus}valid/`, `${corpus}invalid/`]) {
    const known = cases(folder);
    const strays = readdirSync(folder).filter(
      (name) => !known.has(name.replace(/\.(ward|ast|cst|findings|limits\.json)$/, "")),
    );
    expect(strays).toEqual([]);
  }
});

test("every syntax diagnostic has a case", () => {
  const seen = new Set(
    invalid.flatMap(({ name, text }) =>
      parseFile({ name, text }, limitsOf(name)).findings.map(({ code }) => code),
    ),
  );
  expect(Object.keys(syntaxDiagnostics).filter((code) => !seen.has(code))).toEqual([]);
});
