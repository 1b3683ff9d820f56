/** Coverage and faults of policies in words: one place in the text is one thing, in however many tables it is asked. */
import { evaluate, type Program, type SourceMap } from "@wardline/core";
import { coverage, mutatePrograms, searchRequests, condition } from "@wardline/core/search";
import { expect, test } from "vitest";
import { compileLibrary } from "../check/library.ts";

const policy = `permit a: reader, cashier to read, update Book
  when not resource.lost
    and (resource.pages > 100 or resource.tags.contains("short"))
  with hide(note)
forbid b: anyone to update Book
  when resource.price >= 10.00
require c: reason for anyone to read Book
  when resource.lost
`;

function compiled(): { readonly program: Program; readonly sourceMap: SourceMap } {
  const { program, sourceMap, findings } = compileLibrary({ policy });
  if (program === null || sourceMap === null)
    return expect.fail(findings.map((found) => found.message).join("; "));
  return { program, sourceMap };
}

const { program, sourceMap } = compiled();

/** A request of a member that meets the condition of a rule, or does not. */
function asked(rule: string, action: string, holds: boolean): unknown {
  const index = program.rules.findIndex(({ id }) => id === rule);
  const table = program.tables.find(
    (t) => t.principal === "Member" && t.action === action && t.resource === "Book",
  );
  const entries = (table?.passes ?? []).flatMap((pass) => [
    ...pass.grants,
    ...pass.forbids,
    ...pass.requires,
  ]);
  const entry = entries.find((one) => one.rule === index) ?? expect.fail("no entry");
  const goal = condition(program, entry.when, holds);
  const target = { principal: "Member", action, resource: "Book", goal };
  return searchRequests(program, target, { seed: 1 }).requests[0] ?? expect.fail("no request");
}

test("nothing asked, nothing seen; what is no request sees nothing either", () => {
  for (const requests of [[], [{}], [null, 7]]) {
    const seen = coverage(program, sourceMap, requests);
    expect(seen.rules.map(({ rule }) => rule)).toEqual(["platform/all", "north/a", "north/b", "north/c"]);
    expect([seen.applied.seen, seen.branches.seen, seen.conditions.seen]).toEqual([0, 0, 0]);
    expect([seen.applied.of, seen.branches.of]).toEqual([4, 8]);
  }
});

test("rules are seen both ways, and questions by their words", () => {
  const [first] = [asked("north/a", "read", true)];
  const one = coverage(program, sourceMap, [first]);
  const ruleA = one.rules.find(({ rule }) => rule === "north/a");
  expect(ruleA?.seen).toEqual({ yes: true, no: false });
  const words = ruleA?.questions.map((question) => [question.words, question.line]);
  expect(words).toContainEqual(["resource.lost", 3]);
  expect(words).toContainEqual(["resource.pages > 100", 4]);
  expect(words).toContainEqual(['resource.tags.contains("short")', 4]);
  // Asked of reads, and of both rows of an update: one question all the same.
  expect(words).toHaveLength(4);
  const lost = ruleA?.questions.find((question) => question.words === "resource.lost");
  expect(lost?.seen).toEqual({ yes: false, no: true });
  const both = coverage(program, sourceMap, [
    first,
    asked("north/c", "read", true),
    asked("north/b", "update", true),
    asked("north/b", "update", false),
  ]);
  expect(both.rules.find(({ rule }) => rule === "north/b")?.seen).toEqual({ yes: true, no: true });
  expect(both.applied).toEqual({ seen: 4, of: 4 });
  expect(both.conditions.seen).toBeGreaterThan(one.conditions.seen);
  expect(both.conditions.seen).toBeLessThanOrEqual(both.conditions.of);
});

test("a fault is made at one place of the text, in every table, and told by its words", () => {
  const described = [...mutatePrograms(program, sourceMap)]
    .filter(({ rule }) => rule !== "platform/all")
    .map(({ description }) => description);
  expect(described).toMatchInlineSnapshot(`
    [
      "north/a (north.ward:2) is gone",
      "north/a (north.ward:2) with \`principal has role cashier or reader\` negated",
      "north/a (north.ward:2) without \`principal has role cashier or reader\`",
      "north/a (north.ward:2) without the role cashier",
      "north/a (north.ward:2) without the role reader",
      "north/a (north.ward:3) with \`resource.lost\` negated",
      "north/a (north.ward:3) without \`resource.lost\`",
      "north/a (north.ward:4) with \`resource.pages > 100\` negated",
      "north/a (north.ward:4) without \`resource.pages > 100\`",
      "north/a (north.ward:4) with the bound of \`resource.pages > 100\` taken in",
      "north/a (north.ward:4) with \`resource.pages > 100\` turned round",
      "north/a (north.ward:4) with \`resource.tags.contains("short")\` negated",
      "north/a (north.ward:4) without \`resource.tags.contains("short")\`",
      "north/a (north.ward:4) without the alternatives \`resource.pages > 100\`, \`resource.tags.contains("short")\`",
      "north/a (north.ward:2) without hide(note)",
      "north/b (north.ward:6) is gone",
      "north/b (north.ward:7) with \`resource.price >= 10.00\` negated",
      "north/b (north.ward:7) without \`resource.price >= 10.00\`",
      "north/b (north.ward:7) with the bound of \`resource.price >= 10.00\` left out",
      "north/b (north.ward:7) with \`resource.price >= 10.00\` turned round",
      "north/c (north.ward:8) is gone",
      "north/c (north.ward:9) with \`resource.lost\` negated",
      "north/c (north.ward:9) without \`resource.lost\`",
      "north/c (north.ward:8) without reason",
    ]
  `);
});

test("mutants change what they say", () => {
  const request = asked("north/b", "update", true);
  expect(evaluate(program, request)).toMatchObject({ rules: ["north/b"] });
  const gone = [...mutatePrograms(program, sourceMap)].find(
    ({ rule, fault }) => rule === "north/b" && fault === "drop_rule",
  );
  expect(evaluate(gone?.program ?? expect.fail("no mutant"), request).rules).not.toContain("north/b");
});
