/** Hints, lenses and what stands behind them. */
import { evaluate } from "@wardline/core";
import { permitGoal, searchRequests } from "@wardline/core/search";
import { projectByHeader, type Project } from "@wardline/compiler/project";
import { expect, test } from "vitest";
import { isRule } from "../../src/actions/add-test.ts";
import { namesIn } from "../../src/complete/names.ts";
import { effectsOver } from "../../src/hints/effects.ts";
import { allHints, hintsIn } from "../../src/hints/hints.ts";
import { optionsFrom } from "../../src/hints/hint-feature.ts";
import { snapshotOf } from "../../src/index.ts";
import { explainRule, verbalise } from "../../src/lenses/explain-rule.ts";
import { lensesOf, titleOf } from "../../src/lenses/lenses.ts";
import { runFileTests } from "../../src/lenses/run-file-tests.ts";
import { whoCanRule } from "../../src/lenses/who-rule.ts";

const model = `model library

context {
  purpose: String?
}

principal Member {
  level: Int(0..5)
}

entity Shelf shared stored in shelves {
  label: String
}

entity Loan stored in loans {
  open: Bool
  card: String #secret
}

relation guards(Member, Loan) via loan_guards(member_id, loan_id)

role reader for Member
role librarian extends reader
role inspector platform
delegate reader, librarian to tenants

action read reads Loan, Shelf
action update updates Loan
`;

const platform = `platform for library

ceiling all: anyone to act on anything
require card_tail: mask(card, partial(last: 2)) for anyone to read Loan
share visit: inspector to read Loan

settings {
  session: { idle: 10m, longest: 8h }
}
`;

const policy = `policy north for library

settings {
  session: { idle: 15m, longest: 480m }
}

let watched(loan) = guards(principal, loan)

permit desk: reader to read Loan, Shelf
permit watch: librarian to update Loan
  when watched(prior) and prior.open
  unless principal.level < 2

test "readers read" {
  expect permit Member { roles: [reader] } to read Loan { } by desk
}

test "nobody updates" {
  expect permit Member { roles: [reader] } to update Loan { } by watch
}
`;

const project = projectByHeader(
  [
    { name: "library.ward", text: model },
    { name: "platform.ward", text: platform },
    { name: "north.ward", text: policy },
  ],
  "wardline.config.json",
) as Project;
const snapshot = snapshotOf(project);
const whole = { start: 0, end: 10_000 };
const shown = (file: string, text: string, options = allHints) =>
  hintsIn(snapshot, file, whole, options).map(
    ({ offset, text: hint }) =>
      `${text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset).trim()}⟪${hint.trim()}⟫`,
  );

test("hints say what the text does not", () => {
  expect(shown("north.ward", policy)).toEqual([
    "session: { idle: 15m⟪in force: 10m⟫",
    "let watched(loan⟪: Loan⟫",
    "permit desk: reader⟪+ librarian⟫",
    "permit desk: reader to read Loan, Shelf⟪of all tenants⟫",
    "permit desk: reader to read Loan, Shelf⟪(Loan.card as partial(last: 2))⟫",
  ]);
  expect(shown("platform.ward", platform)).toEqual(["share visit: inspector⟪of other tenants⟫"]);
  expect(shown("library.ward", model)).toEqual([]);
});

test("what a hint says is masked is masked in every decision of the permit, and what is masked it says", () => {
  const files = [
    { name: "library.ward", text: model },
    {
      name: "platform.ward",
      text: `${platform}
floor desk: librarian to read Loan
  trusting librarian
require open_shown: hide(open) for reader to read Loan
  trusting reader, librarian
`,
    },
    {
      name: "north.ward",
      text: `policy north for library
role helper extends reader
permit one: helper to read Loan
permit two: reader to read Loan
permit three: anyone to read Loan
  when principal.level > 2
permit four: librarian to read Shelf
permit five: librarian to read Loan
require card_hidden: hide(card) for anyone to read Loan
require labels: hide(label) for librarian to read Shelf
`,
    },
  ];
  const project = projectByHeader(files, "wardline.config.json");
  if ("problem" in project) throw new Error(project.problem);
  const hinted = snapshotOf(project);
  const program = hinted.compiled("north")?.program;
  const names = namesIn(hinted, "north.ward");
  expect(hinted.findings().filter(({ severity }) => severity === "error")).toEqual([]);
  if (program == null || names === null) throw new Error("it does not compile");
  const claims = new Map<string, Readonly<Record<string, string>>>(
    names.statements.flatMap((one) =>
      isRule(one) && one.kind === "permit"
        ? [[`north/${one.name.text}`, Object.fromEntries(effectsOver(names, one))] as const]
        : [],
    ),
  );
  const [always, some] = ["as partial(last: 2)", "hidden for some"];
  expect(Object.fromEntries(claims)).toEqual({
    // The platform does not count a helper as a reader, and a floor shows what a tenant hides.
    "north/one": { "Loan.card": `${always}, ${some}`, "Loan.open": some },
    "north/two": { "Loan.card": `${always}, ${some}`, "Loan.open": some },
    "north/three": { "Loan.card": `${always}, ${some}`, "Loan.open": some },
    "north/four": { "Shelf.label": "hidden" },
    "north/five": { "Loan.card": `${always}, ${some}`, "Loan.open": "hidden" },
  });
  let decided = 0;
  for (const table of program.tables) {
    const target = { principal: table.principal, action: table.action, resource: table.resource };
    const goal = permitGoal(program, table);
    const { requests } = searchRequests(program, { ...target, goal }, { seed: 1, tries: 20, count: 20 });
    for (const request of requests) {
      const { outcome, rules, obligations } = evaluate(program, request);
      const masked = obligations.flatMap((one) =>
        one.type === "mask" || one.type === "hide" ? [`${table.resource}.${one.field}`] : [],
      );
      for (const rule of outcome === "permit" ? rules : []) {
        const claim = claims.get(rule);
        if (claim === undefined) continue;
        decided += 1;
        for (const field of masked) expect(Object.keys(claim), rule).toContain(field);
        for (const [field, how] of Object.entries(claim))
          if (field.startsWith(`${table.resource}.`) && how.split(", ").some((one) => !one.endsWith("some")))
            expect(masked, `${rule}: ${field} ${how}`).toContain(field);
      }
    }
  }
  expect(decided).toBeGreaterThan(10);
});

test("each kind of hint can be switched off, and a range bounds them", () => {
  const none = optionsFrom({ tenantScope: false, roles: false, masks: false, lets: false, settings: false });
  expect(shown("north.ward", policy, none)).toEqual([]);
  expect(shown("north.ward", policy, optionsFrom({ enabled: false }))).toEqual([]);
  expect(shown("north.ward", policy, optionsFrom({ roles: false })).join()).not.toContain("librarian⟫");
  expect(optionsFrom(null)).toEqual(allHints);
  expect(hintsIn(snapshot, "north.ward", { start: 0, end: 10 })).toEqual([]);
});

test("lenses stand over tests and rules, and their titles say what came of it", () => {
  const lenses = lensesOf(snapshot, "north.ward");
  const titles = lenses.map((lens) => titleOf(snapshot, lens));
  expect(titles).toEqual([
    "Run 2 tests",
    "Explain",
    "Who can read Loan: 2 roles",
    "Explain",
    "Who can update Loan: 1 role",
    "✓ Run test",
    expect.stringMatching(/^✗ Run test: /),
  ]);
  expect(lensesOf(snapshot, "library.ward")).toEqual([]);
});

test("of what is sealed nobody is said to do anything by it", () => {
  const { name, text } = {
    name: "platform.ward",
    text: "platform for library\n\nrequire sealed: encrypt(#secret)\n",
  };
  const sealed = snapshotOf({
    model: { name: "library.ward", text: model },
    platform: [{ name, text }],
    packs: [],
    tenants: new Map(),
    lints: {},
  });
  expect(lensesOf(sealed, name).map(({ command }) => command)).toEqual(["wardline.explainRule"]);
});

test("tests of a file are run, all or one of them", () => {
  const all = runFileTests(snapshot, { file: "north.ward" });
  expect(all).toMatchObject({ passed: 1, failed: 1, text: expect.stringContaining("✓ readers read") });
  expect(runFileTests(snapshot, { file: "north.ward", title: "readers read" })).toMatchObject({
    passed: 1,
    failed: 0,
  });
  expect(runFileTests(snapshot, { file: "north.ward", title: "none" })).toHaveProperty("refused");
  expect(runFileTests(snapshot, { file: "library.ward" })).toHaveProperty("refused");
});

test("a rule is explained in plain sentences, with a request that it decides", () => {
  expect(explainRule(snapshot, { file: "north.ward", rule: "watch" })).toMatchObject({
    sentences: [
      "Librarian may update Loan, where (“watched” holds of it as it was and its former open is true) and except where their level is below 2.",
    ],
    example: {
      outcome: "permit",
      request: [expect.stringContaining("given guards("), expect.stringContaining("to update Loan")],
    },
  });
  expect(explainRule(snapshot, { file: "north.ward", rule: "none" })).toHaveProperty("refused");
  expect(verbalise(snapshot, { file: "platform.ward" })).toMatchObject([
    { sentences: ["At most, anyone may be allowed to act in any way on anything."] },
    { sentences: ["Where anyone read Loan, card is shown as partial(last: 2) only."] },
    { sentences: ["Inspector of other tenants may read Loan."] },
  ]);
  expect(whoCanRule(snapshot, { file: "north.ward", rule: "desk" })).toMatchObject({
    action: "read",
    resource: "Loan",
  });
});

test.each([
  [
    "permit",
    "when not resource.open and principal.level < 2",
    "where its open is not true and their level is below 2",
  ],
  [
    "permit",
    "when not principal.level < 2 and resource.open",
    "where (it is not so that their level is below 2) and its open is true",
  ],
  [
    "permit",
    "when not (resource.open or principal.level < 2) and resource.open",
    "where (it is not so that (its open is true or their level is below 2)) and its open is true",
  ],
  [
    "permit",
    "when resource.open or principal.level < 2 when principal.level > 1",
    "where (its open is true or their level is below 2) and where their level is above 1",
  ],
  [
    "permit",
    "unless resource.open and principal.level < 2",
    "except where its open is true and their level is below 2",
  ],
  [
    "permit",
    'when (context.purpose ?? "") == "x and its open is true"',
    "where the request's purpose (or “” where there is none) is “x and its open is true”",
  ],
])("the sentence of a %s %s cannot be read in another way", (kind, conditions, says) => {
  const text = `policy north for library\n\n${kind} one: reader to read, list Loan ${conditions}\n`;
  const files = [
    { name: "library.ward", text: model.replace("action read reads", "action read, list reads") },
    { name: "north.ward", text },
  ];
  const other = snapshotOf(projectByHeader(files, "wardline.config.json") as Project);
  expect(verbalise(other, { file: "north.ward" })).toMatchObject([
    { sentences: [`Reader may read and list Loan, ${says}.`] },
  ]);
});

test("a policy with an error is not run, and says why", () => {
  const broken = snapshotOf({
    ...project,
    tenants: new Map([["north", { name: "north.ward", text: policy.replace("prior.open", "prior.opn") }]]),
  });
  expect(runFileTests(broken, { file: "north.ward" })).toMatchObject({
    refused: expect.stringContaining("opn"),
  });
  expect(explainRule(broken, { file: "north.ward", rule: "desk" })).toMatchObject({ example: null });
  expect(whoCanRule(broken, { file: "north.ward", rule: "desk" })).toHaveProperty("refused");
  expect(lensesOf(broken, "north.ward").map((lens) => titleOf(broken, lens))).toContain("Run test");
  // The platform's rules can be asked about all the same.
  expect(whoCanRule(broken, { file: "platform.ward", rule: "card_tail" })).toMatchObject({ action: "read" });
  expect(explainRule(broken, { file: "platform.ward", rule: "all" })).toMatchObject({
    example: { outcome: expect.any(String) as string },
  });
});
