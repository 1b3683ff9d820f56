/** Rules and tests that are written by taking what is offered, one item after the other, and then compile. */
import { expect, test } from "vitest";
import { complete } from "../../src/complete/complete.ts";
import type { Item } from "../../src/complete/item.ts";
import { documentationOf } from "../../src/complete/documentation.ts";
import { signatureAt } from "../../src/complete/signature.ts";
import { lendingProject } from "./lending-project.ts";
import { withText } from "./texts.ts";

const project = lendingProject();
const header = "policy north for lending\n\n";
const file = "north.ward";
const at = (text: string) => complete(withText(project, file, text), file, text.length);
const ranked = (items: readonly Item[]) =>
  items.toSorted((a, b) => (a.sortText < b.sortText ? -1 : 1)).map(({ label }) => label);

/** Writes texts as they stand, and takes items by their labels. */
function write(...steps: readonly (string | { readonly take: string })[]): string {
  let text = header;
  for (const step of steps) {
    if (typeof step === "string") {
      text += step;
      continue;
    }
    const items = at(text);
    const item = items.find(({ label }) => label === step.take);
    expect(
      item,
      `${step.take} after ${text.slice(-60)}; offered: ${ranked(items).slice(0, 12).join(" ")}`,
    ).toBeDefined();
    if (item !== undefined)
      text = text.slice(0, item.start) + (item.isSnippet ? step.take : item.insert) + text.slice(item.end);
  }
  return text;
}

const take = (label: string) => ({ take: label });

test("a rule for the desk, never at night, with a mask", () => {
  const text = write(
    take("permit"),
    " desk: ",
    take("librarian"),
    " ",
    "to ",
    take("read"),
    ", ",
    take("list"),
    " ",
    take("Loan"),
    "\n  ",
    take("when"),
    " ",
    take("not"),
    take("clock"),
    ".",
    take("time"),
    " ",
    take("in"),
    "22:00..06:00",
    "\n  ",
    take("with"),
    " ",
    take("mask"),
    "(",
    take("title"),
    ", ",
    take("initials"),
    ")\n",
  );
  expect(text.slice(header.length)).toBe(
    "permit desk: librarian to read, list Loan\n  when not clock.time in 22:00..06:00\n  with mask(title, initials)\n",
  );
  const findings = withText(project, file, text).findings();
  expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
});

test("what is of the right type stands first", () => {
  const when = `${header}permit desk: librarian to read Loan\n  when `;
  expect(ranked(at(`${when}resource.shelf == `)).slice(0, 3)).toEqual(["open", "closed", "rare"]);
  expect(ranked(at(`${when}context.address in `))[0]).toBe("10.0.0.0/8");
  expect(ranked(at(`${when}clock.time in `))[0]).toBe("22:00..06:00");
  expect(ranked(at(`${when}resource.borrower == `))[0]).toBe("principal");
  expect(ranked(at(`${when}principal.roles.contains(`))).toEqual([
    "reader",
    "librarian",
    "inspector",
    "gate",
  ]);
  expect(ranked(at(`${when}principal in `))).toEqual(expect.arrayContaining(["resource.branch", "Branch"]));
});

test("comparisons come before what would leave the value alone", () => {
  const when = `${header}permit desk: librarian to read Loan\n  when `;
  const before = (items: readonly string[], one: string, other: string) =>
    expect(items.indexOf(other)).toBeGreaterThan(items.indexOf(one));
  expect(ranked(at(`${when}context.address `))[0]).toBe("in");
  expect(ranked(at(`${when}clock.time `))[0]).toBe("in");
  const shelf = ranked(at(`${when}resource.shelf `));
  expect(shelf[0]).toBe("==");
  for (const word of ["when", "unless", "with"]) before(shelf, "not in", word);
  before(ranked(at(`${when}context.mfa `)), "when", "and");
});

test("nothing is offered under the dot of a number", () => {
  const when = `${header}permit desk: librarian to read Loan\n  when `;
  for (const begun of ["context.address in 10.", "context.address in 10.20.", "resource.fee > 1."])
    expect(at(when + begun)).toEqual([]);
  expect(at(`${when}resource.`)).not.toEqual([]);
});

test("what cannot stand there is not offered", () => {
  const labels = (text: string) => at(header + text).map(({ label }) => label);
  const read = "permit desk: librarian to read Loan\n  ";
  expect(labels(`${read}when `)).not.toContain("prior");
  expect(labels("permit desk: librarian to update Loan\n  when ")).toEqual(
    expect.arrayContaining(["prior", "next", "resource"]),
  );
  // Sealed at rest: no condition reads it.
  expect(labels(`${read}when resource.`)).not.toContain("card");
  expect(labels(`${read}with hide(`)).toContain("card");
  expect(labels(`${read}with mask(fee, `)).toEqual(["bucket"]);
  expect(labels(`${read}with `)).not.toContain("encrypt");
  expect(labels("require a: ")).toContain("encrypt");
  expect(labels("forbid a: anyone to update Loan\n  ")).not.toContain("with");
  expect(labels(read)).not.toContain("trusting");
  expect(labels(`${read}when resource.lost and context.mfa `)).not.toContain("or");
  expect(labels("")).not.toContain("entity");
  expect(labels("permit a: librarian to lend ")).toEqual(["anything"]);
});

test("packs, settings and tests", () => {
  const labels = (text: string) => at(header + text).map(({ label }) => label);
  expect(labels("use ")).toEqual(["guide"]);
  expect(labels("use guide ")).toContain("1.2");
  expect(labels("use guide 1.2 {\n  ")).toEqual(expect.arrayContaining(["secret", "fresh"]));
  expect(labels("use guide 1.2 {\n  secret: ")).toEqual(["#secret"]);
  expect(labels("settings {\n  isolation: ")).toEqual(["pool", "schema", "database"]);
  expect(labels("settings {\n  session: { ")).toEqual(["idle", "longest"]);
  const opened = 'test "a" {\n  let ann = Member { roles: [librarian] }\n  let l = Loan { }\n  ';
  expect(labels(opened)).toEqual(expect.arrayContaining(["let", "given", "expect"]));
  expect(labels(`${opened}expect permit `)).toEqual(expect.arrayContaining(["ann", "Member"]));
  expect(labels(`${opened}expect permit `)).not.toContain("l");
  expect(labels(`${opened}expect deny ann to read l as `)).toContain("not_granted");
  expect(labels(`${opened}expect permit ann to update l to { `)).toContain("title");
  expect(labels('test "a" {\n  let ann = Member { ')).toEqual(
    expect.arrayContaining(["roles", "in", "level", "tenant"]),
  );
  expect(labels('test "a" {\n  let ann = Member { roles: [')).toEqual(["reader", "librarian", "inspector"]);
});

test("documentation is made when it is asked for, and signatures name what a call takes", () => {
  const when = `${header}permit desk: librarian to read Loan\n  when `;
  const item = at(`${when}resource.`).find(({ label }) => label === "borrower");
  expect(
    documentationOf(withText(project, file, when), item?.data ?? { file, kind: "field", name: "" }),
  ).toContain("May be absent");
  const signature = (text: string) => signatureAt(withText(project, file, text), file, text.length);
  expect(signature(`${when}guards(principal, `)).toMatchObject({ label: "guards(Member, Loan)", active: 1 });
  expect(signature(`${when}resource.marks.contains_any(`)).toMatchObject({
    label: "contains_any([String, …])",
    active: 0,
  });
  expect(
    signature(`${header}permit desk: librarian to read Loan\n  with mask(title, partial(`),
  ).toMatchObject({ label: "partial(last: COUNT | first: COUNT)" });
  expect(signature(`${header}permit desk: librarian to read Loan\n  with mask(title, `)).toMatchObject({
    active: 1,
  });
  expect(signature(when)).toBeNull();
});

test("a file of which nothing is known yet may become any kind but a second model", () => {
  const draft = { ...project, tenants: new Map([["", { name: "draft.ward", text: "" }]]) };
  const words = (of: typeof project) => ranked(complete(withText(of, "draft.ward", ""), "draft.ward", 0));
  expect(words(draft).toSorted()).toEqual(["pack", "platform", "policy"]);
  expect(words({ ...draft, model: null }).toSorted()).toEqual(["model", "pack", "platform", "policy"]);
  expect(ranked(complete(withText(project, file, ""), file, 0))).toEqual(["policy"]);
});

test("before `??` stands what may be absent, or leads to it", () => {
  const text = `${header}permit a: librarian to read Loan\n  when resource.`;
  const rest = ' ?? Member "ada" == principal\n';
  const items = complete(withText(project, file, `${text}${rest}`), file, text.length);
  expect(items.map(({ label }) => label).toSorted()).toEqual(["borrower", "branch"]);
});

test.each([
  ["principal.roles.contains(", "contains(role)"],
  ["resource.title.contains(", "contains(String)"],
  ["resource.unknown.starts_with(", "starts_with(String)"],
  ["resource.unknown.contains_any(", "contains_any([value, …])"],
])("%s takes what %s says", (asked, label) => {
  const text = `${header}permit a: librarian to read Loan\n  when ${asked}`;
  expect(signatureAt(withText(project, file, text), file, text.length)?.label).toBe(label);
});
