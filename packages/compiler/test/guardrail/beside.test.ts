/** Where guardrails and tenants' rules stand beside each other and nothing is said. */
import { expect, test } from "vitest";
import { compileLibrary } from "../check/library.ts";

const open = "platform for library\nceiling all: anyone to act on anything\n";
const codes = (platform: string, policy: string) =>
  compileLibrary({ platform: open + platform, policy }).findings.map((found) => found.code);

test.each([
  ["someone else", "forbid a: reader to read Book when resource.lost"],
  ["anyone, of whom the floor covers some", "forbid a: anyone to read Book when resource.lost"],
  ["another action", "forbid a: director to remove Book when resource.lost"],
  ["duties, which hold", "require a: audit(full), notify(admins) for director to read Book"],
])("a floor stops nothing of %s", (_, rule) => {
  const policy = `permit own: reader to read, list Book when not resource.lost\n${rule}`;
  expect(codes("floor f: director to read Book\n", policy)).toEqual([]);
});

test("a floor with a condition stops only what is as narrow", () => {
  const floor = "floor f: director to list Book when context.mfa\n";
  expect(codes(floor, "forbid a: director to list Book when resource.lost")).toEqual([]);
  expect(codes(floor, "forbid a: director to list Book when resource.lost and context.mfa")).toEqual([
    "guardrail/stopped-by-floor",
  ]);
});

const editing = "permit edits: librarian to read, update Book when not resource.lost";
test.each([
  [
    "a forbid on the rows before and after",
    "forbid k: anyone to update Book unless prior.lost == next.lost\n",
  ],
  ["a forbid on either row", "forbid k: anyone to update Book when resource.lost\n"],
  ["a forbid that reaches all actions", ""],
  ["a require that asks for a reason", "require k: reason for anyone to update Book when next.lost\n"],
])("data that is watched by %s may be updated", (name, rule) => {
  const reach = name.includes("all actions") ? "act on" : "read";
  expect(codes(`forbid a: anyone to ${reach} Book when resource.lost\n${rule}`, editing)).toEqual([]);
});

test("data is watched where every ceiling reads it, and not where one does not", () => {
  const platform = (more: string) =>
    compileLibrary({
      platform: `platform for library\nceiling c: anyone to update Book when not resource.lost\nceiling d: anyone to read, list Book\n${more}forbid a: anyone to read Book when resource.lost\n`,
      policy: editing,
    }).findings.map((found) => found.code);
  expect(platform("")).toEqual([]);
  expect(platform("ceiling e: librarian to update Book trusting librarian\n")).toEqual([
    "guardrail/writable-data",
    "guardrail/writable-data",
  ]);
});

test("data that no permit updates, or that no ceiling lets one update, is no concern", () => {
  const rule = "forbid a: anyone to read Book when resource.lost\n";
  expect(codes(rule, "permit p: librarian to read Book when not resource.lost")).toEqual([]);
  const closed = compileLibrary({
    platform: `platform for library\nceiling c: anyone to read, list Book\n${rule}`,
    policy: editing,
  });
  expect(closed.findings.map((found) => found.code)).toEqual(["guardrail/beyond-ceiling"]);
});

test.each([
  ["an attribute behind a reference", 'resource.branch.name == "Vault"'],
  ["what a reference stands below", 'resource.branch in Branch "0198c0de-0000-7000-8000-000000000001"'],
])("a guardrail that reads %s reads the reference too", (_, condition) => {
  const rule = `forbid a: anyone to read Book when ${condition}\n`;
  const { findings } = compileLibrary({ platform: open + rule, policy: editing });
  expect(findings.map(({ code }) => code)).toEqual(["guardrail/writable-data"]);
  expect(findings[0]?.message).toContain("`Book.branch`");
  const kept = "forbid k: anyone to update Book unless prior.branch == next.branch\n";
  expect(codes(rule + kept, editing)).toEqual([]);
});

test("what a principal refers to comes with the session", () => {
  const rule =
    'forbid a: Member to read Book when has principal.home and principal.home in Branch "0198c0de-0000-7000-8000-000000000001"\n';
  expect(codes(rule, editing)).toEqual([]);
});
