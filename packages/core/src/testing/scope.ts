/** What a rule can read where it stands: the paths that exist on everything that it reaches. */
import type { FieldModel } from "../ir/model.ts";
import type { Row } from "../ir/slot.ts";
import { sameType, type ValueType } from "../value/type.ts";
import { entityNamed, isSealed, type GeneratedModel } from "./generated-model.ts";
import type { Pools } from "./pools.ts";

export interface Scope {
  readonly model: GeneratedModel;
  readonly pools: Pools;
  /** Principal types and entities that the rule reaches. */
  readonly principals: readonly string[];
  readonly entities: readonly string[];
  /** The words for rows that the rule may use: `resource` alone, or `prior` and `next`. */
  readonly rows: readonly Row[];
  readonly lets: readonly GeneratedLet[];
  /** Roles that a condition may ask for by name. */
  readonly roles: readonly string[];
  /** A tenant's name. */
  readonly tenant: string;
}

/** A named condition: what it is made for, and the paths that are present wherever it holds. */
export interface GeneratedLet {
  readonly name: string;
  readonly text: string;
  readonly principals: readonly string[];
  readonly entities: readonly string[];
  readonly proves: readonly string[];
}

export interface PathInfo {
  readonly text: string;
  readonly type: ValueType;
  readonly optional: boolean;
  /** The name to trust, if the tenant sets the fact. */
  readonly trust: string | null;
  /** The references on the way that may be absent. */
  readonly through: readonly string[];
  /** How many references it leads through. */
  readonly hops: number;
}

/** The fields that all of some types have alike, and that none of them seals. */
export function commonFields(model: GeneratedModel, types: readonly string[]): readonly FieldModel[] {
  const [first, ...rest] = types.map((type) => entityNamed(model.ir, type).fields);
  if (first === undefined) return [];
  return first.filter(
    (field) =>
      !isSealed(model, field) &&
      rest.every((fields) =>
        fields.some(
          (other) =>
            other.name === field.name &&
            sameType(other.type, field.type) &&
            other.optional === field.optional &&
            !isSealed(model, other),
        ),
      ),
  );
}
