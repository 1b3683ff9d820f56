/**
 * What a permit does to fields: per pass the mildest mask of the grants that matched, made at least as strict as every
 * require that matched; over all passes the strictest. Masks are counted as steps of the ladder.
 */
import {
  maskAt,
  strictness,
  type EntityModel,
  type FieldEffect,
  type Obligation,
  type Table,
} from "@wardline/core";

/** The mask steps of one rule, by the table's masked fields; 0 is shown. */
export type Steps = Uint8Array;

/** The fields that some rule of the table masks, in model order. */
export function maskedFields(table: Table, entity: EntityModel): readonly string[] {
  const entries = table.passes.flatMap((pass) => [...pass.grants, ...pass.requires]);
  const named = new Set(entries.flatMap((entry) => entry.effects.map((effect) => effect.field)));
  return entity.fields.map((field) => field.name).filter((field) => named.has(field));
}

export function stepsOf(effects: readonly FieldEffect[], fields: readonly string[]): Steps {
  return Uint8Array.from(fields, (field) => {
    const effect = effects.find((e) => e.field === field);
    return effect === undefined ? 0 : strictness(effect.mask);
  });
}

/** The obligation that follows from each step for a field; none for 0. Frozen, since decisions share them. */
export function fieldObligations(field: string, steps: readonly number[]): ReadonlyMap<number, Obligation> {
  return new Map(
    steps.flatMap((step): [number, Obligation][] => {
      const mask = maskAt(step);
      switch (mask.kind) {
        case "show":
          return [];
        case "hide":
          return [[step, Object.freeze({ type: "hide", field })]];
        case "initials":
        case "partial":
        case "redact":
        case "partial_first":
        case "bucket":
        case "month":
        case "year":
        case "token":
        case "hash":
          return [[step, Object.freeze({ type: "mask", field, mask: Object.freeze(mask) })]];
      }
    }),
  );
}
