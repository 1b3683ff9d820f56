/**
 * What is kept of cards from text to text changes nothing: after every edit they are as from scratch, and what is sent of them
 * makes the same cards of those before. `WARDLINE_KEPT_EDITS` is how many edits, `WARDLINE_SEED` where they begin.
 */
import { noteEdited } from "@wardline/compiler";
import { withTexts, type Project } from "@wardline/compiler/project";
import { randomFrom, type Random } from "@wardline/core/testing";
import { expect, test } from "vitest";
import { changedCards, changesOfCards } from "../../src/cards/card-changes.ts";
import { cardsOf, snapshotOf, type CardFile } from "../../src/index.ts";
import { generatedText, rewritten, writtenTexts, type EditedText } from "./texts.ts";

const count = Number(process.env["WARDLINE_KEPT_EDITS"] ?? 80);
const seed = Number(process.env["WARDLINE_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
/** Edits of one text. */
const perText = 10;

/** Another text: a letter, a word, a statement that goes, comes again or changes places. */
function edited(random: Random, text: string): string {
  const at = random.below(text.length + 1);
  const paragraphs = text.split("\n\n");
  switch (random.below(6)) {
    case 0:
      return (
        text.slice(0, at) + random.pick(["x", " ", "\n", "(", '"', "// why", "\n\n", "e"]) + text.slice(at)
      );
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + random.below(4));
    case 2:
      return paragraphs.toSpliced(random.below(paragraphs.length), 1).join("\n\n");
    case 3:
      return paragraphs.toSpliced(random.below(paragraphs.length), 0, random.pick(paragraphs)).join("\n\n");
    case 4:
      return text.replace(
        random.pick(text.match(/\b\w+\b/g) ?? ["x"]),
        random.pick(["reader", "x1", "read", "7"]),
      );
    default:
      return `${text.trimEnd()}\n\n${random.pick(["role night_guard extends reader", "let closed = clock.hour in [1, 2]", "permit more: reader to read Loan when closed", 'settings { timezone: "UTC" }'])}\n`;
  }
}

/** The same texts in files of which nothing is known. */
function fresh(project: Project): Project {
  const copy = <File extends object>(file: File): File => ({ ...file });
  return {
    ...project,
    model: project.model === null ? null : copy(project.model),
    platform: project.platform.map(copy),
    packs: project.packs.map(copy),
    tenants: new Map([...project.tenants].map(([tenant, file]) => [tenant, copy(file)])),
  };
}

test(`cards after edits are those of the same text from scratch (seed ${seed})`, () => {
  const random = randomFrom(seed, "kept cards");
  const written = writtenTexts();
  const counts = { kept: 0, sent: 0, refused: 0 };
  for (let left = count; left > 0; left -= perText) {
    const start = random.chance(0.7) ? random.pick(written) : generatedText(random.below(100_000));
    followEdits(random, { ...start, text: rewritten(random, start.text) }, counts);
  }
  expect(counts.kept).toBeGreaterThan(counts.sent);
  expect(counts.sent).toBeGreaterThan(count / 4);
});

function followEdits(
  random: Random,
  { project, file, text: first, origin }: EditedText,
  counts: { kept: number; sent: number; refused: number },
): void {
  let now = withTexts(project, new Map([[file, first]]));
  let before: CardFile | null = null;
  for (let at = 0; at < perText; at += 1) {
    const snapshot = snapshotOf(now);
    const cards = cardsOf(snapshot, file);
    const anew = cardsOf(snapshotOf(fresh(now)), file);
    const words = `${origin}, edit ${at}, seed ${seed}`;
    if ("refused" in cards || "refused" in anew) {
      expect(cards, words).toEqual(anew);
      counts.refused += 1;
    } else {
      // More lists than are named may be left of cards that are gone.
      expect({ ...cards, lists: {} }, words).toEqual({ ...anew, lists: {} });
      expect(cards.lists, words).toMatchObject(anew.lists);
      if (before !== null) {
        const changes = changesOfCards(before, cards);
        // As a client has them: they were sent.
        expect(changedCards(structuredClone(before), structuredClone(changes)), words).toEqual(cards);
        for (const step of changes.steps)
          if (step.kind === "kept") counts.kept += step.count;
          else counts.sent += step.cards.length;
      }
      before = cards;
    }
    const next = withTexts(now, new Map([[file, edited(random, snapshot.text(file) ?? "")]]));
    const [old, source] = [snapshot.source(file), snapshotOf(next).source(file)];
    if (old !== undefined && source !== undefined && old !== source) noteEdited(old, source);
    now = next;
  }
}
