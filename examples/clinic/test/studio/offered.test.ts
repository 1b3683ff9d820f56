/** What a card offers to add can be added: nobody chooses from a list what is refused then. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { projectByHeader, type Project } from "../../../../packages/compiler/src/project/index.ts";
import {
  cardsOf,
  editCard,
  snapshotOf,
  type Card,
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

const after = (snapshot: Snapshot, edit: Parameters<typeof editCard>[2]): string => {
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
