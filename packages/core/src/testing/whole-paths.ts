/** Paths of conditions beyond those that every backend carries out: through references, the clock. */
import type { FieldModel } from "../ir/model.ts";
import type { ScalarType } from "../value/type.ts";
import { weekdayType } from "../value/clock.ts";
import { entityNamed, isSealed } from "./generated-model.ts";
import { commonFields, type PathInfo, type Scope } from "./scope.ts";

const clockTypes: readonly (readonly [string, ScalarType])[] = [
  ["time", { kind: "time" }],
  ["hour", { kind: "int", min: 0, max: 23 }],
  ["weekday", weekdayType],
];

/** The clock, and what references of the principal and of the rows lead to, through two of them at most. */
export function pathsBeyond(scope: Scope): readonly PathInfo[] {
  const clock = clockTypes.map(([part, type]): PathInfo => ({
    text: `clock.${part}`,
    type,
    optional: false,
    trust: "clock",
    through: [],
    hops: 0,
  }));
  const owners = [
    { text: "principal", fields: commonFields(scope.model, scope.principals) },
    ...scope.rows.map((row) => ({ text: row, fields: commonFields(scope.model, scope.entities) })),
  ];
  return [
    ...clock,
    ...owners.flatMap(({ text, fields }) => fields.flatMap((field) => behind(scope, text, field, [], 1))),
  ];
}

/** The fields of what a field of a path refers to, and of what those refer to. */
function behind(
  scope: Scope,
  owner: string,
  field: FieldModel,
  through: readonly string[],
  hops: number,
): readonly PathInfo[] {
  if (field.type.kind !== "entity") return [];
  const target = entityNamed(scope.model.ir, field.type.entity);
  // Of a principal outside the database only the id is known.
  if (target.storage === null) return [];
  const text = `${owner}.${field.name}`;
  const needed = field.optional ? [...through, text] : through;
  return target.fields
    .filter((inner) => !isSealed(scope.model, inner))
    .flatMap((inner) => [
      {
        text: `${text}.${inner.name}`,
        type: inner.type,
        optional: inner.optional,
        trust: null,
        through: needed,
        hops,
      },
      ...(hops < 2 ? behind(scope, text, inner, needed, hops + 1) : []),
    ]);
}
