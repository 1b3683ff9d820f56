/**
 * The contract of the visual form, with random edits over texts of every kind. `WARDLINE_CARD_EDITS` is how many,
 * `WARDLINE_SEED` where they begin; what breaks it is made smaller and belongs into `corpus/`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { parseCst } from "@wardline/compiler";
import { randomFrom } from "@wardline/core/testing";
import { describe, expect, test } from "vitest";
import type { CardContext } from "../../src/cards/card-context.ts";
import { contextOf, holdEdit, holdSlots, isFormatted } from "./contract.ts";
import { randomEdit, type RandomEdit } from "./random-edits.ts";
import { alone, generatedText, rewritten, writtenTexts, type EditedText } from "./texts.ts";

const count = Number(process.env["WARDLINE_CARD_EDITS"] ?? 10_000);
const seed = Number(process.env["WARDLINE_SEED"] ?? 1);
/** Edits of one text. */
const perText = 30;

interface Counterexample {
  readonly promise: string;
  readonly text: string;
  readonly edit: RandomEdit | null;
}

/** A text with fewer statements that breaks the same promise by the same edit. */
function smaller(edited: EditedText, found: Counterexample): Counterexample {
  let best = found;
  for (let at = 0; at < 200; at += 1) {
    const { cst } = parseCst({ name: "text", text: best.text });
    const last = cst.children.at(-1)?.children;
    const cut = lastCut(best.text);
    if (last === undefined || cut === null) break;
    const outcome = retry(edited, cut, best.edit);
    if (outcome !== best.promise) break;
    best = { ...best, text: cut };
  }
  return best;
}

/** Without the last blank line and what follows it. */
function lastCut(text: string): string | null {
  const at = text.trimEnd().lastIndexOf("\n\n");
  return at <= 0 ? null : `${text.slice(0, at)}\n`;
}

function retry(edited: EditedText, text: string, edit: RandomEdit | null): string | null {
  const ctx = contextOf(edited, text);
  if (ctx === null || ctx.blocks.header === null || edit === null) return null;
  const outcome = holdEdit(ctx, edit, isFormatted(text));
  return outcome.kind === "broken" ? outcome.promise : null;
}

function report(edited: EditedText, found: Counterexample): string {
  const { promise, text, edit } = smaller(edited, found);
  return `${promise}\n${edited.origin}, seed ${seed}\n${JSON.stringify({ text, edit })}`;
}

describe("the contract", () => {
  test(`holds of ${count} random edits (seed ${seed})`, () => {
    const random = randomFrom(seed, "cards");
    const written = writtenTexts();
    const counts = { done: 0, refused: 0, unchanged: 0 };
    const kinds = new Set<string>();
    let number = 0;
    for (let left = count; left > 0; number += 1) {
      const edited = random.chance(0.6) ? random.pick(written) : generatedText(random.below(100_000));
      const start = rewritten(random, edited.text);
      const ctx = contextOf(edited, start);
      if (ctx === null || ctx.blocks.header === null) continue;
      left -= editText(random, edited, ctx, Math.min(perText, left), counts, kinds);
    }
    expect(kinds.size).toBeGreaterThan(8);
    expect(counts.done).toBeGreaterThan(count / 3);
  });
});

function editText(
  random: ReturnType<typeof randomFrom>,
  edited: EditedText,
  ctx: CardContext,
  most: number,
  counts: { done: number; refused: number; unchanged: number },
  kinds: Set<string>,
): number {
  const stable = isFormatted(ctx.text);
  const { blocks } = ctx.blocks;
  if (blocks.length > 0) {
    const promise = holdSlots(ctx, random.below(blocks.length));
    if (promise !== null) expect.fail(report(edited, { promise, text: ctx.text, edit: null }));
  }
  for (let at = 0; at < most; at += 1) {
    const edit = randomEdit(random, ctx);
    if (edit === null) continue;
    kinds.add(edit.kind);
    const outcome = holdEdit(ctx, edit, stable);
    if (outcome.kind === "broken")
      expect.fail(report(edited, { promise: outcome.promise, text: ctx.text, edit }));
    if (outcome.kind === "refused") counts.refused += 1;
    else if (outcome.edits.length === 0) counts.unchanged += 1;
    else counts.done += 1;
  }
  return most;
}

describe("what once broke it", () => {
  const folder = new URL("corpus/", import.meta.url);
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  test.each(names)("%s", (name) => {
    const { text, edit } = JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Counterexample;
    const edited = alone(name, text) as EditedText;
    expect(retry(edited, text, edit)).toBeNull();
  });
});
