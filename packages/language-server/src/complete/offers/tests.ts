/** Inside of tests: who and what they are about, the names of facts, expectations. */
import { denyReasons, type Expectation, type Frame } from "@wardline/compiler";
import type { Offer } from "../item.ts";
import { plain, type AttributeWord, type EntityWord } from "../model-words.ts";
import { before, frameOf, isWithin, type Place } from "../place.ts";
import { askedAt, bindingsOf, entityAt, expectAt } from "../test-words.ts";
import { argumentIndex } from "../wanted.ts";
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

export function instanceOffer({ name, kind }: EntityWord, rank: number): Offer {
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
export function attributesIn(
  place: Place,
  { parent, start }: Frame,
): ReadonlyMap<string, AttributeWord> | null {
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
