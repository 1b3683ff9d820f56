/** Inside of tests: who and what they are about, facts, expectations. */
import { denyReasons, type Expectation, type Frame } from "@wardline/compiler";
import type { ValueType } from "@wardline/core";
import type { Offer } from "../item.ts";
import { plain, type AttributeWord, type EntityWord } from "../model-words.ts";
import { before, frameOf, isWithin, type Place } from "../place.ts";
import { askedAt, bindingsOf, entityAt, expectAt } from "../test-words.ts";
import { argumentIndex } from "../wanted.ts";
import { literalOffers } from "./literals.ts";
import { ruleOffers } from "./reaches.ts";

/** Who or what a subject can be: bindings and instances of the types that fit. */
export function subjectOffers(place: Place, expectation: Expectation): readonly Offer[] {
  const wanted = subjectTypes(place, expectation.frame);
  const fits = (entity: string | null) => wanted === null || (entity !== null && wanted.includes(entity));
  if (expectation.type.name === "Name")
    return bindingsOf(place)
      .filter(({ entity }) => fits(entity))
      .map(({ name, entity }): Offer => ({ label: name, kind: "binding", rank: 0, detail: entity ?? "let" }));
  return expectation.type.name === "Type"
    ? [...place.names.model.entities.values()]
        .filter(({ name }) => fits(name))
        .map((entity) => instanceOffer(entity, 1))
    : [];
}

function instanceOffer({ name, kind }: EntityWord, rank: number): Offer {
  return {
    label: name,
    kind: kind === "principal" ? "principal" : "entity",
    rank,
    detail: kind === "principal" ? "someone, with roles and attributes" : "a row, with its attributes",
    snippet: kind === "principal" ? `${name} { roles: [$1] }` : `${name} { $1 }`,
  };
}

/** The types that can stand as the subject here; null for any. */
function subjectTypes(place: Place, frame: Frame): readonly string[] | null {
  const { model } = place.names;
  const given = frameOf(frame, "given");
  if (given !== null) {
    const relation = model.relations.get(place.tokens[given.start + 1]?.image ?? "");
    if (relation === undefined) return null;
    return [[relation.from, relation.to][argumentIndex(place, given.start + 2)] ?? relation.to];
  }
  const start = expectAt(place);
  if (start === null) return null;
  const isAfterTo = place.tokens.slice(start, place.at).some(({ image }) => image === "to");
  if (!isAfterTo) return model.principals;
  const action = model.actions.get(askedAt(place)?.action ?? "");
  return action?.entities ?? null;
}

/** Keys in braces: attributes of an instance, or facts. */
export function keyOffers(place: Place, { frame }: Expectation): readonly Offer[] {
  const attributes = frameOf(frame, "attributes");
  const known = attributes === null ? null : attributesIn(place, attributes);
  if (attributes === null || known === null) return [];
  const written = keysIn(place, attributes);
  return [...known.values()]
    .filter(({ name }) => !written.has(name))
    .map(({ name, text }, index): Offer => ({
      label: name,
      kind: "field",
      rank: index < 40 ? 0 : 1,
      detail: text,
      insert: `${name}: `,
    }));
}

/** The keys that braces hold, also after the place. */
function keysIn(place: Place, attributes: Frame): ReadonlySet<string> {
  return new Set(
    place.tokens.flatMap(({ image }, index) => {
      const frame = place.taken[index] ?? null;
      return frame?.rule === "attributes" &&
        frame.start === attributes.start &&
        place.tokens[index + 1]?.image === ":"
        ? [image]
        : [];
    }),
  );
}

/** What the keys in braces can be. */
function attributesIn(place: Place, { parent, start }: Frame): ReadonlyMap<string, AttributeWord> | null {
  const { model } = place.names;
  if (parent?.rule === "given")
    return model[place.tokens[start - 1]?.image === "tenant" ? "tenant" : "context"];
  const name = parent?.rule === "instance" ? place.tokens[parent.start]?.image : askedAt(place)?.resource;
  const entity = model.entities.get(name ?? "");
  if (entity === undefined) return null;
  const special = [
    ...(entity.kind === "principal"
      ? [{ ...plain("roles", { kind: "set", of: { kind: "string" } }), text: "its roles" }]
      : []),
    ...(entity.parents.length > 0
      ? [{ ...plain("in", { kind: "set", of: { kind: "string" } }), text: "what it stands in" }]
      : []),
    { ...plain("tenant", { kind: "string" }), text: "its tenant; the policy's own without it" },
  ];
  return new Map([
    ...special.slice(0, -1).map((one) => [one.name, one] as const),
    ...entity.fields,
    ...special.slice(-1).map((one) => [one.name, one] as const),
  ]);
}

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
    if (type.kind === "enum")
      return token === "Name"
        ? type.values.map((label): Offer => ({
            label,
            kind: "value",
            rank: 0,
            detail: type.name,
            owner: type.name,
          }))
        : [];
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

/** Names in `expect …`: the action, rules after `by`, the reason after `as`. */
export function expectNames(place: Place, expectation: Expectation): readonly Offer[] {
  const last = before(place)?.image;
  const { model } = place.names;
  if (last === "as")
    return denyReasons.map((label): Offer => ({
      label,
      kind: "value",
      rank: label === "not_granted" ? 0 : 1,
      detail: "why it is denied",
    }));
  if (isWithin(expectation.frame, "names")) return ruleOffers(place, expectation);
  // Without its action the row is taken for it.
  const resource = entityAt(place, place.at) ?? askedAt(place)?.resource ?? null;
  const isList = isWithin(expectation.frame, "expectList");
  const entity = isList
    ? (place.tokens.slice(place.at).find(({ image }) => /^[A-Z]/.test(image))?.image ?? null)
    : resource;
  return [...model.actions.values()]
    .filter(
      ({ entities, kind }) =>
        (entity === null || !model.entities.has(entity) || entities.includes(entity)) &&
        (!isList || kind === "reads"),
    )
    .map(({ name, kind }): Offer => ({
      label: name,
      kind: "action",
      rank: 0,
      detail: `action that ${kind}`,
    }));
}

/** The entity of `expect list`. */
export function listedTypes(place: Place): readonly Offer[] {
  const action = place.names.model.actions.get(before(place)?.image ?? "");
  return [...place.names.model.entities.values()]
    .filter(({ name }) => action === undefined || action.entities.includes(name))
    .map(({ name, kind }): Offer => ({
      label: name,
      kind: kind === "principal" ? "principal" : "entity",
      rank: 0,
    }));
}

/** What `given` says. */
export function givenOffers(place: Place, { type }: Expectation): readonly Offer[] {
  const { model } = place.names;
  switch (type.name) {
    case "word_context":
      return model.context.size === 0
        ? []
        : [
            {
              label: "context",
              kind: "keyword",
              rank: 0,
              snippet: "context { $1 }",
              detail: "what the request carries",
            },
          ];
    case "word_tenant":
      return model.tenant.size === 0
        ? []
        : [
            {
              label: "tenant",
              kind: "keyword",
              rank: 0,
              snippet: "tenant { $1 }",
              detail: "facts about the customer",
            },
          ];
    case "word_now":
      return [{ label: "now", kind: "keyword", rank: 0, snippet: "now ${1:12:00}", detail: "the time" }];
    case "Time":
      return [{ label: "23:30", kind: "literal", rank: 0, snippet: "${1:23:30}", detail: "a time of day" }];
    case "Instant":
      return [
        {
          label: "2026-01-05T12:00:00Z",
          kind: "literal",
          rank: 1,
          snippet: "${1:2026-01-05T12:00:00Z}",
          detail: "an instant",
        },
      ];
    case "Name":
      return [...model.relations.values()].map(({ name, from, to }): Offer => ({
        label: name,
        kind: "relation",
        rank: 1,
        detail: `${name}(${from}, ${to})`,
        snippet: `${name}($1, $2)`,
      }));
    default:
      return [];
  }
}
