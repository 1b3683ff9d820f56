/** The cases of the corpus: a text before and after, the samples and the policies of the examples, which stay as they are. */
import { existsSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { formatText, tenantLimits } from "../../src/index.ts";
import { corpus, examples, pages, samples, textsIn } from "../parse/texts.ts";
import { applyInOrder } from "./meaning.ts";

const folder = `${corpus}../format/`;
const before = textsIn(`${folder}before/`, ".ward");

describe("texts before and after", () => {
  test.each(before)("$name", async ({ name, text }) => {
    const result = formatText({ name, text }, tenantLimits);
    if ("findings" in result) throw new Error(result.findings.map(({ message }) => message).join("\n"));
    await expect(result.text).toMatchFileSnapshot(`${folder}after/${name}`);
    expect(applyInOrder(text, result.edits)).toBe(result.text);
  });

  test("every text after has one before", () => {
    expect(readdirSync(`${folder}after/`).toSorted()).toEqual(readdirSync(`${folder}before/`).toSorted());
  });
});

test.each(textsIn(`${corpus}invalid/`, ".ward"))("$name has errors and is left alone", ({ name, text }) => {
  const result = formatText({ name, text });
  // What is refused only beside lower limits is no error of the text.
  if (!("findings" in result))
    expect(existsSync(`${corpus}invalid/${name.replace(/\.ward$/, ".limits.json")}`)).toBe(true);
});

test.each(examples)("the example $name is formatted", ({ name, text }) => {
  expect(formatText({ name, text })).toEqual({ text, edits: [] });
});

test.each(pages)("$name holds formatted policies", ({ name, text }) => {
  const blocks = [...text.matchAll(/```ward(?! unformatted\b)[^\n]*\n([^]*?)```/g)].map(
    (match) => match[1] ?? "",
  );
  for (const block of blocks.filter((one) => /^(?:model|platform|pack|policy) /.test(one)))
    expect(formatText({ name, text: block })).toEqual({ text: block, edits: [] });
});

test("the language page shows what formatting does", () => {
  const page = pages.find(({ name }) => name === "docs/language.md")?.text ?? "";
  const block = (kind: string) => new RegExp(`\`\`\`ward ${kind}\n([^]*?)\`\`\``).exec(page)?.[1];
  const text = block("unformatted") ?? expect.fail("no example");
  expect(formatText({ name: "language.md", text })).toMatchObject({ text: block("formatted") });
});

test.skipIf(samples === null).each(samples === null ? [] : textsIn(samples, ".ward"))(
  "the sample $name is formatted",
  ({ name, text }) => {
    expect(formatText({ name, text })).toEqual({ text, edits: [] });
  },
);

test.runIf(samples === null)("the samples are not beside this repository", () => {
  console.warn("no samples beside the repository: their tests are left out");
});
