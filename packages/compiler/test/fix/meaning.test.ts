/** What `--fix` carries out unasked changes no decision, gives nothing away and settles nothing that is its author's to say. */
import { describe, expect, test } from "vitest";
import { applyEdits, compile, fixOf, type CompileResult } from "../../src/index.ts";
import { libraryModel, openPlatform } from "../check/library.ts";

const branch = "0198c0de-0000-7000-8000-0000000000c1";

function compiled(policy: string, platform = openPlatform, packs: readonly string[] = []): CompileResult {
  return compile({
    model: { name: "library.ward", text: libraryModel },
    platform: [{ name: "platform.ward", text: platform }],
    policy: { name: "north.ward", text: policy },
    tenant: "north",
    packs: packs.map((text) => ({ name: "pack.ward", text })),
    lints: {},
  });
}

const decides = ({ program }: CompileResult) =>
  program && [program.atoms, program.conditions, program.tables];

/** Text → the lint whose fix leaves the very same program. */
const plain: readonly (readonly [lint: string, text: string])[] = [
  ["lint/list-of-one", "permit p: reader to read Book when resource.genre in [law]"],
  ["lint/list-of-one", "permit p: reader to read Book when context.address in [::ffff:10.0.0.1]"],
  ["lint/list-of-one", 'permit p: reader to read Book when resource.title in ["a/b"]'],
  ["lint/double-negation", "permit p: reader to read Book when not (resource.genre in [law, fiction])"],
  [
    "lint/double-negation",
    "permit p: Member to read Book when not (principal.favourite ?? law in [law, fiction])",
  ],
  [
    "lint/double-negation",
    "let f(x) = not not x\npermit p: reader to read Book when f(resource.lost or context.mfa) and context.mfa",
  ],
  ["lint/redundant-name", "role a extends reader\nforbid p: anyone except a, reader to read Book"],
  ["lint/redundant-name", "permit p: Member, reader, Scanner to read Book"],
  ["lint/redundant-name", "permit p: reader to change, update, create Book"],
  ["lint/repeated-value", "permit p: reader to read Book when resource.pages in [1, 1, 2]"],
  ["lint/wildcard", "forbid f: anyone to lend anything when resource.lost"],
  ["lint/constant-condition", "permit p: reader to read Book when true when resource.lost"],
  ["lint/constant-condition", "permit p: reader to read Book when resource.lost unless false"],
  ["lint/redundant-fallback", 'permit p: reader to read Book when (resource.title ?? "a") == "b"'],
];

describe("the fix of a lint", () => {
  test.each(plain)("%s: %s", (lint, statements) => {
    const text = `policy north for library\n${statements}\n`;
    const before = compiled(text);
    const fixes = before.findings.flatMap((found) => (found.code === lint ? (fixOf(found) ?? []) : []));
    expect(fixes).not.toEqual([]);
    for (const fix of fixes) expect(decides(compiled(applyEdits(text, fix.edits)))).toEqual(decides(before));
  });

  test.each([
    `let f(x) = resource.branch in [x]\npermit p: reader to read Book when f(Branch "${branch}")`,
    `permit p: reader to read Book when resource.branch in [Branch "${branch}"]`,
    "let f(x) = context.address in [x]\npermit p: reader to read Book when f(10.0.0.0/8)",
    "permit p: reader to read Book when context.address in [10.0.0.0/8]",
    "permit p: reader to read Book when resource.shown_from in [22:00..06:00]",
  ])("is not offered where one item holds others: %s", (statements) => {
    const { program, findings } = compiled(`policy north for library\n${statements}\n`);
    expect(program).not.toBeNull();
    expect(findings.filter((found) => found.code === "lint/list-of-one")).toEqual([]);
  });
});

describe("what is left to the author", () => {
  test("a waiver of a guardrail", () => {
    const platform = `${openPlatform}forbid n: anyone except reader to read Book\n`;
    const { findings } = compiled("policy north for library\n", platform);
    const found = findings.find(({ code }) => code === "guardrail/delegated");
    expect(found?.fixes).toHaveLength(1);
    expect(found && fixOf(found)).toBeUndefined();
  });

  test("another version of a pack", () => {
    const pack = "pack guide 1.2\nforbid x: anyone to read Book\n";
    const { findings } = compiled("policy north for library\nuse guide 1.10\n", openPlatform, [pack]);
    const found = findings.find(({ code }) => code === "pack/version");
    expect(found?.fixes).toHaveLength(1);
    expect(found && fixOf(found)).toBeUndefined();
  });
});
