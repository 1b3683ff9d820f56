/** From an assert's words to the requests that break it; the program is never touched by one. */
import { assertViolated, evaluate, loadProgram, serializeProgram } from "@wardline/core";
import { describe, expect, test } from "vitest";
import type { CompileResult } from "../../src/index.ts";
import { compileLibrary, type Texts } from "../check/library.ts";

const book = {
  branch: "0198c0de-0000-7000-8000-0000000000c0",
  title: "Emma",
  shelfmark: "QA 76",
  genre: "law",
  pages: 100,
  price: "12.50",
  tags: [],
  reserved_for: [],
  acquired: "2026-01-01T00:00:00.000000Z",
  lost: false,
  loan_time: 1,
};

interface Asked {
  readonly roles?: readonly string[];
  readonly home?: string;
  readonly action?: string;
  readonly row?: Readonly<Record<string, unknown>>;
  readonly next?: Readonly<Record<string, unknown>>;
}

const ofNorth = { id: "0198c0de-0000-7000-8000-0000000000b0", tenant: "north" };

function requestOf({ roles = ["reader"], home = "north", action = "read", row = {}, next = {} }: Asked) {
  const stored = { ...ofNorth, attributes: { ...book, ...row } };
  return {
    tenant: { id: "north", attributes: { plan: "pro" } },
    principal: {
      type: "Member",
      id: "ada",
      tenant: home,
      roles,
      attributes: { level: 3, tier: 1, groups: [], email: "a@b" },
    },
    action: { name: action },
    resource: action === "read" ? { type: "Book", ...stored } : { type: "Book" },
    prior: stored,
    next: { ...ofNorth, attributes: { ...book, ...row, ...next } },
    context: { mfa: true },
  };
}

function compiled(texts: Texts): CompileResult {
  const result = compileLibrary(texts);
  expect(result.findings.filter((found) => found.severity === "error")).toEqual([]);
  return result;
}

/** Whether a request breaks the first assert of a policy. */
function breaks(policy: string, asked: Asked = {}, texts: Texts = {}): boolean {
  const { analysis, asserts } = compiled({ ...texts, policy });
  const [assert] = asserts;
  if (analysis === null || assert === undefined) return expect.fail("no assert");
  return assertViolated(analysis, assert, requestOf(asked));
}

describe("never permit", () => {
  const policy = "permit a: reader to read, update Book\n";
  test("breaks where what it names is permitted", () => {
    const assert = `${policy}assert x: never permit reader to read Book`;
    expect(breaks(assert)).toBe(true);
    expect(breaks(assert, { roles: ["librarian"] })).toBe(false);
    expect(breaks(assert, { action: "update" })).toBe(false);
  });
  test("only where its condition holds", () => {
    const assert = `${policy}assert x: never permit reader to read Book when resource.lost unless resource.pages > 200`;
    expect(breaks(assert, { row: { lost: true } })).toBe(true);
    expect(breaks(assert, { row: { lost: true, pages: 300 } })).toBe(false);
    expect(breaks(assert)).toBe(false);
  });
  test("a challenge is a way to be permitted", () => {
    const asking = `${policy}require r: reason for anyone to read Book\n`;
    expect(breaks(`${asking}assert x: never permit reader to read Book`)).toBe(true);
  });
  test("an update is meant if either row is", () => {
    const assert = `${policy}assert x: never permit reader to update Book when resource.lost`;
    expect(breaks(assert, { action: "update", next: { lost: true } })).toBe(true);
    expect(breaks(assert, { action: "update", row: { lost: true }, next: { lost: false } })).toBe(true);
    expect(breaks(assert, { action: "update" })).toBe(false);
  });
  test("`except` leaves out what a named statement applies to, its reach among it", () => {
    const assert = `permit a: reader to read Book when resource.pages > 50\npermit b: librarian to read Book\nassert x: never permit anyone to read Book except a`;
    expect(breaks(assert)).toBe(false);
    expect(breaks(assert, { roles: ["librarian"] })).toBe(true);
    expect(breaks(assert, { roles: ["librarian", "reader"] })).toBe(false);
    expect(breaks(assert, { roles: ["librarian", "reader"], row: { pages: 10 } })).toBe(true);
  });
  test("`except` can name a statement of the platform, and of a pack", () => {
    const platform =
      "platform for library\nceiling all: anyone to act on anything\npermit open: reader to read Book\n  trusting reader\n";
    expect(breaks("assert x: never permit anyone to read Book except open", {}, { platform })).toBe(false);
    const packs = ["pack guide 1.2\nforbid lost: anyone to read Book when resource.pages > 500\n"];
    const uses = `use guide 1.2\n${policy}assert x: never permit anyone to read Book except lost`;
    expect(breaks(uses, {}, { packs })).toBe(true);
  });
  test("a name means its own layer's statement first", () => {
    const platform =
      "platform for library\nceiling all: anyone to act on anything\nforbid a: Scanner to read Book\n";
    expect(breaks(`${policy}assert x: never permit anyone to read Book except a`, {}, { platform })).toBe(
      false,
    );
  });
});

describe("always permit", () => {
  const assert = "assert x: always permit reader to read Book when principal.tenant == resource.tenant";
  test("breaks where it is denied, and where it is challenged", () => {
    expect(breaks(`permit a: reader to read Book\n${assert}`)).toBe(false);
    expect(breaks(`permit a: reader to read Book when resource.lost\n${assert}`)).toBe(true);
    expect(
      breaks(`permit a: reader to read Book\nrequire r: reason for anyone to read Book\n${assert}`),
    ).toBe(true);
  });
  test("says nothing of those whom it does not name", () => {
    expect(breaks(`permit a: librarian to read Book\n${assert}`, { home: "south" })).toBe(false);
  });
});

describe("never show", () => {
  test("breaks where the field is shown as it is", () => {
    const assert = "assert x: never show Book.title to reader";
    expect(breaks(`permit a: reader to read Book\n${assert}`)).toBe(true);
    expect(breaks(`permit a: reader to read Book with mask(title, initials)\n${assert}`)).toBe(false);
    expect(breaks(`permit a: reader to read Book with hide(title)\n${assert}`)).toBe(false);
    expect(breaks(`permit a: reader to update Book\n${assert}`, { action: "update" })).toBe(false);
  });
  test("reaches every action that reads, and none that writes", () => {
    const { asserts } = compiled({ policy: "assert x: never show Book.title to Member" });
    expect(asserts[0]?.cases.map((c) => c.action)).toEqual(["read", "list"]);
  });
});

test("asserts stand in the order of their ids, with their place and their words", () => {
  const platform =
    'platform for library\nceiling all: anyone to act on anything\n\n/// Apart.\nassert z: never permit anyone to read Book\n  when principal.tenant != resource.tenant\n  because "tenants are apart"\n';
  const { asserts } = compiled({
    platform,
    policy: "assert b: never permit reader to read Book\nassert a: never permit reader to read Loan",
  });
  expect(asserts.map(({ id, layer, line }) => [id, layer, line])).toEqual([
    ["north/a", "tenant", 3],
    ["north/b", "tenant", 2],
    ["platform/z", "platform", 5],
  ]);
  expect(asserts[2]).toMatchObject({
    claim: { kind: "never_permit" },
    because: "tenants are apart",
    doc: "Apart.",
    file: "platform.ward",
  });
});

test("the program is the same with an assert and without, and loads", () => {
  const rules = "permit a: reader to read Book\n";
  const plain = compiled({ policy: rules });
  const asserted = compiled({
    policy: `${rules}assert x: never permit reader to read Book when resource.pages > 20 and has resource.note`,
  });
  expect(asserted.program).toEqual(plain.program);
  expect(
    asserted.program === null ? null : loadProgram(JSON.parse(serializeProgram(asserted.program))),
  ).toEqual({ program: plain.program });
  expect(plain.analysis).toEqual(plain.program);
});

test("the analysis decides as the program does, and its tables read what the asserts ask", () => {
  const { program, analysis } = compiled({
    policy:
      "permit a: reader to read Book\nassert x: never permit reader to read Book when resource.pages > 20",
  });
  if (program === null || analysis === null) return expect.fail("no program");
  expect(analysis.conditions.slice(0, program.conditions.length)).toEqual(program.conditions);
  expect(analysis.atoms.length).toBeGreaterThan(program.atoms.length);
  for (const asked of [{}, { roles: ["librarian"] }, { row: { lost: true } }])
    expect(evaluate(analysis, requestOf(asked))).toEqual(evaluate(program, requestOf(asked)));
  const withoutPages = requestOf({ row: { pages: null } });
  expect(evaluate(program, withoutPages).outcome).toBe("permit");
  expect(evaluate(analysis, withoutPages).reason).toBe("invalid_input");
});

test("an assert uses lets", () => {
  const policy = "let near = resource.lost\nassert x: never permit reader to read Book when near";
  expect(compiled({ policy }).findings).toEqual([]);
});

test("a platform's assert may read what tenants set", () => {
  const platform =
    "platform for library\nceiling all: anyone to act on anything\nassert x: never permit cashier to read Book\n";
  expect(compiled({ platform }).findings).toEqual([]);
});
