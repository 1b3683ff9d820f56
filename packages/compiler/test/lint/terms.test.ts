/** Lints that compare rules look at all that a rule carries. */
import { compile } from "../../src/index.ts";
import { expect, test } from "vitest";
import { libraryModel, openPlatform } from "../check/library.ts";

function found(policy: string): readonly string[] {
  const { findings } = compile({
    model: { name: "library.ward", text: libraryModel },
    platform: [{ name: "platform.ward", text: openPlatform }],
    policy: { name: "north.ward", text: `policy north for library\n${policy}\n` },
    tenant: "north",
    lints: {},
  });
  return findings
    .map((finding) => finding.code)
    .filter((code) => code === "lint/duplicate-rule" || code === "lint/shadowed-rule");
}

const when = "when resource.lost";

test("two rules with the same limit say the same, two with others do not", () => {
  const permit = (name: string, terms: string) => `permit ${name}: reader to read Book ${when} with ${terms}`;
  const limit = "limit(5, per: day)";
  expect(found(`${permit("one", limit)}\n${permit("two", limit)}`)).toEqual(["lint/duplicate-rule"]);
  expect(found(`${permit("one", limit)}\n${permit("two", "limit(6, per: day)")}`)).toEqual([]);
  expect(found(`${permit("one", "audit")}\n${permit("two", "reason")}`)).toEqual([]);
});

test("a permit is shadowed by a wider one that asks for no more", () => {
  const narrow = `permit narrow: reader to read Book ${when}`;
  expect(found(`permit wide: reader to read Book\n${narrow}`)).toEqual(["lint/shadowed-rule"]);
  for (const terms of ["reason", "limit(5, per: day)", "audit"]) {
    expect(found(`permit wide: reader to read Book with ${terms}\n${narrow}`)).toEqual([]);
    expect(found(`permit wide: reader to read Book\n${narrow} with ${terms}`)).toEqual([]);
  }
});
