/** The reference page is held to the compiler: its blocks are one project without a finding, its list of words the parser's. */
import { readFileSync } from "node:fs";
import { compile, compileModel, compilePack, reservedWords, runTests } from "../src/index.ts";
import { expect, test } from "vitest";
import { settingKinds } from "../src/settings/setting-table.ts";

const page = readFileSync(new URL("../../../docs/language.md", import.meta.url), "utf8");
const block = (kind: string) => {
  const text = new RegExp(`\`\`\`ward ${kind}\n([^]*?)\`\`\``).exec(page)?.[1] ?? expect.fail(`no ${kind}`);
  return { name: `language.md (${kind})`, text };
};
const compilePage = (more = "") => {
  const policy = block("policy");
  return compile({
    model: block("model"),
    platform: [block("platform")],
    policy: { ...policy, text: `${policy.text}\n${more}` },
    tenant: "north",
    packs: [block("pack")],
  });
};

test("the blocks compile together without a finding", () => {
  const { program, findings } = compilePage();
  expect(findings).toEqual([]);
  expect(program?.rules.map((rule) => rule.id)).toContain("north/branch_desk");
});

test("the pack is used as the page says", () => {
  const { program, findings } = compilePage(block("use").text);
  expect(findings).toEqual([]);
  expect(program?.rules.map((rule) => rule.id)).toContain("guide/factor");
  expect(compilePack(block("pack")).findings).toEqual([]);
});

test("shared entities and tables that are there already are written as the page says", () => {
  const model = block("model");
  const { model: ir, findings } = compileModel({ ...model, text: `${model.text}\n${block("shared").text}` });
  expect(findings).toEqual([]);
  expect(ir?.entities.slice(-2).map(({ shared, storage }) => [shared, storage])).toEqual([
    [true, { table: "countries", key: "code", tenant: "tenant_id" }],
    [undefined, { table: "presses", key: "press_id", tenant: "house_id" }],
  ]);
});

test("lets with parameters are written as the page says", () => {
  expect(compilePage(block("let").text).findings).toEqual([]);
});

test("the settings are those that the page says, and it says of which nothing enforces them", () => {
  const { program, findings } = compilePage(block("settings").text);
  expect(new Set(findings.map((finding) => finding.code))).toEqual(new Set(["setting/not-enforced"]));
  expect(program?.settings?.retention).toEqual({
    Loan: { count: 6, unit: "y" },
    audit: { count: 6, unit: "y" },
  });
  const rows = [
    ...page.matchAll(/^\| (`(?:timezone|session|keys|residency|isolation|retention|features).*) \|$/gm),
  ];
  const isEnforced = rows.flatMap(([, row = ""]) => {
    const [names = "", , , by = ""] = row.split(" | ");
    return [...names.matchAll(/`([\w.]+)`/g)].map(([, name = ""]) => [name, by !== "nothing yet"] as const);
  });
  expect(isEnforced.length).toBeGreaterThan(settingKinds.length);
  for (const [name, enforced] of isEnforced) {
    const kind = settingKinds.find((one) => one.name === name || one.name === name.split(".")[0]);
    expect([name, kind !== undefined && kind.enforcedBy !== null]).toEqual([name, enforced]);
  }
});

test("the asserts are written as the page says", () => {
  const { asserts, findings } = compilePage(block("assert").text);
  expect(findings).toEqual([]);
  expect(asserts.map(({ id, cases }) => [id, cases.length > 0])).toEqual([
    ["north/apart", true],
    ["north/card_is_hidden", true],
    ["north/own_is_open", true],
    ["north/rare_is_safe", true],
  ]);
});

test("the tests hold as the page says", () => {
  const { program, tests, findings } = compilePage(block("test").text);
  expect(findings).toEqual([]);
  const results = runTests(program ?? expect.fail("no program"), tests);
  expect(results.flatMap(({ expects }) => expects.flatMap(({ problems }) => problems))).toEqual([]);
  expect(results.length).toBe(6);
});

test("the words that are no names are the parser's", () => {
  const list = /These words are no names:\n([^]*?)\.\n/.exec(page)?.[1] ?? expect.fail("no list");
  expect(list.match(/\w+/g)).toEqual([...reservedWords]);
});

const branch = 'Branch "0198c0de-0000-7000-8000-000000000001"';

test.each([
  'resource == Loan "0198c0de-0000-7000-8000-000000000001"',
  "resource.due >= 2026-01-01T00:00:00Z and resource.due < 2026-02-01T00:00:00.123456+02:00",
  "context.ip in 10.20.0.0/16 and context.ip not in [10.20.1.0/24, 10.1.2.3, 2001:db8::/32, ::ffff:10.0.0.1]",
  "has resource.printed and resource.printed >= 2026-01-05 and resource.shown_from in [12:00, 22:00..06:00]",
  "now - 5m < resource.due and resource.due <= now + 30d and clock.hour >= 8 and clock.weekday in [monday, friday]",
  'resource.title.starts_with("A") or resource.title.ends_with(tenant.id) or resource.title.contains("b")',
  'resource.marks.is_empty or resource.marks.contains_all(["a", "b"]) or context.scopes.contains("c")',
  'resource.branch.name == "x" or resource.branch.twin.name ?? "none" == "y" or has resource.branch.twin.twin',
  "resource.shelf == rare and resource.fee in [1_000.00, 12.50, 5]",
  'resource.title == "a \\"b\\" \\\\ \\n \\t"',
  "has context.mfa_age and context.mfa_age in [500ms, 30s, 5m, 8h, 7d, 2w]",
  `resource.branch in ${branch} or resource.branch in [${branch}] or principal in resource.branch`,
  'principal == Member "ada" or principal.roles.contains(cashier) or principal.roles.contains_any([reader])',
])("%s is written as the page says", (condition) => {
  expect(compilePage(`permit more: Member to read Loan\n  when ${condition}`).findings).toEqual([]);
});

test.each([
  ["principal.level > 1h30m", "syntax/bad-number"],
  ["resource.fee == 12.505", "type/literal"],
  ["resource.title.contains(resource.title)", "type/row-argument"],
  ['"a" in resource.marks', "type/in"],
  ['resource.branch.twin.name == "x"', "type/unguarded"],
  ['resource.branch.twin.twin.name ?? "x" == "y"', "type/hops"],
  ["has resource.borrower and resource.borrower.level > 2", "type/not-stored"],
  ["context.ip in 10.20.3.4/16", "syntax/bad-value"],
  ["resource.shown_from in 22:00..22:00", "type/empty-range"],
  ["resource.due > 2026-01-05", "type/literal"],
  ['resource.title == "\\u0041"', "syntax/bad-escape"],
  ['principal.id == "ada"', "type/own-id"],
])("%s is refused as the page says", (condition, code) => {
  const { findings } = compilePage(`permit more: Member to read Loan\n  when ${condition}`);
  expect(findings.map((finding) => finding.code)).toContain(code);
});

test("a rule may not say `prior` and `resource`, as the page says", () => {
  const { findings } = compilePage("permit more: Member to update Loan\n  when prior.fee == resource.fee");
  expect(findings.map((finding) => finding.code)).toContain("type/mixed-rows");
});
