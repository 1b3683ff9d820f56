/** Random edits of cards: for any text the edits that its cards offer, with values that their pickers take and some that they do not. */
import type { Random } from "@wardline/core/testing";
import type { CardEdit, Option, Picker, SlotValue } from "../../src/cards/card.ts";
import { buildCard } from "../../src/cards/build-card.ts";
import type { CardContext } from "../../src/cards/card-context.ts";
import { newCardsOf } from "../../src/cards/whole/new-card.ts";
import { isSlot } from "./slots.ts";

export type RandomEdit = Exclude<CardEdit, { readonly kind: "rename" }>;

export function randomEdit(random: Random, ctx: CardContext): RandomEdit | null {
  const { blocks } = ctx.blocks;
  const roll = random.below(100);
  const some = blocks.length === 0 ? null : random.pick(blocks);
  if (some === null || roll < 8) return addedCard(random, ctx);
  const { draft, id } = buildCard(ctx, some);
  if (roll < 11) return { kind: "removeCard", card: id };
  if (roll < 13) return { kind: "copyCard", card: id };
  if (roll < 19) return { kind: "moveCard", card: id, to: random.pick(["up", "down"]) };
  if (roll < 25)
    return {
      kind: "document",
      card: id,
      text: random.pick(["", "What it is for.", "Two\n\nlines of it.  "]),
    };
  const { parts, additions } = draft;
  if (roll < 45 && additions.length > 0) {
    const { id: addition, choices } = random.pick(additions);
    const options = choices === null ? [] : optionsOf(ctx, choices);
    const choice = options.length === 0 || random.chance(0.02) ? null : random.pick(options).id;
    return { kind: "add", card: id, addition, choice };
  }
  if (parts.length === 0) return null;
  if (roll < 60) return { kind: "remove", card: id, part: random.pick(parts).id };
  if (roll < 66) return { kind: "negate", card: id, part: random.pick(parts).id };
  if (roll < 70)
    return { kind: "group", card: id, part: random.pick(parts).id, of: random.pick(["all", "any"]) };
  const slots = parts.flatMap(({ segments }) => segments.filter(isSlot));
  if (slots.length === 0) return null;
  const { id: slot, picker, value } = random.pick(slots);
  return { kind: "set", card: id, slot, value: randomValue(random, ctx, picker, value) };
}

function addedCard(random: Random, ctx: CardContext): RandomEdit | null {
  const { blocks } = ctx.blocks;
  const after = blocks.length === 0 || random.chance(0.2) ? null : buildCard(ctx, random.pick(blocks)).id;
  if (random.chance(0.2)) return { kind: "addText", after, text: random.pick(writtenElsewhere) };
  const all = newCardsOf(ctx);
  if (all.length === 0) return null;
  const { id, choices } = random.pick(all);
  const options = choices === null ? [] : optionsOf(ctx, choices);
  return {
    kind: "addCard",
    after,
    card: id,
    choice: options.length === 0 ? null : random.pick(options).id,
    name: null,
  };
}

const writtenElsewhere = [
  `test "kept" {\n  let ada = Member { roles: [reader] }\n  expect deny ada to read Book { } as not_granted\n}`,
  "permit   pasted:reader to read Book when resource.lost // why",
  "// above\npermit pasted_too: reader to read Book",
  "permit broken: reader to",
  "permit two: reader to read Book permit three: reader to read Book",
  "",
];

const optionsOf = (ctx: CardContext, list: string): readonly Option[] => ctx.lists.get(list) ?? [];

function randomValue(random: Random, ctx: CardContext, picker: Picker, value: SlotValue): SlotValue {
  if (random.chance(0.04)) return random.pick(hostile);
  switch (picker.kind) {
    case "one": {
      const options = optionsOf(ctx, picker.options);
      return options.length === 0 ? "" : random.pick(options).id;
    }
    case "many": {
      if (picker.all !== null && random.chance(0.1)) return [picker.all.id];
      const options = optionsOf(ctx, picker.options).map(({ id }) => id);
      return random.some(options, random.between(1, 4));
    }
    case "who": {
      const names = random.some(
        optionsOf(ctx, picker.options).map(({ id }) => id),
        random.between(0, 3),
      );
      return random.chance(0.4) ? ["anyone", ...names] : names;
    }
    case "list":
      return Array.from(
        { length: random.between(0, 4) },
        () => randomValue(random, ctx, picker.of, "") as string,
      );
    case "text":
      return random.pick([
        "",
        "a",
        'with "quotes" and \\',
        "two\nlines\tand a tab",
        "é ½ 漢字",
        "// no comment",
        "x".repeat(130),
      ]);
    case "name":
      return random.pick(["somebody", "a_b2", "permit", "Upper", ""]);
    case "number":
      return random.pick([
        "0",
        "1",
        "7",
        "-3",
        "12.50",
        "1_000",
        "64",
        "999999999999",
        "01",
        "1.",
        picker.max ?? "5",
      ]);
    case "duration":
      return random.pick(["5m", "1d", "90s", "2w", "6mo", "6y", "0s", "1_000h", "m", "5 m"]);
    case "time":
      return random.pick(["00:00", "23:59", "24:00", "9:00"]);
    case "time_range":
      return random.pick(["22:00..06:00", "09:00..17:00", "09:00..09:00", "09:00"]);
    case "date":
      return random.pick(["2026-02-28", "2026-02-30", "2026-1-1"]);
    case "instant":
      return random.pick(["2026-01-05T09:00:00Z", "2026-01-05T09:00:00.5+02:00", "2026-01-05"]);
    case "address":
      return random.pick(["10.0.0.0/8", "10.1.2.3", "2001:db8::/32", "10.1.2.3/8", "10.1.2"]);
    case "uuid":
      return random.pick(["00000000-0000-0000-0000-000000000001", "no"]);
    case "reference": {
      const options = optionsOf(ctx, picker.options).map(({ id }) => id);
      return random.pick([...options, ...options, '=o"brien', "=", "*", "nobody"]);
    }
    case "entity":
      return random.pick(["ada", 'o"brien', "", "00000000-0000-0000-0000-000000000001", value as string]);
  }
}

const hostile: readonly SlotValue[] = [
  "x) or (true",
  "0\n  when true",
  '" because "',
  "// gone",
  "\u202E",
  "\u0000",
  ["x, y", "a) b"],
  [],
  ["anyone", "anyone"],
  "__proto__",
  "a\rb",
];
