/** Requests in the words of the tests: asked again in these words, they are answered as they were. */
import { evaluate, type RequestDocument } from "@wardline/core";
import { generateCase, generateRequests } from "@wardline/core/testing";
import { describe, expect, test } from "vitest";
import { compile, requestWords, runTest, type RequestWords } from "../../src/index.ts";

const model = {
  name: "library.ward",
  text: `model library
enum Shelf { open, closed, rare }
tenant { members_only: Bool }
context {
  mfa: Bool
  age: Duration?
}
entity House stored in houses { name: String }
entity Branch in House via house_id stored in branches { name: String }
principal Member in Branch via session { level: Int(0..5) }
role reader, librarian for Member
entity Loan stored in loans {
  branch: Branch
  borrower: Member?
  title: String
  shelf: Shelf
  fee: Decimal(8, 2)
  due: Instant
  marks: Set<String> via loan_marks(loan_id, mark)
  lost: Bool
}
relation guards(Member, Loan) via loan_guards(member_id, loan_id)
action read, list reads Loan
action update updates Loan
`,
};
const policy = `policy north for library
permit desk: librarian to read, update Loan
  when principal in resource.branch and resource.branch.name == "main" and resource.fee >= 1.00 and resource.shelf == rare
permit own: reader to read Loan
  when has resource.borrower and resource.borrower == principal and resource.title == "a \\"b\\""
permit guardian: reader to read Loan
  when guards(principal, resource) and context.mfa and now > 2026-01-05T12:00:00Z
forbid lost: anyone to read, update Loan
  when resource.lost and resource.marks.contains("old") and tenant.members_only and principal.level < 3
`;
const files = {
  model,
  platform: [
    { name: "platform.ward", text: "platform for library\nceiling all: anyone to act on anything\n" },
  ],
  policy: { name: "north.ward", text: policy },
  tenant: "north",
};
const { program } = compile(files);

const request = (changes: object): RequestDocument => ({
  tenant: { id: "north", attributes: { members_only: true } },
  principal: { type: "Member", id: "ada", tenant: "north", roles: ["librarian"], attributes: { level: 2 } },
  action: { name: "read" },
  resource: {
    type: "Loan",
    id: "7",
    tenant: "north",
    attributes: {
      branch: "b",
      borrower: null,
      title: 'a "b"',
      shelf: "rare",
      fee: "1.50",
      due: "2026-01-05T12:00:00.000000Z",
      marks: ["old"],
      lost: false,
    },
  },
  context: { mfa: true },
  ancestors: { principal: { Branch: ["b"], House: ["h"] } },
  references: { "resource.branch": { name: "main" } },
  relations: { guards: [{ from: "ada", to: "7" }] },
  now: "2026-02-03T10:00:00.000000Z",
  ...changes,
});

function wordsOf(asked: RequestDocument): RequestWords {
  return program === null ? expect.fail("the library does not compile") : requestWords(program, asked);
}

test("says who asks, the row, and what is so, as a test would", () => {
  expect(wordsOf(request({}))).toEqual({
    principal: 'Member "ada" { roles: [librarian], in: [Branch "b"], level: 2 }',
    action: "read",
    resource:
      'Loan "7" { branch: Branch "b" { name: "main" }, fee: 1.50, marks: ["old"], shelf: rare, title: "a \\"b\\"" }',
    given: [
      "context { mfa: true }",
      "tenant { members_only: true }",
      "now 2026-02-03T10:00:00Z",
      'guards(Member "ada", Loan "7")',
    ],
    unsaid: [],
  });
});

const row = { id: "7", tenant: "north", attributes: request({}).resource.attributes };
const updated = (attributes: object, more: object = {}): RequestDocument =>
  request({
    action: { name: "update" },
    resource: { type: "Loan" },
    prior: row,
    next: { ...row, attributes: { ...row.attributes, ...attributes } },
    references: { "prior.branch": { name: "main" }, "next.branch": { name: "main" } },
    ...more,
  });

test("says what an update makes of the row", () => {
  const { resource, unsaid } = wordsOf(updated({ fee: "9.00", lost: true, marks: [] }));
  expect(resource).toMatch(/ to { fee: 9\.00, lost: true, marks: \[\] }$/);
  expect(unsaid).toEqual([]);
  const moved = updated(
    { branch: "c" },
    { references: { "prior.branch": { name: "main" }, "next.branch": { name: "other" } } },
  );
  expect(wordsOf(moved).resource).toMatch(/ to { branch: Branch "c" { name: "other" } }$/);
  expect(wordsOf(moved).unsaid).toEqual([]);
});

test("says what the words of tests cannot say", () => {
  const elsewhere = updated(
    {},
    { references: { "prior.branch": { name: "main" }, "next.branch": { name: "other" } } },
  );
  expect(wordsOf(elsewhere).unsaid).toEqual(['name becomes "other"']);
});

describe("asked again", () => {
  const ask = (input: Parameters<typeof compile>[0], words: RequestWords, name: string) => {
    const text = [
      `policy ${input.tenant} for ${name}`,
      'test "asked" {',
      ...words.given.map((given) => `given ${given}`),
      `expect permit ${words.principal} to ${words.action} ${words.resource}`,
      "}",
    ].join("\n");
    const again = compile({ ...input, questions: [{ name: "question", text }] });
    const asked = again.tests.find((one) => one.file === "question");
    if (again.program === null || asked === undefined)
      return { problems: again.findings.filter((f) => f.severity === "error").map((f) => f.message) };
    const [result] = runTest(again.program, asked).expects;
    return {
      problems: result?.asked.length === 0 ? result.problems : [],
      decision: result?.asked[0]?.decision,
    };
  };

  test("the library's request is answered as it was", () => {
    if (program === null) expect.fail("the library does not compile");
    for (const asked of [
      request({}),
      request({ context: { mfa: false } }),
      request({ relations: { guards: [] } }),
      updated({ fee: "0.50" }),
      updated({ lost: true }),
      updated({ shelf: "open" }),
      updated({ marks: [], shelf: "rare" }),
      updated(
        { branch: "c" },
        { references: { "prior.branch": { name: "main" }, "next.branch": { name: "other" } } },
      ),
    ])
      expect(ask(files, wordsOf(asked), "library").decision).toEqual(evaluate(program, asked));
  });

  test("generated requests are answered as they were, unless their words say that they say not all", () => {
    const tally = { same: 0, unsaid: 0, refused: new Map<string, number>() };
    for (let seed = 0; seed < 320; seed += 4) {
      const from = generateCase(seed);
      const input = {
        model: from.model,
        platform: [from.platform],
        policy: from.policy,
        tenant: from.tenant,
      };
      const compiled = compile(input).program;
      if (compiled === null) continue;
      for (const { request: asked } of generateRequests(from, compiled, 6)) {
        const decision = evaluate(compiled, asked);
        if (decision.reason === "invalid_input" || decision.reason === "out_of_scope") continue;
        const words = requestWords(compiled, asked as RequestDocument);
        if (words.unsaid.length > 0) {
          tally.unsaid += 1;
          continue;
        }
        const again = ask(input, words, from.generated.ir.name);
        if (again.decision === undefined) {
          const why = again.problems.join("; ").replaceAll(/[`"].*?[`"]/g, "_");
          tally.refused.set(why, (tally.refused.get(why) ?? 0) + 1);
          continue;
        }
        expect(again.decision, `seed ${seed}: ${JSON.stringify(words)}\n${JSON.stringify(asked)}`).toEqual(
          decision,
        );
        tally.same += 1;
      }
    }
    // Texts that no policy may hold cannot be written in one either.
    const known =
      /cannot be seen|direction of the text|not in NFC|neither a name|unknown role|declared twice|expected a/;
    expect([...tally.refused.keys()].filter((why) => !known.test(why))).toEqual([]);
    expect(tally.same).toBeGreaterThan(200);
  });
});
