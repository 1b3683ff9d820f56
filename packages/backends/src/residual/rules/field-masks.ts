/**
 * How each field of a permitted row is shown, as a list of which the first that holds is meant: the mildest of the grants
 * that count, then the strictest of the requires that bind.
 */
import { strictness, type EntityModel, type FieldEffect, type Mask } from "@wardline/core";
import { no, yes, type ConditionList } from "./condition-list.ts";
import type { ResidualField } from "../residual.ts";

/** A rule's effects, and the node of when it counts. */
export interface Showing {
  readonly when: number;
  readonly effects: readonly FieldEffect[];
}

type Cases = readonly { readonly mask: Mask; readonly when: number }[];

export function fieldMasks(
  list: ConditionList,
  entity: EntityModel,
  grants: readonly Showing[],
  requires: readonly Showing[],
): readonly ResidualField[] {
  const named = new Set(
    [...grants, ...requires].flatMap(({ effects }) => effects.map((effect) => effect.field)),
  );
  return entity.fields.flatMap(({ name }) => {
    if (!named.has(name)) return [];
    const required = levelsOf(list, requires, name).filter(([{ mask }]) => mask.kind !== "show");
    const masks = mildestOf(list, levelsOf(list, grants, name)).flatMap(({ mask, when }) =>
      strictestOf(list, mask, required).map((stricter) => ({
        mask: stricter.mask,
        when: list.all([when, stricter.when]),
      })),
    );
    const cases = closed(list, masks);
    return cases.every(({ mask }) => mask.kind === "show") ? [] : [{ field: name, masks: cases }];
  });
}

/** Masks of one step of the ladder: one, or two that show equally much from the two ends. */
type Level = readonly [Cases[number], ...Cases];

/** What some rule does to the field, from the mildest to the strictest, with when one of them does. */
function levelsOf(list: ConditionList, rules: readonly Showing[], field: string): readonly Level[] {
  const found = new Map<string, { readonly mask: Mask; readonly when: number[] }>();
  for (const { when, effects } of rules) {
    const mask = effects.find((effect) => effect.field === field)?.mask ?? { kind: "show" };
    const key = `${mask.kind} ${strictness(mask)}`;
    const same = found.get(key) ?? { mask, when: [] };
    found.set(key, same);
    same.when.push(when);
  }
  const cases = [...found.values()].map(({ mask, when }) => ({ mask, when: list.any(when) }));
  const levels = Map.groupBy(cases, ({ mask }) => strictness(mask));
  return [...levels].toSorted(([a], [b]) => a - b).map(([, level]) => level as unknown as Level);
}

const redact: Mask = { kind: "redact" };

function mildestOf(list: ConditionList, levels: readonly Level[]): Cases {
  return levels.flatMap((level) => [...bothOf(list, level), ...level]);
}

/** Where two that show as much from the two ends meet, neither can be shown. */
function bothOf(list: ConditionList, level: Level): Cases {
  return level.length < 2 ? [] : [{ mask: redact, when: list.all(level.map(({ when }) => when)) }];
}

/** The strictest of one mask that is given and of those that hold; two that disagree are at least redacted. */
function strictestOf(list: ConditionList, given: Mask, levels: readonly Level[]): Cases {
  const step = strictness(given);
  const torn = levels.flatMap((level) => [
    ...bothOf(list, level).map(({ when }) => when),
    ...level
      .filter(({ mask }) => strictness(mask) === step && mask.kind !== given.kind)
      .map(({ when }) => when),
  ]);
  const all: Cases = [
    ...levels.flat().map(({ mask, when }) => ({ mask, when })),
    { mask: redact, when: list.any(torn) },
  ];
  const stricter = all
    .filter(({ mask, when }) => when !== no && strictness(mask) > step)
    .toSorted((a, b) => strictness(b.mask) - strictness(a.mask));
  const certain = stricter.findIndex(({ when }) => when === yes);
  return certain < 0 ? [...stricter, { mask: given, when: yes }] : stricter.slice(0, certain + 1);
}

/** Without what can't be reached and what says the same twice; of a permitted row the last always holds. */
function closed(list: ConditionList, cases: Cases): Cases {
  const kept: { readonly mask: Mask; readonly when: number }[] = [];
  const asked = new Set([no]);
  for (const { mask, when } of cases) {
    // What was asked before does not hold here.
    if (asked.has(when)) continue;
    asked.add(when);
    const last = kept.at(-1);
    if (last !== undefined && isSame(last.mask, mask))
      kept.splice(-1, 1, { mask, when: list.any([last.when, when]) });
    else kept.push({ mask, when });
    if (when === yes) break;
  }
  const last = kept.pop();
  return last === undefined ? [] : [...kept, { mask: last.mask, when: yes }];
}

function isSame(a: Mask, b: Mask): boolean {
  return a.kind === b.kind && strictness(a) === strictness(b);
}
