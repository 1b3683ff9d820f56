/** Inside of tests: the values of facts, rows and lists. */
import { type Expectation, type Frame } from "@wardline/compiler";
import type { ValueType } from "@wardline/core";
import type { Offer } from "../item.ts";
import { frameOf, isWithin, type Place } from "../place.ts";
import { bindingsOf, expectAt } from "../test-words.ts";
import { enumOffers, literalOffers } from "./literals.ts";
import { attributesIn, instanceOffer } from "./tests.ts";

/** A value after a key, in a list, or after `let NAME =`. */
export function datumOffers(place: Place, expectation: Expectation): readonly Offer[] {
  const { frame, type } = expectation;
  const attributes = frameOf(frame, "attributes");
  const binding = frameOf(frame, "binding");
  const model = place.names.model;
  if (attributes === null || (binding !== null && binding.start > attributes.start)) {
    if (isWithin(frame, "expectList")) return rowOffers(place, type.name);
    if (type.name === "Type")
      return [...model.entities.values()].map((entity) =>
        instanceOffer(entity, entity.kind === "principal" ? 0 : 1),
      );
    if (type.name === "Name") return bindingsBefore(place, binding);
    return [];
  }
  const key = keyBefore(place, attributes);
  const attribute = key === null ? undefined : attributesIn(place, attributes)?.get(key);
  if (attribute === undefined) return [];
  const owner =
    attributes.parent?.rule === "instance" ? (place.tokens[attributes.parent.start]?.image ?? null) : null;
  const inList = isWithin(frame, "data");
  if (key === "roles" && attribute.text === "its roles")
    return roleValues(place, type.name, owner, inList, attributes);
  if (key === "in" && attribute.text === "what it stands in") {
    const parents = model.entities.get(owner ?? "")?.parents ?? [];
    return inList
      ? valuesOf(
          place,
          type.name,
          parents.map((entity) => ({ kind: "entity", entity })),
          true,
        )
      : listOffer(type.name);
  }
  if (attribute.type === null) return [];
  if (attribute.type.kind === "set")
    return inList ? valuesOf(place, type.name, [attribute.type.of], true) : listOffer(type.name);
  return valuesOf(place, type.name, [attribute.type], false);
}

function bindingsBefore(place: Place, binding: Frame | null): readonly Offer[] {
  const own = binding === null ? undefined : place.tokens[binding.start + 1]?.image;
  return bindingsOf(place)
    .filter(({ name }) => name !== own)
    .map(({ name, entity }): Offer => ({ label: name, kind: "binding", rank: 2, detail: entity ?? "let" }));
}

/** The rows of a list. */
function rowOffers(place: Place, type: string): readonly Offer[] {
  const start = expectAt(place) ?? 0;
  const entity = place.tokens
    .slice(start, place.at)
    .find(({ image }, index, all) => /^[A-Z]/.test(image) && all[index - 2]?.image === "to");
  const gives = place.tokens.slice(start, place.at).findIndex(({ image }) => image === "gives");
  const list = place.tokens.slice(gives < 0 ? start : start + gives, place.at).map(({ image }) => image);
  if (type === "Name")
    return bindingsOf(place)
      .filter(
        (one) =>
          (entity === undefined || one.entity === entity.image || one.isList) && !list.includes(one.name),
      )
      .map(({ name, entity: of }): Offer => ({ label: name, kind: "binding", rank: 0, detail: of ?? "let" }));
  if (type === "Type" && gives < 0) {
    const found = place.names.model.entities.get(entity?.image ?? "");
    return found === undefined ? [] : [instanceOffer(found, 1)];
  }
  return listOffer(type);
}

function listOffer(type: string): readonly Offer[] {
  return type === "OpenSquare"
    ? [{ label: "[…]", kind: "literal", filter: "[", rank: 0, snippet: "[$1]" }]
    : [];
}

function keyBefore(place: Place, attributes: Frame): string | null {
  for (let index = place.at - 1; index > attributes.start; index -= 1) {
    const frame = place.taken[index];
    if (
      frame?.rule === "attributes" &&
      frame.start === attributes.start &&
      place.tokens[index]?.image === ":"
    )
      return place.tokens[index - 1]?.image ?? null;
  }
  return null;
}

function roleValues(
  place: Place,
  type: string,
  owner: string | null,
  inList: boolean,
  attributes: Frame,
): readonly Offer[] {
  if (!inList) return listOffer(type);
  if (type !== "Name") return [];
  const list = place.tokens.slice(attributes.start, place.at);
  const open = list.findLastIndex(({ image }) => image === "[");
  const written = new Set(list.slice(open).map(({ image }) => image));
  return [...place.names.roles.values()]
    .filter(({ name, types }) => (owner === null || types.includes(owner)) && !written.has(name))
    .map(({ name }): Offer => ({ label: name, kind: "role", rank: 0, detail: "role" }));
}

/** Values of some types, in a test. */
function valuesOf(
  place: Place,
  token: string,
  types: readonly ValueType[],
  inList: boolean,
): readonly Offer[] {
  return types.flatMap((type): readonly Offer[] => {
    if (type.kind === "enum") return token === "Name" ? enumOffers(type) : [];
    if (type.kind === "bool")
      return token === "Scalar"
        ? ["true", "false"].map((label): Offer => ({ label, kind: "value", rank: 0, detail: "Bool" }))
        : [];
    if (type.kind === "entity") {
      if (token === "Name")
        return bindingsOf(place)
          .filter(({ name, entity }) => entity === type.entity && name !== ownBinding(place))
          .map(({ name, entity }): Offer => ({
            label: name,
            kind: "binding",
            rank: 0,
            detail: entity ?? "let",
          }));
      return token === "Type"
        ? [
            {
              label: type.entity,
              kind: "entity",
              rank: 1,
              detail: "one of them, by its id",
              snippet: `${type.entity} "\${1:id}"`,
            },
          ]
        : [];
    }
    return token === "Scalar" ? literalOffers(type, inList ? 1 : 0) : [];
  });
}

function ownBinding(place: Place): string | undefined {
  for (let index = place.at - 1; index >= 0; index -= 1) {
    if (place.tokens[index]?.image === "let" && place.taken[index]?.rule === "binding")
      return place.tokens[index + 1]?.image;
    if (place.tokens[index]?.image === "expect") return undefined;
  }
  return undefined;
}
