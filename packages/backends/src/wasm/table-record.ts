/** Writes what a table is and can answer as the runtime reads it: runtime/table.ts, masks.ts and alternatives.ts. */
import { auditLevels, type Mask, type Obligation } from "@wardline/core";
import type { Cells } from "./cells.ts";
import type { Image } from "./image.ts";
import { maskNumber, tiesWithNext, type FieldPlan } from "./mask-plan.ts";
import { planObligations, type ObligationPlan } from "./obligation-plan.ts";
import type { EntryPlan, TablePlan } from "./table-plan.ts";

/** Room that the runtime needs in the state for what a table finds, in bytes. */
export function roomFor(plan: TablePlan) {
  const passes = plan.table.passes.length;
  return {
    // Entries are looked at eight at a time.
    entries: plan.entries.length + 8,
    passes: passes * 16,
    places: plan.places.length,
    marks: (passes * 2 + 1) * marksIn(plan.fields),
    draws: (passes + 1) * plan.draws.length,
    told: plan.told.length,
  };
}

export interface RecordContext {
  readonly cells: Cells;
  readonly image: Image;
  /** By slot, the address of its descriptor. */
  readonly descriptors: ReadonlyMap<number, number>;
}

/** Writes the record of a table and gives its address. */
export function writeTable(plan: TablePlan, { cells, image, descriptors }: RecordContext): number {
  const obligations = planObligations(plan.places.map((place) => place.obligation));
  const { slots, duties: follow } = plan.table;
  const facts = image.words(slots.map((slot) => descriptors.get(slot) as number));
  const rows = plan.rowTenants.map((slot) => cells.of(slot));
  const duties = image.text(follow.map((duty) => JSON.stringify(duty)).join());
  const entries = plan.entries.flatMap((entry) => entryWords(entry, plan, cells, image));
  const drawn = plan.draws.map(({ group, obligation }) => [...textOf(obligation, image), group]);
  const told = plan.told.map((whom, i) => [...textOf({ type: "notify", whom }, image), i]);
  const numbers = new Map(obligations.map(({ text }, i) => [text, i]));
  const numberOf = (obligation: Obligation) => numbers.get(JSON.stringify(obligation)) as number;
  return image.words(
    [
      [image.words(entries), plan.entries.length, plan.table.passes.length],
      plan.places.length === 0
        ? [0, 0, 0]
        : [
            image.words(passLists(plan, image)),
            image.words(plan.places.map((place) => numberOf(place.obligation))),
            writeObligations(obligations, image),
          ],
      [image.words(fieldWords(plan.fields)), plan.fields.length],
      [image.words(markWords(plan.fields, image)), marksIn(plan.fields)],
      [duties.at, duties.length],
      [image.words(drawn.flat()), drawn.length],
      [image.words(told.flat()), told.length],
      [facts, slots.length],
      [cells.of(plan.tenant), cells.of(plan.home)],
      [image.words(rows), rows.length],
    ].flat(),
  );
}

function entryWords(entry: EntryPlan, plan: TablePlan, cells: Cells, image: Image): readonly number[] {
  const isGrant = entry.kind !== "forbid" && entry.kind !== "require";
  const flags = (isGrant ? 1 : 0) | (entry.isTenants ? 2 : 0) | (entry.kind === "floor" ? 4 : 0);
  const level = entry.duties.reduce(
    (most, duty) => (duty.type === "audit" ? Math.max(most, auditLevels.indexOf(duty.level) + 1) : most),
    0,
  );
  const isMasking = entry.kind !== "forbid" && plan.fields.length > 0;
  const row = isMasking ? image.row(rowBytes(entry, plan.fields), 2) : 0;
  return [entry.rule, flags | (entry.pass << 8) | (level << 16), row, writeTerms(entry, plan, cells, image)];
}

/** 0 for an entry that has none: no preconditions, no limit, nobody to tell. */
function writeTerms(entry: EntryPlan, plan: TablePlan, cells: Cells, image: Image): number {
  const { preconditions, limit, duties } = entry;
  const told = duties.flatMap((duty) => (duty.type === "notify" ? [plan.told.indexOf(duty.whom)] : []));
  if (preconditions.length + told.length === 0 && limit === null) return 0;
  const [left, retryAfter] =
    limit === null ? [0, 0] : [cells.count(limit.left), cells.count(limit.retryAfter)];
  return image.words([
    image.words(preconditions.map((place) => place.number)),
    preconditions.length,
    left,
    retryAfter,
    limit?.draw ?? 0,
    image.words(told),
    told.length,
  ]);
}

/** By pass: the requires and the grants that ask for something. */
function passLists(plan: TablePlan, image: Image): readonly number[] {
  return plan.table.passes.flatMap((_, pass) => {
    const asking = plan.entries.filter((entry) => entry.pass === pass && entry.preconditions.length > 0);
    const lists = [
      asking.filter((entry) => entry.kind === "require"),
      asking.filter((entry) => entry.kind !== "require"),
    ];
    return lists.flatMap((list) => [image.words(list.map((entry) => entry.number)), list.length]);
  });
}

function writeObligations(obligations: readonly ObligationPlan[], image: Image): number {
  const longs = obligations.flatMap(({ text, rank, group, within }) => {
    const { at, length } = image.text(text);
    return [BigInt(at) | (BigInt(length) << 32n), BigInt(rank) | (BigInt(group) << 32n), within];
  });
  return image.longs(longs);
}

function fieldWords(fields: readonly FieldPlan[]): readonly number[] {
  let first = 0;
  return fields.flatMap(({ masks }) => {
    const redact = masks.findIndex((mask) => mask.kind === "redact");
    first += masks.length;
    return [first - masks.length, masks.length, Math.max(redact, 0)];
  });
}

function markWords(fields: readonly FieldPlan[], image: Image): readonly number[] {
  return fields.flatMap(({ name, masks }) =>
    masks.flatMap((mask, i) => {
      const text =
        mask.kind === "show" ? { at: 0, length: 0 } : image.text(JSON.stringify(effect(name, mask)));
      return [text.at, (text.length | (tiesWithNext(masks, i) ? 0x8000_0000 : 0)) >>> 0];
    }),
  );
}

function effect(field: string, mask: Exclude<Mask, { kind: "show" }>): Obligation {
  return mask.kind === "hide" ? { type: "hide", field } : { type: "mask", field, mask };
}

function rowBytes(entry: EntryPlan, fields: readonly FieldPlan[]): readonly number[] {
  let first = 0;
  return fields.flatMap((field) => {
    const mark = first + maskNumber(field, entry.effects);
    first += field.masks.length;
    if (first > 0x1_0000) throw new RangeError("a table has too many masks");
    return [mark & 255, mark >> 8];
  });
}

function marksIn(fields: readonly FieldPlan[]): number {
  return fields.reduce((count, field) => count + field.masks.length, 0);
}

function textOf(obligation: Obligation, image: Image): readonly number[] {
  const text = image.text(JSON.stringify(obligation));
  return [text.at, text.length];
}
