/** What a card offers to add can be added: nobody chooses from a list what is refused then. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { projectByHeader, type Project } from "../../../../packages/compiler/src/project/index.ts";
import {
  cardsOf,
  editCard,
  snapshotOf,
  type Card,
  type CardEdit,
  type CardFile,
  type Snapshot,
} from "../../../../packages/language-server/src/index.ts";

const clinic = new URL("../../policy/", import.meta.url);
const files = ["clinic", "platform", "acme"].map((name) => ({
  name: `${name}.ward`,
  text: readFileSync(new URL(`${name}.ward`, clinic), "utf8"),
}));

function opened(policy: string): { readonly snapshot: Snapshot; readonly cards: CardFile } {
  const texts = files.map((file) => (file.name === "acme.ward" ? { ...file, text: policy } : file));
  const snapshot = snapshotOf(projectByHeader(texts, "wardline.config.json") as Project);
  const cards = cardsOf(snapshot, "acme.ward");
  if ("refused" in cards) throw new Error(cards.refused);
  return { snapshot, cards };
}

const acme = files[2]?.text ?? "";

/** The choices of an addition of a card, by its label. */
function choices({ lists }: CardFile, card: Card | undefined, label: string): readonly string[] {
  const addition = card?.additions.find((one) => one.label === label);
  return (lists[addition?.choices ?? ""] ?? []).map(({ id }) => id);
}

const after = (snapshot: Snapshot, edit: CardEdit): string => {
  const result = editCard(snapshot, "acme.ward", edit);
  return "refused" in result
    ? result.refused
    : result.edits
        .map(({ text }) => text)
        .join(" ")
        .trim();
};

test("every condition, obligation and class that a rule offers is taken", () => {
  const { snapshot, cards } = opened(acme);
  const rules = cards.cards.filter(
    ({ kind }) => kind === "permit" || kind === "forbid" || kind === "require",
  );
  // A rule that reads, one that creates by a let, and one that deletes with a group of conditions.
  const some = ["office_export", "admission", "unattended_delete"];
  const asked = rules
    .filter(({ name }) => some.includes(name ?? ""))
    .flatMap((card) =>
      card.additions.flatMap(({ id, choices: list }) =>
        (list === null ? [null] : (cards.lists[list] ?? []).map((one) => one.id)).map((choice) => ({
          kind: "add" as const,
          card: card.id,
          addition: id,
          choice,
        })),
      ),
    );
  expect(asked.length).toBeGreaterThan(150);
  const refused = asked.filter((edit) => "refused" in editCard(snapshot, "acme.ward", edit));
  expect(refused).toEqual([]);
});

test("a reference is first compared with what it can be the same as, or with what lies below it", () => {
  const { snapshot, cards } = opened("policy acme for clinic\n\npermit ward: clinician to read Patient\n");
  const [card] = cards.cards;
  const first = (choice: string) =>
    after(snapshot, { kind: "add", card: card?.id ?? "", addition: "when", choice });
  expect(first("resource.department")).toBe("when principal in resource.department");
  expect(first("principal")).toBe("when principal in resource.department");
  expect(first("resource.attending")).toBe("when has resource.attending");
  expect(choices(cards, card, "A condition")).not.toContain("resource.ssn");
});

test("a new require asks what for, and a second factor is not offered as an approval", () => {
  const { snapshot, cards } = opened("policy acme for clinic\n");
  const form = cards.newCards.find(({ kind }) => kind === "require");
  const duties = (cards.lists[form?.choices ?? ""] ?? []).map(({ id }) => id);
  expect(duties).toEqual(expect.arrayContaining(["step_up", "reason", "limit", "audit", "notify"]));
  expect(duties).not.toContain("approval");
  const added = (choice: string) =>
    after(snapshot, { kind: "addCard", after: null, card: "require", choice, name: null });
  expect(added("limit")).toContain(
    "require new_require: limit(20, per: day, by: principal) for anyone to read",
  );
});

/** Whatever a card offers but its reach, which depends on what is chosen first: additions, and what its pickers list. */
function offers({ lists }: CardFile, card: Card): readonly CardEdit[] {
  const { id, additions, parts } = card;
  const listed = (name: string) => (lists[name] ?? []).map((one) => one.id);
  const added = additions.flatMap((addition) =>
    (addition.choices === null ? [null] : listed(addition.choices)).map(
      (choice) => ({ kind: "add", card: id, addition: addition.id, choice }) as const,
    ),
  );
  const set = parts
    .flatMap(({ segments }) => segments)
    .flatMap((slot): readonly CardEdit[] => {
      if (slot.kind === "words") return [];
      const change = { kind: "set", card: id, slot: slot.id } as const;
      const { picker } = slot;
      if (picker.kind === "who")
        return [
          ...listed(picker.options).map((name) => ({ ...change, value: [name] })),
          ...listed(picker.except).map((name) => ({ ...change, value: ["anyone", name] })),
        ];
      return picker.kind === "one" ? listed(picker.options).map((value) => ({ ...change, value })) : [];
    });
  return [...added, ...set];
}

test.each([
  ["of everything, which has no department", "forbid away: clinician to act on anything"],
  ["of a visit", "permit visits: clinician to create Visit"],
  ["of a service, which holds no role", "permit robot: Service to read, list Patient"],
  [
    "of a moment and of another fact",
    "forbid old: anyone to delete Patient\n  when resource.admitted < now - 365d",
  ],
  ["of an amount", "permit refunds: billing to update Patient\n  when resource.balance < 500.00"],
  [
    "of a group before what it could ask about",
    "permit ward: anyone to read Patient\n  when (resource.vip or context.mfa) and has resource.attending\n  with mask(name, initials)",
  ],
  ["of a mask of two kinds of records", "require less: hide(#phi) for viewer to read Patient, Visit"],
  ["of a field that is never shown", "assert hidden: never show Patient.ssn to viewer"],
])("what a card %s offers is taken", (_, rule) => {
  const { snapshot, cards } = opened(
    `policy acme for clinic\n\nlet same_department = principal in resource.department\n\n${rule}\n`,
  );
  const card = cards.cards[1] as Card;
  expect(card.locked).toBeNull();
  const asked = offers(cards, card);
  expect(asked.length).toBeGreaterThan(20);
  const refused = asked.flatMap((edit) => {
    const answer = editCard(snapshot, "acme.ward", edit);
    return "refused" in answer ? [{ ...edit, why: answer.refused }] : [];
  });
  expect(refused).toEqual([]);
});

test("fields are sealed by a rule of their own, of which all can be sealed", () => {
  const { snapshot } = opened("policy acme for clinic\n");
  const sealed = after(snapshot, {
    kind: "addCard",
    after: null,
    card: "require",
    choice: "encrypt",
    name: null,
  });
  expect(sealed).toBe("require new_require: encrypt(#pii)");
  const rule = opened(`policy acme for clinic\n\n${sealed}\n`);
  const [slot] =
    rule.cards.cards[0]?.parts.flatMap(({ segments }) => segments.filter((one) => one.kind === "slot")) ?? [];
  const options = slot?.picker.kind === "many" ? (rule.cards.lists[slot.picker.options] ?? []) : [];
  expect(options.map(({ id }) => id)).toEqual(["#pii", "#phi", "name", "ssn", "notes", "summary"]);
  const card = rule.cards.cards[0]?.id ?? "";
  for (const { id } of options)
    expect(
      editCard(rule.snapshot, "acme.ward", { kind: "set", card, slot: slot?.id ?? "", value: [id] }),
    ).not.toHaveProperty("refused");
});

test("what other conditions read goes on being asked, and the refusal says so", () => {
  const { snapshot, cards } = opened(
    "policy acme for clinic\n\npermit own: clinician to read Patient\n  when has resource.attending and resource.attending == principal\n",
  );
  const card = cards.cards[0]?.id ?? "";
  expect(after(snapshot, { kind: "remove", card, part: "when-0.0" })).toBe(
    "Another condition of this card reads what this one asks for first. Change or remove that condition, then this one.",
  );
});
