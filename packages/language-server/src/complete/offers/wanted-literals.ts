/** Values that are written where a condition wants one. */
import type { Offer } from "../item.ts";
import type { Place } from "../place.ts";
import type { Wanted } from "../wanted.ts";
import { literalOffers, rangeOffers } from "./literals.ts";

export function valueLiterals(wanted: Extract<Wanted, { kind: "value" }>): readonly Offer[] {
  const isIn = wanted.operator === "in" && !wanted.inList;
  return wanted.types.flatMap((type): readonly Offer[] => {
    if (isIn) return rangeOffers(type);
    if (type.kind === "bool")
      return ["true", "false"].map((label): Offer => ({ label, kind: "value", rank: 0, detail: "Bool" }));
    const ranges = wanted.inList ? rangeOffers(type) : [];
    return type.kind === "instant" && wanted.by === "comparison"
      ? [
          { label: "now - 5m", kind: "literal", rank: 1, snippet: "now - ${1:5m}", detail: "some time ago" },
          ...literalOffers(type),
        ]
      : [...ranges, ...literalOffers(type)];
  });
}

/** Single records, by their ids. */
export function entityLiterals(place: Place, wanted: Extract<Wanted, { kind: "value" }>): readonly Offer[] {
  const isIn = wanted.operator === "in" && !wanted.inList;
  const names = wanted.types.flatMap((type) => {
    if (type.kind !== "entity") return [];
    return isIn
      ? [type.entity, ...(place.names.model.entities.get(type.entity)?.above ?? [])]
      : [type.entity];
  });
  return [...new Set(names)].map((name): Offer => ({
    label: name,
    kind: "entity",
    rank: 2,
    detail: "one of them, by its id",
    snippet: `${name} "\${1:id}"`,
  }));
}
