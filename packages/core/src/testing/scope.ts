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
}

/** All paths to facts that exist, with one type, on everything that the rule reaches. */
export function pathsOf(scope: Scope): readonly PathInfo[] {
  const { ir, tenantSet } = scope.model;
  const found: PathInfo[] = [];
  for (const { name, type, optional } of ir.tenant)
    found.push({ text: `tenant.${name}`, type, optional, trust: null });
  for (const { name, type, optional } of ir.context)
    found.push({ text: `context.${name}`, type, optional, trust: null });
  for (const field of commonFields(scope.model, scope.principals)) {
    const trust = scope.principals.some((type) => tenantSet.has(`${type}.${field.name}`)) ? field.name : null;
    found.push({ text: `principal.${field.name}`, type: field.type, optional: field.optional, trust });
  }
  for (const field of commonFields(scope.model, scope.entities))
    for (const row of scope.rows)
      found.push({ text: `${row}.${field.name}`, type: field.type, optional: field.optional, trust: null });
  return found.filter((path) => !["ip", "date", "time"].includes(path.type.kind));
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

/** Something that stands for an entity: `principal`, a row, a reference, or a literal, and the types that it can be. */
export interface EntityOperand {
  readonly text: string;
  readonly types: readonly string[];
  readonly path: PathInfo | null;
  /** Set where the operand is the principal, whose parents come with the session. */
  readonly isPrincipal: boolean;
}

export function entityOperands(scope: Scope): readonly EntityOperand[] {
  return [
    { text: "principal", types: scope.principals, path: null, isPrincipal: true },
    ...scope.rows.map((row) => ({ text: row, types: scope.entities, path: null, isPrincipal: false })),
    ...pathsOf(scope).flatMap((path) =>
      path.type.kind === "entity"
        ? [{ text: path.text, types: [path.type.entity], path, isPrincipal: false }]
        : [],
    ),
  ];
}
