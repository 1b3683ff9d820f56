/** What packs mean, through the oracle: whose rules they are, what they can and cannot do, what their parameters become. */
import { evaluate, loadProgram, serializeProgram, type Program } from "@wardline/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePack } from "../../src/index.ts";
import { compileLibrary, underlined, type Texts } from "../check/library.ts";

const guide = `pack guide 1.2
parameter secret: class
parameter fresh: Duration(..15m) = 15m
parameter least: Int(1..5) = 2

/// Sealed at rest.
@control("9.4")
require sealed: encrypt(secret)

require factor: step_up(mfa, within: fresh) for anyone to read, update anything touching secret

forbid low: Member to read anything
  unless principal.level >= least
  because "not yet"
`;

const permits = "permit a: reader to read, update Book, Loan\n";
const using = `use guide 1.2 { secret: #secret }\n${permits}`;

function programOf(texts: Texts): Program {
  const { program, findings } = compileLibrary({ packs: [guide], ...texts });
  return program ?? expect.fail(findings.map((found) => found.message).join("; "));
}

const idsOf = (program: Program) => program.rules.map((rule) => rule.id);

const book = {
  branch: "0198c0de-0000-7000-8000-0000000000c0",
  title: "Emma",
  genre: "law",
  pages: 100,
  price: "12.50",
  tags: [],
  reserved_for: [],
  acquired: "2026-01-01T00:00:00.000000Z",
  lost: false,
  loan_time: 1,
};

const read = (program: Program, level: number, mfaAge: number) =>
  evaluate(program, {
    tenant: { id: "north" },
    principal: { type: "Member", id: "ada", tenant: "north", roles: ["reader"], attributes: { level } },
    action: { name: "read" },
    resource: { type: "Book", id: "0198c0de-0000-7000-8000-0000000000b0", tenant: "north", attributes: book },
    context: { mfa: true, mfa_age: mfaAge },
  });

const minutes = (count: number) => count * 60_000_000;

test("a pack's rules bear its name, its layer, its place and its annotations", () => {
  const program = programOf({ policy: using });
  expect(idsOf(program)).toEqual(["platform/all", "guide/factor", "guide/low", "guide/sealed", "north/a"]);
  expect(program.rules.find((rule) => rule.id === "guide/sealed")).toEqual({
    id: "guide/sealed",
    layer: "tenant",
    pack: "guide",
    kind: "require",
    file: "pack.ward",
    line: 7,
    because: null,
    doc: "Sealed at rest.",
    annotations: [{ name: "control", text: "9.4" }],
  });
  expect(loadProgram(JSON.parse(serializeProgram(program)))).toEqual({ program });
});

test("used by the platform it is a guardrail; used by both, the tenant's bears the tenant's name as well", () => {
  const platform =
    "platform for library\nuse guide 1.2 { secret: #secret }\nceiling all: anyone to act on anything\n";
  const own = programOf({ policy: permits, platform });
  expect(own.rules.filter((rule) => rule.pack === "guide").map(({ id, layer }) => [id, layer])).toEqual([
    ["guide/factor", "platform"],
    ["guide/low", "platform"],
    ["guide/sealed", "platform"],
  ]);
  const both = programOf({ policy: using, platform });
  expect(idsOf(both)).toEqual([
    "guide/factor",
    "guide/low",
    "guide/sealed",
    "platform/all",
    "north/a",
    "north/guide/factor",
    "north/guide/low",
    "north/guide/sealed",
  ]);
  expect(loadProgram(JSON.parse(serializeProgram(both)))).toEqual({ program: both });
});

test("both layers may use different versions", () => {
  const newer = guide.replace("1.2", "1.10").replace("forbid low", "forbid lower");
  const platform =
    "platform for library\nuse guide 1.10 { secret: #secret }\nceiling all: anyone to act on anything\n";
  const program = programOf({ policy: using, platform, packs: [guide, newer] });
  expect(idsOf(program)).toContain("guide/lower");
  expect(idsOf(program)).toContain("north/guide/low");
});

test("an argument stands where its parameter does", () => {
  const with10 = programOf({ policy: using.replace("}", " fresh: 10m least: 3 }") });
  expect(read(with10, 3, minutes(10)).outcome).toBe("permit");
  expect(read(with10, 3, minutes(11)).outcome).toBe("challenge");
  expect(read(with10, 2, minutes(10))).toMatchObject({ outcome: "deny", rules: ["guide/low"] });
  const byDefault = programOf({ policy: using });
  expect(read(byDefault, 2, minutes(15)).outcome).toBe("permit");
  expect(read(byDefault, 2, minutes(16)).outcome).toBe("challenge");
  expect(read(byDefault, 1, 0).outcome).toBe("deny");
  expect(byDefault.sealed).toEqual([{ entity: "Book", fields: ["shelfmark"] }]);
});

test("`touching` narrows to the types that have a field of the class", () => {
  const program = programOf({ policy: using });
  const asks = (resource: string) =>
    program.tables.some(
      (table) =>
        table.resource === resource &&
        table.passes.some((pass) => pass.requires.some((r) => program.rules[r.rule]?.id === "guide/factor")),
    );
  expect([asks("Book"), asks("Loan")]).toEqual([true, false]);
});

describe("guardrails", () => {
  const trusting = (clause: string) =>
    `pack guide 1.2\nforbid gates: anyone except cashier to read Book${clause}\n`;
  const platform = "platform for library\nceiling all: anyone to act on anything\nuse guide 1.2\n";

  test("a pack of the platform's that reads what tenants set must say so, and is shown with its use", () => {
    const { findings, files } = compileLibrary({ platform, packs: [trusting("")] });
    const [first, ...rest] = findings.filter((found) => found.severity === "error");
    expect([first?.code, rest]).toEqual(["guardrail/delegated", []]);
    if (first === undefined) return;
    expect(underlined(files, first)).toBe("cashier");
    expect(first.labels.at(-1)).toMatchObject({ span: { file: "platform.ward" }, message: "used here" });
    expect(first.fixes).toEqual([]);
  });

  test("`trusting` waives it, and means nothing where a tenant uses the pack", () => {
    expect(programOf({ platform, packs: [trusting(" trusting cashier")] })).toBeTruthy();
    const policy = `use guide 1.2\n${permits}`;
    expect(programOf({ policy, packs: [trusting(" trusting cashier")] })).toBeTruthy();
    expect(programOf({ policy, packs: [trusting("")] })).toBeTruthy();
  });
});

describe("findings", () => {
  test("what is wrong in a pack is shown in the pack, with the use beside it", () => {
    const packs = ["pack guide 1.2\nforbid a: anyone to exprt anything\n"];
    const { findings, files } = compileLibrary({ policy: "use guide 1.2\n", packs });
    const [found, ...rest] = findings;
    expect(rest).toEqual([]);
    expect(found).toMatchObject({ code: "name/unknown", fixes: [] });
    expect(found?.labels[0].span.file).toBe("pack.ward");
    const use = found?.labels[1]?.span;
    expect(files.find((file) => file.name === use?.file)?.text.slice(use?.start, use?.end)).toBe("guide");
  });

  test("a pack that does not parse gives no program, and no echo of it", () => {
    const packs = [guide.replace("require factor:", "require factor")];
    const { program, findings } = compileLibrary({ policy: using, packs });
    expect(program).toBeNull();
    expect(new Set(findings.map((found) => found.labels[0].span.file))).toEqual(new Set(["pack.ward"]));
    expect(findings.every((found) => found.code.startsWith("syntax/"))).toBe(true);
  });

  test("a pack that nobody uses is nobody's error", () => {
    const { findings } = compileLibrary({ packs: ["pack guide 1.2\n§", "nothing", ""] });
    expect(findings).toEqual([]);
  });

  test("lints in a pack are its author's", () => {
    const packs = [
      "pack guide 1.2\nparameter a: Int = 1\nforbid b: anyone to read Book when has resource.lost\n",
    ];
    const { findings } = compileLibrary({ policy: `use guide 1.2\n${permits}`, packs });
    expect(findings).toEqual([]);
    expect(compilePack({ name: "p", text: packs[0] ?? "" }).findings.map((f) => f.code)).toEqual([
      "lint/unused-parameter",
    ]);
  });

  test("a pack's rules count against the tenant that uses it", () => {
    const conditions = Array.from({ length: 65 }, (_, i) => `resource.pages == ${i + 1}`).join(" or ");
    const packs = [`pack guide 1.2\nforbid a: anyone to read Book when ${conditions}\n`];
    const { findings } = compileLibrary({ policy: `use guide 1.2\n${permits}`, packs });
    expect(findings.map((found) => [found.code, found.labels.length])).toEqual([["limit/atoms", 2]]);
    const platform = "platform for library\nceiling all: anyone to act on anything\nuse guide 1.2\n";
    expect(compileLibrary({ platform, packs }).findings).toEqual([]);
  });
});

describe("a pack by itself", () => {
  test("names itself where it is right", () => {
    expect(compilePack({ name: "p", text: guide })).toEqual({
      pack: { name: "guide", version: "1.2" },
      findings: [],
    });
  });

  test.each([
    ["", "syntax/header"],
    ["policy north for library", "file/kind"],
    ["pack platform 1.0", "pack/name"],
    ["pack guide 1.2\npermit a: anyone to read Book", "file/misplaced"],
    ["pack guide 1.2\nparameter a: Int = 1\nforbid b: anyone to read anything touching c", "name/unknown"],
    ["pack guide 1.2\nforbid b: anyone to", "syntax/expected"],
  ])("%s", (text, code) => {
    const { pack, findings } = compilePack({ name: "p", text });
    expect(pack).toBeNull();
    expect(findings.map((found) => found.code)).toContain(code);
  });
});

test("a tenant may not be called as a pack that it or the platform uses", () => {
  const packs = [guide.replace("guide", "north")];
  const use = "use north 1.2 { secret: #secret }\n";
  expect(compileLibrary({ policy: use, packs }).findings.map((f) => f.code)).toEqual(["pack/name"]);
});

describe("laws", () => {
  /** A rule of a pack, with what it is in a policy where the arguments below are put in. */
  const rules: readonly (readonly [string, string])[] = [
    ["require r0: encrypt(secret)", "require r0: encrypt(#secret)"],
    [
      "require r1: mask(secret, redact) for anyone except cashier to read anything touching secret",
      "require r1: mask(#secret, redact) for anyone except cashier to read anything touching #secret",
    ],
    [
      "require r2: step_up(mfa, within: age) for anyone to read Book when resource.pages > many",
      "require r2: step_up(mfa, within: 10m) for anyone to read Book when resource.pages > 200",
    ],
    [
      "require r3: hide(price), reason for reader to read Book when not resource.lost",
      "require r3: hide(price), reason for reader to read Book when not resource.lost",
    ],
    [
      "forbid r4: Member to update anything touching secret unless principal.level >= least or resource.title == title",
      'forbid r4: Member to update anything touching #secret unless principal.level >= 3 or resource.title == "Emma"',
    ],
    [
      "forbid r5: anyone to act on anything when resource.lost == gone and context.mfa == false",
      "forbid r5: anyone to act on anything when resource.lost == true and context.mfa == false",
    ],
    [
      "require r6: audit(full) for anyone to act on anything touching secret",
      "require r6: audit(full) for anyone to act on anything touching #secret",
    ],
  ];
  const parameters = `parameter secret: class
parameter age: Duration(..15m)
parameter many: Int
parameter least: Int(0..5)
parameter title: String
parameter gone: Bool
`;
  const given = 'use guide 1.0 { secret: #secret age: 10m many: 200 least: 3 title: "Emma" gone: true }\n';
  const own =
    "permit x1: reader, cashier to read Book, Loan\npermit x2: librarian to act on Book with mask(title, initials)\n";
  const chosen = fc.uniqueArray(fc.nat(rules.length - 1), { minLength: 1 });

  /** Without what says where a rule stands and what it is called. */
  const meaningOf = ({ rules: found, ...program }: Program) => ({
    ...program,
    rules: found.map(({ kind, layer, because }) => ({ kind, layer, because })),
  });

  const withPack = (numbers: readonly number[]) =>
    programOf({
      policy: `${given}${own}`,
      packs: [`pack guide 1.0\n${parameters}${numbers.map((n) => rules[n]?.[0]).join("\n")}\n`],
    });

  test("a pack means what its words mean with the arguments in their places", () => {
    fc.assert(
      fc.property(chosen, (numbers) => {
        // Ids sort in the same order in both.
        const written = numbers.map((n) => rules[n]?.[1]).join("\n");
        expect(meaningOf(withPack(numbers))).toEqual(meaningOf(programOf({ policy: `${own}${written}\n` })));
      }),
      { numRuns: 60 },
    );
  });

  test("a pack that a tenant uses permits nothing that was not, and shows no more", () => {
    const plain = programOf({ policy: own });
    const severity = { permit: 0, challenge: 1, deny: 2 };
    const request = fc.record({
      role: fc.constantFrom("reader", "cashier", "librarian", "director"),
      level: fc.integer({ min: 0, max: 5 }),
      age: fc.option(fc.constantFrom(0, minutes(10), minutes(11))),
      mfa: fc.boolean(),
      pages: fc.constantFrom(1, 200, 201),
      lost: fc.boolean(),
    });
    const hidden = (program: Program, asked: unknown) => {
      const { outcome, obligations } = evaluate(program, asked);
      const fields = obligations.flatMap((o) => (o.type === "mask" || o.type === "hide" ? [o.field] : []));
      return { outcome, fields };
    };
    fc.assert(
      fc.property(chosen, request, (numbers, { role, level, age, mfa, pages, lost }) => {
        const asked = {
          tenant: { id: "north" },
          principal: { type: "Member", id: "ada", tenant: "north", roles: [role], attributes: { level } },
          action: { name: "read" },
          resource: {
            type: "Book",
            id: "0198c0de-0000-7000-8000-0000000000b0",
            tenant: "north",
            attributes: { ...book, shelfmark: "QA", pages, lost },
          },
          context: { mfa, mfa_age: age },
        };
        const [before, after] = [hidden(plain, asked), hidden(withPack(numbers), asked)];
        expect(severity[after.outcome]).toBeGreaterThanOrEqual(severity[before.outcome]);
        if (after.outcome === "permit")
          expect(after.fields).toEqual(expect.arrayContaining([...before.fields]));
      }),
      { numRuns: 150 },
    );
  });
});
