/** Reviews: texts line by line, findings that come and go, and changes of access whose witnesses re-evaluate. */
import fc from "fast-check";
import { evaluate } from "@wardline/core";
import { describe, expect, test } from "vitest";
import {
  lineDiff,
  review,
  reviewAccess,
  reviewAsserts,
  type AccessReview,
  type Snapshot,
  type Versions,
} from "../src/index.ts";
import { lending, platform, policy } from "./lending.ts";

const edited = (north: string): { readonly snapshot: Snapshot; readonly versions: Versions } => ({
  snapshot: lending(north),
  versions: { before: { "north.ward": policy }, after: {} },
});

/** All slices, each as small as can be. */
function accessOf({ snapshot, versions }: ReturnType<typeof edited>, time = () => 0): AccessReview {
  const slices: AccessReview[] = [];
  let from: number | null = 0;
  while (from !== null) {
    const slice = reviewAccess(snapshot, "north", versions, from, time);
    if ("refused" in slice) expect.fail(slice.refused);
    slices.push(slice);
    from = slice.next;
  }
  const [first] = slices as [AccessReview];
  return {
    ...first,
    changes: slices.flatMap(({ changes }) => changes),
    model: slices.flatMap(({ model }) => model),
    tried: slices.reduce((sum, { tried }) => sum + tried, 0),
    gates: first.gates.map((gate, index) => {
      const reasons = slices.flatMap(({ gates }) => gates[index]?.reasons ?? []);
      return { ...gate, reasons, passed: reasons.length === 0 };
    }),
    next: null,
  };
}

describe("texts", () => {
  const shown = (before: string, after: string) =>
    lineDiff(before, after).rows.map(({ kind, before: one, after: other }) => {
      const mark = { same: " ", added: "+", removed: "-", changed: "~" }[kind];
      return `${mark}${one?.text ?? ""}${kind === "changed" ? `→${other?.text}` : one === null ? other?.text : ""}`;
    });

  test("what stays is told apart from what is added, removed and changed", () => {
    expect(shown("a\nb\nc\nd\n", "a\nB\nc\nc2\nd\n")).toEqual([" a", "~b→B", " c", "+c2", " d"]);
    expect(shown("a\nb\n", "")).toEqual(["-a", "-b"]);
    expect(shown("", "a")).toEqual(["+a"]);
    expect(shown("a\r\nb\r\n", "a\nb\n")).toEqual([" a", " b"]);
  });

  test("of a changed line the part that differs is marked, and never half a character", () => {
    const [row] = lineDiff("permit x: reader", "permit x: writer").rows;
    expect([row?.before?.changed, row?.after?.changed]).toEqual([
      [10, 14],
      [10, 14],
    ]);
    const [emoji] = lineDiff("a\u{1F600}", "a\u{1F601}").rows;
    expect([emoji?.before?.changed, emoji?.after?.changed]).toEqual([
      [1, 3],
      [1, 3],
    ]);
  });

  const text = fc
    .array(fc.constantFrom("", "a", "b", "c", "permit"), { maxLength: 30 })
    .map((l) => l.join("\n"));

  test("both texts are there, line by line, and equal lines are as many as can be", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const { rows, added, removed } = lineDiff(before, after);
        for (const [side, of] of [
          ["before", before],
          ["after", after],
        ] as const) {
          const lines = rows.flatMap((row) => row[side] ?? []);
          const all = of.split("\n");
          if (all.at(-1) === "") all.pop();
          expect(lines.map((line) => line.text)).toEqual(all);
          expect(lines.map(({ line }) => line)).toEqual(all.map((_, index) => index + 1));
        }
        for (const { kind, before: one, after: other } of rows) {
          if (kind === "same") expect(one?.text).toBe(other?.text);
        }
        const same = rows.filter(({ kind }) => kind === "same").length;
        expect(same).toBe(longestCommon(before, after));
        expect(added + same).toBe(rows.filter((row) => row.after !== null).length);
        expect(removed + same).toBe(rows.filter((row) => row.before !== null).length);
      }),
    );
  });

  test("texts that have nothing in common are one change, quickly", () => {
    const long = (word: string) => Array.from({ length: 5000 }, (_, i) => `${word} ${i}`).join("\n");
    const { rows } = lineDiff(long("a"), long("b"));
    expect(rows).toHaveLength(5000);
    expect(rows.every(({ kind }) => kind === "changed")).toBe(true);
  });
});

function longestCommon(before: string, after: string): number {
  const lines = (text: string) => {
    const all = text.split("\n");
    if (all.at(-1) === "") all.pop();
    return all;
  };
  const [a, b] = [lines(before), lines(after)];
  let row = Array.from({ length: b.length + 1 }, () => 0);
  for (const one of a) {
    const next = [0];
    b.forEach((other, j) =>
      next.push(one === other ? (row[j] as number) + 1 : Math.max(row[j + 1] as number, next[j] as number)),
    );
    row = next;
  }
  return row.at(-1) as number;
}

describe("access", () => {
  test.each([
    ["gained", "principal.level >= 3", "principal.level >= 2", "Member as librarian may now read Loan."],
    ["lost", "principal.level >= 3", "principal.level >= 4", "Member as librarian may no longer read Loan."],
    [
      "other",
      "\n  with mask(title, initials)",
      "",
      "Member as librarian may still read Loan, and sees more of title.",
    ],
  ])("%s", (kind, from, to, sentence) => {
    const version = edited(policy.replace(from, to));
    const { changes, tried } = accessOf(version);
    expect(tried).toBeGreaterThan(0);
    expect(changes.filter((one) => one.kind === kind).map((one) => one.sentence)).toContain(sentence);
    const [before, after] = [lending(), version.snapshot].map((s) => s.compiled("north")?.program);
    for (const one of changes) {
      const outcomes = [before, after].map(
        (p) => evaluate(p ?? expect.fail("no program"), one.request).outcome,
      );
      expect(one.before?.text.startsWith(outcomes[0] ?? "?")).toBe(true);
      expect(one.after?.text.startsWith(outcomes[1] ?? "?")).toBe(true);
      expect(
        { gained: ["deny", "permit"], lost: ["permit", "deny"], other: [outcomes[0], outcomes[0]] }[one.kind],
      ).toEqual(outcomes);
    }
  });

  test("slices of any size add up to the same", () => {
    const version = edited(
      policy.replace("principal.level >= 3", "principal.level >= 1").replace("reader to", "keeper to"),
    );
    const whole = reviewAccess(version.snapshot, "north", version.versions, 0, () => 0);
    let clock = 0;
    const small = accessOf(version, () => (clock += 1000));
    expect(small).toEqual({ ...whole, next: null });
  });

  test("gates say what stands against them", () => {
    const { gates } = accessOf(edited(policy.replace("principal.level >= 3", "principal.level >= 2")));
    expect(gates.map(({ gate, passed }) => [gate, passed])).toEqual([
      ["no-new-access", false],
      ["no-lost-access", true],
    ]);
    expect(gates[0]?.reasons).toContain("north: Member read Loan is gained");
  });

  test.each([
    ["limit(3, per: day)", "limit(4, per: day)", "permitted more often"],
    ["limit(3, per: day)", "limit(3, per: hour)", "permitted more often"],
    ["limit(3, per: day, by: tenant)", "limit(3, per: day)", "permitted more often"],
    ["mask(title, partial(last: 2))", "mask(title, partial(first: 2))", "shows more of title"],
  ])("what %s stops and %s does not, passes no gate, either way round", (from, to, says) => {
    const rule = (what: string) => `${policy}\npermit some: Member to read Loan\n  with ${what}\n`;
    for (const [before, after, at] of [
      [from, to, 0],
      [to, from, 1],
    ] as const) {
      const snapshot = lending(rule(after));
      const versions = { before: { "north.ward": rule(before) }, after: {} };
      const { gates, changes } = accessOf({ snapshot, versions });
      expect(gates[at]).toMatchObject({ passed: false });
      const words = at === 0 ? says : says.replace("more", "less");
      expect(gates[at]?.reasons.join()).toContain(words);
      if (says.startsWith("permitted"))
        expect(changes.map(({ sentence }) => sentence).join()).toContain(
          at === 0 ? "may now more often" : "may now less often",
        );
    }
  });

  test("settings that are otherwise in force are told", () => {
    const setting = (idle: string) => `${policy}\nsettings {\n  session: { idle: ${idle}, longest: 8h }\n}\n`;
    const snapshot = lending(setting("2h"));
    const versions = { before: { "north.ward": setting("5m") }, after: {} };
    expect(accessOf({ snapshot, versions }).model).toEqual([
      "the setting session.idle is 5m before, and 2h after",
    ]);
  });

  test("the same rules in other words change nothing", () => {
    expect(accessOf(edited(policy.replace("permit own", "// words\npermit own")))).toMatchObject({
      changes: [],
      tried: 0,
    });
  });

  test("what only one model has is told, with who may do it", () => {
    const snapshot = lending(policy, {});
    const model = snapshot.text("library.ward") ?? "";
    const versions = {
      before: {
        "library.ward": model.replace("action export reads Loan\n", ""),
        "north.ward": policy.replace(/permit out[^]*mfa\n/, ""),
      },
      after: {},
    };
    const { changes, model: words } = accessOf({ snapshot, versions });
    expect(words).toContain("Member export Loan is new");
    expect(changes.find(({ action }) => action === "export")).toMatchObject({ kind: "gained", before: null });
  });
});

describe("a review", () => {
  test("shows the files that differ, and the tenants that it concerns", () => {
    const snapshot = lending(policy, { "south.ward": "policy south for library\n" });
    const own = review(snapshot, { before: { "north.ward": `${policy}\n// gone\n` }, after: {} });
    expect(own.files.map(({ file, added, removed }) => [file, added, removed])).toEqual([
      ["north.ward", 0, 2],
    ]);
    expect(own.tenants).toEqual(["north"]);
    const shared = review(snapshot, { before: { "platform.ward": `${platform}\n` }, after: {} });
    expect(shared.tenants).toEqual(["north", "south"]);
  });

  test("tells of findings that are new and gone, wherever their lines went", () => {
    const one = "\nforbid one: anyone to read Letter\n  when context.mfa\n";
    const two = "\nforbid two: anyone to list Letter\n  when context.mfa\n";
    const { findings } = review(lending(`${policy}${two}`), {
      before: { "north.ward": `${policy}\n\n${one}` },
      after: {},
    });
    const words = (all: typeof findings.fresh) =>
      all.filter(({ code }) => code === "lint/forbid-without-because");
    expect(words(findings.fresh)).toMatchObject([{ file: "north.ward", severity: "warning" }]);
    expect(words(findings.gone)).toMatchObject([{ file: "north.ward" }]);
    const moved = review(lending(`${policy}\n\n${one}`), {
      before: { "north.ward": `${policy}${one}` },
      after: {},
    });
    expect(moved.findings).toMatchObject({ fresh: [], gone: [] });
    expect(moved.findings.kept).toBeGreaterThan(0);
  });

  test("of a version that does not compile shows the texts, and says what stands in the way", () => {
    const broken = edited(`${policy}\npermit\n`);
    const found = review(broken.snapshot, broken.versions);
    expect(found.files).toHaveLength(1);
    expect(found.broken).toMatchObject([{ tenant: "north", version: "after" }]);
    expect(found.findings.fresh.some(({ severity }) => severity === "error")).toBe(true);
    expect(reviewAccess(broken.snapshot, "north", broken.versions)).toHaveProperty("refused");
  });

  test("files that the project does not have are passed over", () => {
    expect(review(lending(), { before: { "../else.ward": "x", __proto__: "y" }, after: {} }).files).toEqual(
      [],
    );
  });
});

describe("asserts", () => {
  const promise = "\nassert letters_stay: never permit anyone except librarian to read Letter\n";
  const broken = policy.replace("permit letters: librarian to", "permit letters: librarian, reader to");

  test("one that an edit breaks is shown with a request that breaks it", () => {
    const snapshot = lending(broken + promise);
    const versions = { before: { "north.ward": policy + promise }, after: {} };
    const found = reviewAsserts(snapshot, "north", versions);
    if ("refused" in found) expect.fail(found.refused);
    const [one] = found.asserts;
    expect(one).toMatchObject({ id: "north/letters_stay", file: "north.ward", before: { broken: null } });
    const request = one?.after?.broken?.request ?? expect.fail("it is not broken");
    const program = snapshot.compiled("north")?.program ?? expect.fail("no program");
    expect(evaluate(program, request).outcome).toBe("permit");
    expect(request.principal.roles).toContain("reader");
    expect(one?.line).toBe((broken + promise).split("\n").findIndex((line) => line.startsWith("assert")) + 1);
    expect(found.next).toBeNull();
  });

  test("one that a version does not have is told as such; each is a slice of its own", () => {
    const other = promise.replace("letters_stay", "letters_too");
    const versions = { before: { "north.ward": policy + other }, after: {} };
    const slices = [0, 1, 2].map((from) => reviewAsserts(lending(policy + promise), "north", versions, from));
    expect(slices).toMatchObject([
      { asserts: [{ id: "north/letters_stay", before: null, after: { broken: null } }], next: 1 },
      { asserts: [{ id: "north/letters_too", before: { broken: null }, after: null }], next: null },
      { asserts: [], next: null },
    ]);
  });
});
