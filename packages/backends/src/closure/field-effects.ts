/**
 * What a permit does to fields: per pass the mildest mask of the grants that count, made at least as strict as every
 * require that binds; over all passes the strictest. A mask is a code: its step of the ladder, and half a step for
 * `partial_first`, which shares its step with `partial`.
 */
import {
  strictness,
  type EntityModel,
  type FieldEffect,
  type Mask,
  type Obligation,
  type Table,
} from "@wardline/core";

/** The mask codes of one rule, by the table's masked fields; 0 is shown. */
export type Codes = readonly number[];

export interface FieldCodes {
  readonly fields: readonly string[];
  readonly codesOf: (effects: readonly FieldEffect[]) => Codes;
  /** The obligation of a field and a code; null for 0. */
  readonly obligationOf: (field: number, code: number) => Obligation | null;
}

const half = 0.5;
const redact = strictness({ kind: "redact" });

export const noFields: FieldCodes = { fields: [], codesOf: () => none, obligationOf: () => null };

export function codeFields(table: Table, entity: EntityModel): FieldCodes {
  const fields = maskedFields(table, entity);
  return fields.length === 0 ? noFields : codesFor(fields);
}

/** The fields that some rule of the table masks, in model order. */
function maskedFields(table: Table, entity: EntityModel): readonly string[] {
  const named = new Set<string>();
  for (const pass of table.passes)
    for (const entries of [pass.grants, pass.requires])
      for (const { effects } of entries) for (const { field } of effects) named.add(field);
  return named.size === 0 ? [] : entity.fields.map(({ name }) => name).filter((name) => named.has(name));
}

function codesFor(fields: readonly string[]): FieldCodes {
  const masks = new Map<number, Mask>([[redact, { kind: "redact" }]]);
  return {
    fields,
    codesOf: (effects) =>
      effects.length === 0
        ? none
        : fields.map((field) => {
            const effect = effects.find((e) => e.field === field);
            if (effect === undefined) return 0;
            const code = codeOf(effect.mask);
            masks.set(code, effect.mask);
            return code;
          }),
    obligationOf: (field, code) => obligationOf(fields[field] as string, masks.get(code) ?? { kind: "show" }),
  };
}

const none: readonly never[] = Object.freeze([]);

function codeOf(mask: Mask): number {
  return strictness(mask) + (mask.kind === "partial_first" ? half : 0);
}

function obligationOf(field: string, mask: Mask): Obligation | null {
  if (mask.kind === "show") return null;
  if (mask.kind === "hide") return Object.freeze({ type: "hide", field });
  return Object.freeze({ type: "mask", field, mask: Object.freeze({ ...mask }) });
}

/** A rule without codes shows every field. */
function codeAt(codes: Codes, field: number): number {
  return codes.length === 0 ? 0 : (codes[field] as number);
}

/** The code of a field in one pass. */
export function codeInPass(
  grants: readonly { readonly masks: Codes }[],
  requires: readonly { readonly masks: Codes }[],
  field: number,
): number {
  const mild = mildest(grants.map((entry) => codeAt(entry.masks, field)));
  return strictest([mild, ...requires.map((entry) => codeAt(entry.masks, field))]);
}

/** Two masks that show as much, and not the same, can't both be kept by showing either. */
function disagree(a: number, b: number): boolean {
  return a !== b && stepOf(a) === stepOf(b);
}

/** Steps of partial masks are whole numbers below 66; a larger step is of no `partial_first`. */
function stepOf(code: number): number {
  return code < 66 ? Math.floor(code) : code;
}

export function strictest(codes: readonly number[]): number {
  const most = Math.max(0, ...codes);
  const isSplit = codes.some((a) => codes.some((b) => disagree(a, b)));
  return isSplit ? Math.max(most, redact) : most;
}

function mildest(codes: readonly number[]): number {
  const step = Math.min(...codes.map(stepOf));
  const [first = 0, ...rest] = codes.filter((code) => stepOf(code) === step);
  return rest.some((code) => code !== first) ? redact : first;
}
