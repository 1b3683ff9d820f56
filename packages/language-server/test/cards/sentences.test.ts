/** What cards say, and what single edits make of the text. */
import { applyEdits } from "@wardline/compiler";
import { projectByHeader, type Project } from "@wardline/compiler/project";
import { describe, expect, test } from "vitest";
import { answerEdit } from "../../src/cards/requests.ts";
import { cardsOf, editCard, snapshotOf, type CardEdit, type CardFile } from "../../src/index.ts";

const model = `model library
enum Shelf { open, closed, rare }
context {
  ip: Ip
  mfa: Bool
}
principal Member {
  level: Int(0..5)
  shelves: Set<Shelf>
}
role reader, librarian for Member
delegate reader, librarian to tenants
/// What is lent.
entity Loan stored in loans {
  borrower: Member?
  lender: Member
  /// What the book is called.
  title: String
  card: String #secret
  shelf: Shelf
  fee: Decimal(8, 2)
  due: Instant
}
relation guards(Member, Loan) via loan_guards(member_id, loan_id)
relation lent_to(Loan, Member) via loan_lent(loan_id, member_id)
action read, list reads Loan
action remove deletes Loan
`;

const head = "policy north for library\n\n";

function open(text: string) {
  const files = [
    { name: "library.ward", text: model },
    { name: "north.ward", text: head + text },
  ];
  const snapshot = snapshotOf(projectByHeader(files, "wardline.config.json") as Project);
  const cards = cardsOf(snapshot, "north.ward") as CardFile;
  const edit = (change: CardEdit) => {
    const result = editCard(snapshot, "north.ward", change);
    return "refused" in result ? result.refused : applyEdits(head + text, result.edits).slice(head.length);
  };
  return { snapshot, cards, first: cards.cards[0], edit, id: cards.cards[0]?.id ?? "" };
}

const sentence = (text: string) => {
  const { first } = open(text);
  return first?.locked?.reason ?? first?.summary;
};

test.each([
  [
    "forbid never: anyone to read Loan\n  when clock.time in []",
    "Nobody may read Loan, when the time of day is one of nothing",
  ],
  [
    `permit desk: librarian to read, list Loan\n  unless clock.time in 22:00..06:00\n  with mask(title, initials), hide(card)`,
    "Librarian may read and list Loan, but sees title as initials, and does not see card, never between 22:00 and 06:00",
  ],
  [
    `forbid lost: anyone except librarian to remove Loan\n  when resource.shelf in [open, rare]\n  because "Not yours"`,
    "Nobody except librarian may remove Loan, when its shelf is one of open or rare, because “Not yours”",
  ],
  [
    `permit own: reader to read Loan\n  when context.ip in 10.20.0.0/16 and (guards(principal, resource) or resource.due < now - 14d)`,
    "Reader may read Loan, only from the network 10.20.0.0/16, and only when any of these holds: the person asking is one who guards the Loan; its due is more than 14 days ago",
  ],
  [
    `permit lent: reader to read Loan\n  when lent_to(resource, principal)`,
    "Reader may read Loan, only when the Loan is lent to the person asking",
  ],
  // What is due in the future is not "at most 14 days ago", and what is overdue not "at most 14 days from now".
  [
    `permit late: reader to read Loan\n  when resource.due >= now - 14d and resource.due <= now + 1d`,
    "Reader may read Loan, only when its due is not more than 14 days ago, and only when its due is not more than 1 day from now",
  ],
  [
    `permit soon: reader to read Loan\n  when resource.due > now - 14d and resource.due < now + 1d`,
    "Reader may read Loan, only when its due is less than 14 days ago, or still to come, and only when its due is less than 1 day from now, or past",
  ],
  [
    `permit some: reader to read Loan\n  when not principal.shelves.contains_any([open, rare]) and not (resource.shelf == open)`,
    "Reader may read Loan, only when their shelves do not include any of open or rare, and only when its shelf is not open",
  ],
  [
    `permit hours: reader to read Loan\n  when clock.time in [08:00..10:00, 22:00..06:00]`,
    "Reader may read Loan, only when the time of day is in one of 08:00 to 10:00 or 22:00 to 06:00",
  ],
  [
    `permit deep: reader to read Loan\n  when context.mfa or (principal.level > 2 and resource.fee < 1.00)`,
    "Reader may read Loan, only when any of these holds: the request's mfa is yes; all of these hold: (their level is above 2; its fee is below 1.00)",
  ],
  // Each group ends where its parenthesis does: what stands behind it belongs to the group around it.
  [
    `permit deeper: reader to read Loan\n  when (context.mfa or not (resource.shelf == open and (principal.level > 2 or resource.fee < 1.00))) and resource.fee > 0.50\n  unless resource.fee < 3.00 and (context.mfa or principal.level == 5)`,
    "Reader may read Loan, only when any of these holds: the request's mfa is yes; not all of these hold: (its shelf is open; any of these holds: (their level is above 2; its fee is below 1.00)), and only when its fee is above 0.50, and never when all of these hold: its fee is below 3.00; any of these holds: (the request's mfa is yes; their level is 5)",
  ],
  [
    `permit deepest: reader to read Loan\n  when context.mfa or (principal.level > 2 and (context.mfa or (principal.level > 3 and (context.mfa or (principal.level > 4 and (context.mfa or principal.level == 5))))))`,
    "This condition nests `and` and `or` deeper than the 5 levels that cards show.",
  ],
])("%s", (text, says) => {
  expect(sentence(`${text}\n`)).toBe(says);
});

test.each([
  [
    "let near(who, what) = guards(who, what) or (who == principal and what.shelf == open)",
    "That near holds of “who” and “what” means that any of these holds: “who” is one who guards “what”; all of these hold: (“who” is the same as the person asking; “what”'s shelf is open)",
  ],
  [
    "let on_shelf(shelf_name) = resource.shelf == shelf_name",
    "That on shelf holds of “shelf name” means that its shelf is the same as “shelf name”",
  ],
  [
    `let cheap = 10.00 > resource.fee and principal.tenant == "north"`,
    "That cheap holds means that its fee is below 10.00, and their organisation is “north”",
  ],
  [
    "assert hidden: never show Loan.card to anyone except librarian",
    "The card of a Loan must never be shown to Anyone except librarian",
  ],
])("%s", (text, says) => {
  expect(sentence(`${text}\n`)).toBe(says);
});

test("a named condition is changed like others, and what is added to one that any part fulfils holds beside it", () => {
  const text = "let near(who, what) = guards(who, what) or what.shelf == open\n";
  const { edit, id } = open(text);
  expect(edit({ kind: "set", card: id, slot: "when-0.1.value", value: "rare" })).toBe(
    text.replace("open", "rare"),
  );
  expect(edit({ kind: "add", card: id, addition: "when", choice: "clock.hour" })).toBe(
    "let near(who, what) = (guards(who, what) or what.shelf == open) and clock.hour == 0\n",
  );
  expect(edit({ kind: "set", card: id, slot: "when-0.1.fact", value: "what.fee" })).toBe(
    text.replace("what.shelf == open", "what.fee == 0"),
  );
});

test.each([
  ["let", null, "let new_condition = clock.time in 22:00..06:00"],
  ["assert", "never", "assert new_assert: never permit anyone except reader to read Loan"],
  ["assert", "always", "assert new_assert: always permit reader to read Loan"],
  ["assert", "hidden", "assert new_assert: never show Loan.card to anyone except reader"],
])("a new card for %s (%s) is complete", (card, choice, text) => {
  const { edit, cards } = open("permit desk: librarian to read Loan\n");
  expect(edit({ kind: "addCard", after: cards.cards[0]?.id ?? null, card, choice, name: null })).toBe(
    `permit desk: librarian to read Loan\n\n${text}\n`,
  );
  expect(open(`${text}\n`).first?.locked).toBeNull();
});

test("an assert names the field that it hides, and leaves rules out and in", () => {
  const text = `assert hidden: never show Loan.card to anyone except librarian\n\npermit desk: librarian to read Loan\n`;
  const { edit, id } = open(text);
  expect(edit({ kind: "set", card: id, slot: "field", value: "Loan.title" })).toContain("show Loan.title to");
  const more = edit({ kind: "add", card: id, addition: "except", choice: "desk" });
  expect(more).toBe(text.replace("except librarian\n", "except librarian\n  except desk\n"));
  const again = open(more);
  expect(again.first?.summary).toContain("leaving out what desk is about");
  expect(again.edit({ kind: "remove", card: again.id, part: "except" })).toBe(text);
});

describe("what a pack is given", () => {
  const pack = (parameter: string) => {
    const text = `pack guide 1.0\n\n${parameter}\nrequire factor: audit(full) for anyone to read Loan\n`;
    const files = [
      { name: "library.ward", text: model },
      { name: "guide.ward", text },
    ];
    const snapshot = snapshotOf(projectByHeader(files, "wardline.config.json") as Project);
    const [first] = (cardsOf(snapshot, "guide.ward") as CardFile).cards;
    const edit = (
      change: { kind: "set"; slot: string; value: string } | { kind: "remove"; part: string },
    ) => {
      const result = editCard(snapshot, "guide.ward", { ...change, card: first?.id ?? "" });
      return "refused" in result ? result.refused : applyEdits(text, result.edits).split("\n")[2];
    };
    return { first, edit };
  };
  test.each([
    [
      "parameter fresh: Duration(..30m) = 10m",
      "Who uses the pack says the fresh: a length of time; at most 30 minutes; and where nothing is said it is 10 minutes",
    ],
    [
      "parameter daily: Int(1..50)",
      "Who uses the pack says the daily: a whole number; at least 1 and at most 50",
    ],
    ["parameter secret: class", "Who uses the pack says the secret: a class of data"],
  ])("%s", (text, says) => {
    expect(pack(text).first?.summary ?? "").toBe(says);
  });
  test.each([
    [{ kind: "set", slot: "high", value: "20m" }, "parameter fresh: Duration(..20m) = 10m"],
    [{ kind: "set", slot: "default", value: "31m" }, "It must be at most 30 minutes."],
    [{ kind: "set", slot: "default", value: "30m" }, "parameter fresh: Duration(..30m) = 30m"],
    [{ kind: "set", slot: "type", value: "class" }, "parameter fresh: class"],
    [{ kind: "remove", part: "default" }, "parameter fresh: Duration(..30m)"],
    [{ kind: "remove", part: "bounds" }, "parameter fresh: Duration = 10m"],
  ] as const)("%o", (change, text) => {
    expect(pack("parameter fresh: Duration(..30m) = 10m").edit(change)).toBe(text);
  });
});

test.each([
  [
    "each of several exceptions is one by itself, and what is asked from where is the request",
    "forbid away: reader to read Loan\n  when context.mfa\n  unless context.ip in 10.0.0.0/8\n  unless clock.time in 08:00..18:00",
    "Reader may never read Loan, when the request's mfa is yes, unless it is asked from the network 10.0.0.0/8, or unless it is asked between 08:00 and 18:00",
  ],
  [
    "what none of may be for a grant is joined by `and`",
    "permit away: reader to read Loan\n  unless context.mfa or clock.time in 08:00..18:00\n  with notify(desk)",
    "Reader may read Loan, and a notice goes to desk, never when the request's mfa is yes, and never between 08:00 and 18:00",
  ],
  [
    "a moment reads as a day and a time, and who is not chosen yet is not shown as an id",
    'permit old: reader to read Loan\n  when resource.due < 2026-01-05T09:00:00Z and principal == Member "00000000-0000-0000-0000-000000000000"',
    "Reader may read Loan, only when its due is before 2026-01-05 09:00 UTC, and only when the person asking is one that is not chosen yet",
  ],
])("%s", (_, text, expected) => {
  expect(sentence(`${text}\n`)).toBe(expected);
});

test("a value that may be absent is asked for first, unless what it is compared with is behind such a question already", () => {
  const asked = open("permit own: reader to read Loan\n  when principal in resource.lender\n");
  const set = { kind: "set", card: asked.id, slot: "when-0.value", value: "resource.borrower" } as const;
  expect(asked.edit({ kind: "set", card: asked.id, slot: "when-0.operator", value: "== fact" })).toContain(
    "when principal == resource.lender",
  );
  const same = open("permit own: reader to read Loan\n  when principal == resource.lender\n");
  expect(same.edit({ ...set, card: same.id })).toContain(
    "when has resource.borrower and principal == resource.borrower",
  );
  const behind =
    "permit own: reader to read Loan\n  unless not has resource.borrower or principal == resource.borrower\n";
  const known = open(behind);
  const slot = { kind: "set", card: known.id, slot: "unless-0.1.value" } as const;
  expect(known.edit({ ...slot, value: "resource.borrower" })).toBe(behind);
  expect(known.edit({ ...slot, value: "resource.lender" })).toBe(
    behind.replace("principal == resource.borrower", "principal == resource.lender"),
  );
});

test("no two comparisons of a fact read alike", () => {
  const { cards, first } = open("permit old: reader to read Loan\n  when resource.fee < 1.00\n");
  const slots = first?.parts.flatMap(({ segments }) => segments.filter((one) => one.kind === "slot")) ?? [];
  const picker = slots.find(({ id }) => id === "when-0.operator")?.picker;
  const labels = picker?.kind === "one" ? (cards.lists[picker.options] ?? []).map(({ label }) => label) : [];
  expect(labels).toContain("is below …");
  expect(new Set(labels).size).toBe(labels.length);
});

test("the name in the sentence of a role or a condition renames it wherever it stands", () => {
  const text = "role night extends reader\n\npermit late: night to read Loan\n";
  const { edit, id } = open(text);
  const named = { kind: "set", card: id, slot: "name" } as const;
  expect(edit({ ...named, value: "late_shift" })).toBe(text.replaceAll("night", "late_shift"));
  expect(edit({ ...named, value: "night" })).toBe(text);
  expect(edit({ ...named, value: "reader" })).toMatch(/^[A-Z`].*[.]$/);
  const own = "let late = clock.time in 22:00..06:00\n\npermit by_day: reader to read Loan\n  unless late\n";
  const other = open(own);
  expect(other.edit({ kind: "set", card: other.id, slot: "name", value: "at_night" })).toBe(
    own.replaceAll("late", "at_night"),
  );
});

test("a floor promises no more and forbids no more than it says", () => {
  const text = `platform for library\n\nfloor kept: Member to read Loan\n  when context.mfa\n  unless not (principal.level > 2 or resource.fee < 1.00)\n`;
  const files = [
    { name: "library.ward", text: model },
    { name: "platform.ward", text },
  ];
  const snapshot = snapshotOf(projectByHeader(files, "wardline.config.json") as Project);
  const { cards } = cardsOf(snapshot, "platform.ward") as CardFile;
  expect(cards[0]?.locked?.reason ?? cards[0]?.summary).toBe(
    "Member may always read Loan, whatever else is written, when the request's mfa is yes, unless none of these holds: their level is above 2; its fee is below 1.00",
  );
});

test("an edit of a slot changes its value alone and keeps comments", () => {
  const text = `// All of it.
permit desk: librarian to read Loan // now
  when resource.fee < 10.00 // cheap
    and principal.level > 2
`;
  const { edit, id } = open(text);
  expect(edit({ kind: "set", card: id, slot: "when-0.0.value", value: "1_000.00" })).toBe(
    text.replace("10.00", "1_000.00"),
  );
  expect(edit({ kind: "set", card: id, slot: "when-0.0.value", value: "1.005" })).toBe(
    "At most 2 digits can stand after the point.",
  );
  expect(edit({ kind: "remove", card: id, part: "when-0.0" })).toBe(`// All of it.
permit desk: librarian to read Loan // now
  when // cheap
    principal.level > 2
`);
  expect(edit({ kind: "set", card: id, slot: "when-0.1.value", value: "3) or (true" })).toMatch(
    /is no number/,
  );
});

describe("an edit of a group changes that group alone, at any depth", () => {
  const text = `permit deep: reader to read Loan
  when context.mfa or (principal.level > 2 and (resource.fee < 1.00 or not resource.shelf == rare))
`;
  const inner = "(resource.fee < 1.00 or not resource.shelf == rare)";
  test.each([
    [
      "one more",
      { kind: "add", addition: "when-0.1.1.add", choice: "clock.hour" },
      " == rare)",
      " == rare or clock.hour == 0)",
    ],
    [
      "one less of two: the group goes",
      { kind: "remove", part: "when-0.1.1.0" },
      inner,
      "not resource.shelf == rare",
    ],
    [
      "the group goes",
      { kind: "remove", part: "when-0.1.1" },
      `(principal.level > 2 and ${inner})`,
      "principal.level > 2",
    ],
    ["all in place of any", { kind: "group", part: "when-0.1.1", of: "all" }, "1.00 or", "1.00 and"],
    ["any in place of all", { kind: "group", part: "when-0.1", of: "any" }, "2 and", "2 or"],
    ["the opposite of a group", { kind: "negate", part: "when-0.1.1" }, inner, `not ${inner}`],
    [
      "the opposite of a condition",
      { kind: "negate", part: "when-0.1.1.1" },
      "not resource.shelf == rare",
      "resource.shelf == rare",
    ],
    [
      "a condition becomes a group",
      { kind: "add", addition: "when-0.1.1.0.and", choice: "context.mfa" },
      "resource.fee < 1.00",
      "(resource.fee < 1.00 and context.mfa)",
    ],
    // What may be absent is first asked whether it is given, by the group that it stands in.
    [
      "what may be absent",
      { kind: "add", addition: "when-0.1.add", choice: "resource.borrower" },
      "== rare))",
      "== rare) and has resource.borrower)",
    ],
    ["another value", { kind: "set", slot: "when-0.1.1.0.value", value: "2.50" }, "1.00", "2.50"],
  ] as const)("%s", (_, change, before, after) => {
    const { edit, id } = open(text);
    expect(text).toContain(before);
    // A line that became too long is broken.
    const onLine = (words: string) => words.replaceAll(/\s+/g, " ");
    expect(onLine(edit({ ...change, card: id }))).toBe(onLine(text.replace(before, after)));
  });

  test("a group with `not` before it is turned round, also with parentheses around its `not`", () => {
    const own =
      "permit odd: reader to read Loan\n  when (not (context.mfa or principal.level > 2)) and resource.fee < 1.00\n";
    const { edit, id } = open(own);
    const turned = edit({ kind: "negate", card: id, part: "when-0.0" });
    expect(turned).toBe(
      own.replace("not (context.mfa or principal.level > 2)", "(context.mfa or principal.level > 2)"),
    );
  });
});

test("what is no edit, an edit of another text, and what cards are not made for is refused", () => {
  const { snapshot, cards } = open("permit desk: librarian to read Loan\n");
  const text = snapshot.text("north.ward") ?? "";
  const id = cards.cards[0]?.id ?? "";
  const ask = (edit: unknown, of = text) =>
    answerEdit(snapshot, { file: "north.ward", text: of, edit: edit as CardEdit });
  for (const edit of [
    null,
    "set",
    { kind: "toString" },
    { kind: "set", card: id, slot: "who", value: 5 },
    { kind: "set", card: id, slot: "who", value: [null] },
    { kind: "moveCard", card: id, to: "left" },
  ])
    expect(ask(edit)).toEqual({ refused: "This is no edit of a card." });
  expect(ask({ kind: "removeCard", card: id }, `${text} `)).toEqual({
    refused: "The text has changed since the cards were shown.",
  });
  expect(ask({ kind: "removeCard", card: "7-permit-desk" })).toEqual({
    refused: "The text has changed since this card was shown.",
  });
  expect(cardsOf(snapshot, "south.ward")).toEqual({ refused: "The project has no file `south.ward`." });
});

test("a copy says the same under a name of its own, and takes its documentation along", () => {
  const desk = "/// Who lends.\npermit desk: librarian to read Loan // why\n  when context.mfa\n";
  const rule = open(`// above\n${desk}`);
  expect(rule.edit({ kind: "copyCard", card: rule.id })).toBe(
    `// above\n${desk}\n/// Who lends.\npermit desk_2: librarian to read Loan // why\n  when context.mfa\n`,
  );
  const kept = 'test "it \\"holds\\"" {\n  let ada = Member { }\n}\n';
  const tests = open(`${kept}\n${kept.replace('" {', ' 2" {')}`);
  expect(tests.edit({ kind: "copyCard", card: tests.id })).toContain('test "it \\"holds\\" 3" {');
  const settings = open("settings {\n  session: { idle: 15m }\n}\n");
  expect(settings.first?.can.copy).toBe(false);
  expect(settings.edit({ kind: "copyCard", card: settings.id })).toBe(
    "A file has such a card once. Change this one.",
  );
});

test("a statement with a mistake locks its own card alone", () => {
  const { cards, edit } = open("permit desk: librarian to read Loan\n\npermit broken: reader read Loan\n");
  expect(cards.cards.map(({ kind, locked }) => [kind, locked === null])).toEqual([
    ["permit", true],
    ["damaged", false],
  ]);
  expect(cards.cards[1]?.locked?.reason).toMatch(/^This text has a mistake: /);
  expect(edit({ kind: "set", card: cards.cards[0]?.id ?? "", slot: "who", value: ["reader"] })).toContain(
    "permit desk: reader to read Loan\n\npermit broken: reader read Loan",
  );
});

test("an edit that would be an error is refused with its cure", () => {
  const { edit, id } = open("permit desk: librarian to read Loan\n  when resource.fee < 10.00\n");
  expect(edit({ kind: "set", card: id, slot: "types", value: ["Member"] })).toMatch(/^[A-Z`].*[.]$/);
  expect(edit({ kind: "set", card: id, slot: "when-0.fact", value: "resource.card; drop" })).toMatch(
    /cannot be asked/,
  );
});

test("a setting says what is in force where another file is stricter", () => {
  const files = [
    { name: "library.ward", text: model },
    { name: "platform.ward", text: "platform for library\n\nsettings {\n  session: { idle: 10m }\n}\n" },
    {
      name: "north.ward",
      text: `${head}settings {\n  session: { idle: 15m, longest: 480m }\n  timezone: "Europe/Berlin"\n}\n`,
    },
  ];
  const snapshot = snapshotOf(projectByHeader(files, "wardline.config.json") as Project);
  expect((cardsOf(snapshot, "north.ward") as CardFile).cards[0]?.summary).toBe(
    "Settings: A session that is not used ends after 15 minutes (in force: 10 minutes, since another file is stricter); A session ends at the latest after 480 minutes; The time zone “Europe/Berlin”",
  );
});
