/** What edits mean: decisions change as the sentence says, by the difference of two programs. */
import { applyEdits } from "@wardline/compiler";
import { projectByHeader, type Project } from "@wardline/compiler/project";
import type { Program } from "@wardline/core";
import { diffPrograms } from "@wardline/core/search";
import { randomFrom } from "@wardline/core/testing";
import { describe, expect, test } from "vitest";
import { cardContext } from "../../src/cards/card-context.ts";
import {
  cardsOf,
  editCard,
  snapshotOf,
  type CardEdit,
  type CardFile,
  type Snapshot,
} from "../../src/index.ts";
import { randomEdit } from "./random-edits.ts";
import { generatedText, writtenTexts } from "./texts.ts";
import { isFormatted, openText } from "./contract.ts";

const model = `model library
context {
  ip: Ip
}
principal Member {
  level: Int(0..5)
}
role reader, librarian for Member
delegate reader, librarian to tenants
entity Loan stored in loans {
  title: String
  card: String #secret
  fee: Decimal(8, 2)
  lost: Bool
}
action read, list reads Loan
action remove deletes Loan
`;

/** A policy that is edited by cards alone. */
class Editing {
  snapshot: Snapshot;

  constructor(policy: string) {
    const files = [
      { name: "model.ward", text: model },
      { name: "north.ward", text: policy },
    ];
    this.snapshot = snapshotOf(projectByHeader(files, "wardline.config.json") as Project);
  }

  get text(): string {
    return this.snapshot.text("north.ward") ?? "";
  }

  get program(): Program {
    const program = this.snapshot.compiled("north")?.program;
    if (program === null || program === undefined) throw new Error(`no program:\n${this.text}`);
    return program;
  }

  get cards(): CardFile {
    return cardsOf(this.snapshot, "north.ward") as CardFile;
  }

  edit(edit: CardEdit): void {
    const result = editCard(this.snapshot, "north.ward", edit);
    if ("refused" in result) throw new Error(`${result.refused}\n${this.text}`);
    const files = [
      { name: "model.ward", text: model },
      { name: "north.ward", text: applyEdits(this.text, result.edits) },
    ];
    this.snapshot = snapshotOf(projectByHeader(files, "wardline.config.json") as Project);
  }

  id(at: number): string {
    return this.cards.cards[at]?.id ?? "";
  }
}

test("who may list and sees initials, never at night, is made by cards alone", () => {
  const policy = new Editing("policy north for library\n");
  policy.edit({ kind: "addCard", after: null, card: "permit", choice: null, name: "desk" });
  policy.edit({ kind: "set", card: policy.id(0), slot: "who", value: ["librarian"] });
  policy.edit({ kind: "set", card: policy.id(0), slot: "actions", value: ["read", "list"] });
  policy.edit({ kind: "add", card: policy.id(0), addition: "obligation", choice: "mask" });
  policy.edit({ kind: "set", card: policy.id(0), slot: "with-0.field", value: "title" });
  policy.edit({ kind: "set", card: policy.id(0), slot: "with-0.how", value: "initials" });
  policy.edit({ kind: "add", card: policy.id(0), addition: "unless", choice: "clock.time" });
  expect(policy.text).toBe(`policy north for library

permit desk: librarian to read, list Loan
  unless clock.time in 22:00..06:00
  with mask(title, initials)
`);
  expect(policy.cards.cards[0]?.summary).toBe(
    "Librarian may read and list Loan, but sees title as initials, never between 22:00 and 06:00",
  );
  expect(policy.snapshot.findings().filter(({ severity }) => severity === "error")).toEqual([]);
});

describe("an edit means what it says", () => {
  const start = `policy north for library

permit desk: librarian to read, list Loan
  when resource.fee < 10.00 and principal.level >= 1
  unless resource.lost
  with mask(title, initials)
permit own: reader to read Loan
  when principal.level == 5
forbid late: librarian to read Loan
  when principal.level > 3
  because "Late"
`;

  test.each([
    ["a condition less on a permit only gains", { kind: "remove", part: "when-0.0" }, 0, ["gained"]],
    ["an exception less on a permit only gains", { kind: "remove", part: "unless-1" }, 0, ["gained"]],
    [
      "a condition more on a permit only takes away",
      { kind: "add", addition: "when", choice: "principal.level" },
      1,
      ["lost"],
    ],
    [
      "one more who is permitted only gains",
      { kind: "set", slot: "who", value: ["librarian", "reader"] },
      0,
      ["gained"],
    ],
    ["a condition less on a forbid only takes away", { kind: "remove", part: "when-0" }, 2, ["lost"]],
    [
      "an exception more on a forbid only gains",
      { kind: "add", addition: "unless", choice: "clock.time" },
      2,
      ["gained"],
    ],
    ["a lower bound only gains", { kind: "set", slot: "when-0.1.value", value: "0" }, 0, ["gained"]],
  ] as const)("%s", (_, change, at, kinds) => {
    const policy = new Editing(start);
    const before = policy.program;
    policy.edit({ ...change, card: policy.id(at) });
    const { differences } = diffPrograms(before, policy.program, { seed: 1 });
    const seen = differences.filter(({ parts }) => parts.includes("outcome")).map(({ kind }) => kind);
    expect(seen.length).toBeGreaterThan(0);
    expect([...new Set(seen)]).toEqual(kinds);
  });

  test("a field that is redacted is shown less, and a mask that goes shows more", () => {
    const policy = new Editing(start);
    const before = policy.program;
    policy.edit({ kind: "set", card: policy.id(0), slot: "with-0.how", value: "redact" });
    const redacted = policy.program;
    const less = diffPrograms(before, redacted, { seed: 1 }).differences;
    expect(less.some(({ shown }) => shown.less.includes("title"))).toBe(true);
    expect(less.some(({ shown }) => shown.more.length > 0)).toBe(false);
    policy.edit({ kind: "remove", card: policy.id(0), part: "with-0" });
    const more = diffPrograms(redacted, policy.program, { seed: 1 }).differences;
    expect(more.some(({ shown }) => shown.more.includes("title"))).toBe(true);
  });

  test("a condition turned round twice decides as before", () => {
    const policy = new Editing(start);
    const before = policy.program;
    policy.edit({ kind: "negate", card: policy.id(0), part: "when-0.1" });
    expect(diffPrograms(before, policy.program, { seed: 1 }).differences).not.toEqual([]);
    policy.edit({ kind: "negate", card: policy.id(0), part: "when-0.1" });
    expect(policy.text).toBe(start);
  });
});

test("a rename goes through tests and asserts, and back", () => {
  const text = `policy north for library

role desk extends librarian
permit own: desk to read Loan

test "own" {
  let ada = Member { roles: [desk] }
  expect permit ada to read Loan { } by own
}
`;
  const policy = new Editing(text);
  policy.edit({ kind: "rename", card: policy.id(1), name: "counter_staff" });
  expect(policy.text).toBe(text.replaceAll("own:", "counter_staff:").replace("by own", "by counter_staff"));
  policy.edit({ kind: "rename", card: policy.id(0), name: "till" });
  policy.edit({ kind: "rename", card: policy.id(0), name: "desk" });
  policy.edit({ kind: "rename", card: policy.id(1), name: "own" });
  expect(policy.text).toBe(text);
  expect(
    editCard(policy.snapshot, "north.ward", { kind: "rename", card: policy.id(1), name: "permit" }),
  ).toEqual({
    refused: "`permit` is a word of the language. Choose another name.",
  });
});

test("an edit that is not refused brings no error, and a formatted text stays so", () => {
  const seed = Number(process.env["WARDLINE_SEED"] ?? 1);
  const random = randomFrom(seed, "errors");
  const written = writtenTexts().filter(({ origin }) => /library|language/.test(origin));
  const counts = { done: 0, refused: 0 };
  for (let at = 0; at < Number(process.env["WARDLINE_CARD_CHECKS"] ?? 12); at += 1) {
    const edited = random.chance(0.6) ? random.pick(written) : generatedText(random.below(100_000));
    const snapshot = openText(edited, edited.text);
    const errors = (of: Snapshot) => of.findings().filter(({ severity }) => severity === "error").length;
    const before = errors(snapshot);
    const ctx = cardContext(snapshot, edited.file);
    if (ctx === null) continue;
    for (let tries = 0; tries < 4; tries += 1) {
      const edit = randomEdit(random, ctx);
      const result = edit === null ? null : editCard(snapshot, edited.file, edit);
      if (result === null) continue;
      if ("refused" in result) {
        counts.refused += 1;
        continue;
      }
      const text = applyEdits(edited.text, result.edits);
      counts.done += 1;
      expect(
        errors(openText(edited, text)),
        `${edited.origin}, seed ${seed}: ${JSON.stringify(edit)}\n${text}`,
      ).toBeLessThanOrEqual(before);
      if (isFormatted(edited.text)) expect(isFormatted(text)).toBe(true);
    }
  }
  expect(counts.done).toBeGreaterThan(counts.refused / 4);
});
