/** Which mask a row's field is shown through: the mildest of the grants that count, then the strictest of the requires. */
import { type FieldEffect, type Mask, type SqlExpression, strictness } from "@wardline/core";
import { allOf, both, either, isNo, isYes, negate, type Predicate } from "./predicate.ts";

/** A mask and when it is the one. Asked in order, the first that holds; the last is TRUE. */
export interface MaskChoice {
  readonly mask: Mask;
  readonly when: SqlExpression;
}

/** A rule that counts or binds where `when` holds. */
export interface Live {
  readonly when: Predicate;
  readonly effects: readonly FieldEffect[];
}

interface Effect {
  readonly when: Predicate;
  readonly mask: Mask;
  readonly step: number;
}

const redact: Mask = { kind: "redact" };

/**
 * The masks that a field can be shown through, from the mildest. On a row that comes at least one grant counts, so a step
 * that all grants allow needs no proof of them.
 */
export function maskChoices(
  field: string,
  grants: readonly Live[],
  requires: readonly Live[],
): readonly MaskChoice[] {
  const granted = grants.map((grant) => effectOn(grant, field));
  const required = requires.map((require) => effectOn(require, field));
  const all = [...granted, ...required];
  const clashing = clashingSteps(all);
  const clash = either(clashing.map((step) => clashAt(step, granted, required)));
  const steps = new Set(all.map((effect) => effect.step));
  if (clashing.length > 0) steps.add(strictness(redact));
  const choices: MaskChoice[] = [];
  for (const step of [...steps].toSorted((a, b) => a - b)) {
    const isBelowRedact = step < strictness(redact);
    const when = allOf([
      ...(isBelowRedact ? [clash.fails] : []),
      ...(granted.every((grant) => grant.step <= step) ? [] : [someOf(granted, (e) => e.step <= step).holds]),
      someOf(required, (e) => e.step > step).fails,
    ]);
    if (isNo(when)) continue;
    const masks = distinctMasks(all.filter((effect) => effect.step === step));
    const last = masks.at(-1) ?? redact;
    for (const mask of masks.slice(0, -1))
      choices.push({ mask, when: allOf([isTheOne(mask, step, granted, required).holds, when]) });
    choices.push({ mask: last, when });
    if (isYes(when)) break;
  }
  return choices;
}

function effectOn({ when, effects }: Live, field: string): Effect {
  const mask: Mask = effects.find((effect) => effect.field === field)?.mask ?? { kind: "show" };
  return { when, mask, step: strictness(mask) };
}

/** Steps at which two masks show equally much and not the same. */
function clashingSteps(effects: readonly Effect[]): readonly number[] {
  return [...Map.groupBy(effects, (effect) => effect.step)]
    .filter(([, same]) => distinctMasks(same).length > 1)
    .map(([step]) => step);
}

function distinctMasks(effects: readonly Effect[]): readonly Mask[] {
  return [...new Map(effects.map(({ mask }) => [mask.kind, mask])).values()];
}

/** The grants' mask and those of the requires hold two of the step, or the grants alone do: then nothing is shown. */
function clashAt(step: number, granted: readonly Effect[], required: readonly Effect[]): Predicate {
  const masks = distinctMasks([...granted, ...required].filter((effect) => effect.step === step));
  const ofGrants = both([
    ...masks.map((mask) => withKind(granted, step, mask)),
    negate(someOf(granted, (effect) => effect.step < step)),
  ]);
  return either([ofGrants, both(masks.map((mask) => isTheOne(mask, step, granted, required)))]);
}

/** The grants come to this mask alone, or a require asks for it. */
function isTheOne(
  mask: Mask,
  step: number,
  granted: readonly Effect[],
  required: readonly Effect[],
): Predicate {
  const mildest = both([
    withKind(granted, step, mask),
    negate(someOf(granted, (e) => e.step === step && e.mask.kind !== mask.kind)),
    negate(someOf(granted, (e) => e.step < step)),
  ]);
  return either([mildest, withKind(required, step, mask)]);
}

function withKind(effects: readonly Effect[], step: number, mask: Mask): Predicate {
  return someOf(effects, (effect) => effect.step === step && effect.mask.kind === mask.kind);
}

function someOf(effects: readonly Effect[], is: (effect: Effect) => boolean): Predicate {
  return either(effects.filter(is).map((effect) => effect.when));
}
