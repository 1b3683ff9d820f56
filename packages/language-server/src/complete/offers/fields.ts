/** Fields and classes that an obligation is about, and the masks that fit them. */
import { maskFunctions, maskNames, type Frame, type MaskName } from "@wardline/compiler";
import { canMask, type ValueType } from "@wardline/core";
import type { Offer } from "../item.ts";
import type { AttributeWord, EntityWord } from "../model-words.ts";
import { takenBy, type Place } from "../place.ts";
import { entitiesOf, reachAt } from "../reach.ts";
import { resourceOf } from "../test-words.ts";

export const isTest = (place: Place) => reachAt(place).keyword === "test";

/** The types that a rule or a test is about. */
export function entitiesAt(place: Place): readonly EntityWord[] {
  if (!isTest(place)) return entitiesOf(place, reachAt(place));
  const entity = place.names.model.entities.get(resourceOf(place) ?? "");
  return entity === undefined ? [...place.names.model.entities.values()] : [entity];
}

/** Fields that all of the reached types have, or classes that some of them has. */
export function fieldOffers(
  place: Place,
  type: string,
  wanted: ((field: AttributeWord) => boolean) | null,
): readonly Offer[] {
  const entities = entitiesAt(place);
  const [first] = entities;
  if (first === undefined) return [];
  if (type === "Name") {
    // Before it is said what the rule is for, any type's.
    const isOpen = isTest(place) ? resourceOf(place) === null : takenBy(place, "reach").length === 0;
    const of = isOpen ? entities : [first];
    return of.flatMap((entity) =>
      [...entity.fields.values()]
        .filter((field) =>
          (isOpen ? [entity] : entities).every(({ fields }) => {
            const own = fields.get(field.name);
            return own !== undefined && (wanted === null || wanted(own));
          }),
        )
        .map(({ name, text }): Offer => ({
          label: name,
          kind: "field",
          rank: 0,
          detail: text,
          owner: entity.name,
        })),
    );
  }
  if (type !== "Class") return [];
  const fields = entities.flatMap((entity) => [...entity.fields.values()]);
  const classes = new Set(fields.flatMap((field) => field.classes));
  return [...classes]
    .filter(
      (one) => wanted === null || fields.every((field) => !field.classes.includes(one) || wanted(field)),
    )
    .map((one): Offer => ({ label: `#${one}`, kind: "class", rank: 1, detail: "class", name: one }));
}

export function fitsMask(mask: MaskName, { type }: { readonly type: ValueType | null }): boolean {
  return type !== null && canMask(maskFunctions[mask].make(null, 1), type);
}

/** Masks that fit the field, or all fields of the class, before. */
export function maskOffers(place: Place, call: Frame): readonly Offer[] {
  const named = place.tokens[call.start + 2]?.image ?? "";
  const fields = entitiesAt(place).flatMap(({ fields: own }) =>
    [...own.values()].filter(({ name, classes }) =>
      named.startsWith("#") ? classes.includes(named.slice(1)) : name === named,
    ),
  );
  return maskNames
    .filter((mask) => fields.every((field) => fitsMask(mask, field)))
    .map((mask): Offer => {
      const { form, summary, argument } = maskFunctions[mask];
      const base: Offer = { label: mask, kind: "mask", rank: 0, detail: summary };
      if (argument === null) return base;
      return { ...base, snippet: form.replace(/\d+/, (count) => `\${1:${count}}`) };
    });
}
