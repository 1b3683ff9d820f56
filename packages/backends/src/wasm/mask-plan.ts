/** The masks that the rules of a table have for each field, numbered from the mildest. */
import { maxBucket, maxPartial, strictness, type FieldEffect, type Mask } from "@wardline/core";

export interface FieldPlan {
  readonly name: string;
  /** Ascending by strictness; the first shows the field. */
  readonly masks: readonly Mask[];
  /** The number of a mask, which is its place among them. */
  readonly numbers: ReadonlyMap<string, number>;
}

/** The fields that some effect names, in the order of `names`. */
export function planMasks(
  names: readonly string[],
  effects: readonly (readonly FieldEffect[])[],
): readonly FieldPlan[] {
  const byField = Map.groupBy(effects.flat(), (effect) => effect.field);
  return names.flatMap((name) => {
    const named = byField.get(name);
    if (named === undefined) return [];
    const masks = new Map<string, Mask>([[key(show), show]]);
    for (const { mask } of named) masks.set(key(onLadder(mask)), mask);
    const some = ascending([...masks.values()]);
    const disagree = some.some((_, i) => tiesWithNext(some, i));
    const all = disagree ? ascending([...masks.set(key(redact), redact).values()]) : some;
    return [{ name, masks: all, numbers: new Map(all.map((mask, i) => [key(mask), i])) }];
  });
}

/** The number of the mask that an entry has for a field. Of several effects on one field the first counts. */
export function maskNumber({ name, numbers }: FieldPlan, effects: readonly FieldEffect[]): number {
  const mask = effects.find((effect) => effect.field === name)?.mask ?? show;
  const number = numbers.get(key(mask));
  if (number === undefined) throw new RangeError("a mask was not planned");
  return number;
}

/** True if a mask and the next show equally much and not the same. */
export function tiesWithNext(masks: readonly Mask[], index: number): boolean {
  const [mask, next] = masks.slice(index, index + 2);
  return mask !== undefined && next !== undefined && strictness(mask) === strictness(next);
}

const show: Mask = { kind: "show" };
const redact: Mask = { kind: "redact" };

function ascending(masks: readonly Mask[]): readonly Mask[] {
  return masks.toSorted((a, b) => strictness(a) - strictness(b));
}

function key(mask: Mask): string {
  return `${mask.kind} ${strictness(mask)}`;
}

/** Throws for what is no step of the ladder: a partial that shows a number of points that it does not have. */
function onLadder(mask: Mask): Mask {
  const isWhole = (value: number, most: number) => Number.isInteger(value) && value >= 1 && value <= most;
  const fits =
    mask.kind === "partial"
      ? isWhole(mask.last, maxPartial)
      : mask.kind === "partial_first"
        ? isWhole(mask.first, maxPartial)
        : mask.kind === "bucket"
          ? isWhole(mask.size, maxBucket)
          : strictness(mask) !== undefined;
  if (!fits) throw new RangeError("a mask is not on the ladder");
  return mask;
}
