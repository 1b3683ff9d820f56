/** The reference page is held to the compiler: its blocks are one project and compile without a finding. */
import { readFileSync } from "node:fs";
import { compile } from "../src/index.ts";
import { expect, test } from "vitest";

const page = readFileSync(new URL("../../../docs/language.md", import.meta.url), "utf8");
const block = (kind: string) => {
  const text = new RegExp(`\`\`\`ward ${kind}\n([^]*?)\`\`\``).exec(page)?.[1] ?? expect.fail(`no ${kind}`);
  return { name: `language.md (${kind})`, text };
};

test("the blocks compile together without a finding", () => {
  const { program, findings } = compile({
    model: block("model"),
    platform: [block("platform")],
    policy: block("policy"),
    tenant: "north",
  });
  expect(findings).toEqual([]);
  expect(program?.rules.map((rule) => rule.id)).toContain("north/branch_desk");
});
