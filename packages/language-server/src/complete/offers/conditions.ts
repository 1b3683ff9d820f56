/** What can stand in a condition: attributes, names and values of the type that is wanted. */
import type { Expectation, Frame } from "@wardline/compiler";
import { formatType, sameType, type ValueType } from "@wardline/core";
import type { Offer } from "../item.ts";
import {
  attributesOf,
  methodsOf,
  ownersOf,
  ownParameters,
  sharedAttributes,
  typesOf,
  type Owner,
} from "../path-words.ts";
import { before, type Place } from "../place.ts";
import { reachAt, rowsOf } from "../reach.ts";
import { wantedAt, type Wanted } from "../wanted.ts";
import { enumOffers } from "./literals.ts";
import { entityLiterals, valueLiterals } from "./wanted-literals.ts";

/** After `.`: the attributes that all have, and what can be asked of them. */
export function memberOffers(place: Place, path: Frame): readonly Offer[] {
  const owners = ownersOf(place, place.tokens.slice(path.start, place.at - 1));
  const wanted = wantedAt(place, path);
  const rest = place.text.slice(place.end, place.end + 80);
  const isCompared = /^\s*(?:[=!]=|[<>]|\?\?|(?:not\s+)?in\b)/.test(rest);
  const isReplaced = /^\s*\?\?/.test(rest);
  const canLead = ({ type, optional }: { readonly type: ValueType | null; readonly optional: boolean }) =>
    !(isCompared && type?.kind === "set") &&
    // What is never absent needs no value in its place.
    (!isReplaced || optional || type?.kind === "entity") &&
    (wanted.kind !== "value" ||
      wanted.types.length === 0 ||
      type === null ||
      type.kind === "entity" ||
      fits(place, type, wanted));
  const known = sharedAttributes(place, owners).filter(canLead);
  const attributes = known.map(({ name, type, text, owner }): Offer => ({
    label: name,
    kind: owner === "context" || owner === "tenant" ? "fact" : "field",
    detail: type === null ? text : text === type.kind ? formatType(type) : text,
    owner,
    rank: type !== null && fits(place, type, wanted) ? 1 : 3,
    commit: type?.kind === "entity" ? ["."] : [],
  }));
  const isPrincipal = place.at - path.start === 2 && place.tokens[path.start]?.image === "principal";
  const isAsked = wanted.kind === "condition";
  const methods = isAsked ? methodsOf(owners).map(methodOffer) : [];
  const roles: readonly Offer[] =
    isPrincipal && isAsked
      ? [
          {
            label: "roles",
            kind: "field",
            detail: "the roles of who asks, with those that they extend",
            rank: 2,
            commit: ["."],
          },
        ]
      : [];
  return [...attributes, ...methods, ...roles];
}

function methodOffer(name: string): Offer {
  if (name === "is_empty")
    return { label: name, kind: "method", rank: 1, detail: "true for a set without values" };
  const isMany = name === "contains_any" || name === "contains_all";
  return {
    label: name,
    kind: "method",
    rank: 1,
    detail: isMany ? `${name}([…])` : `${name}(…)`,
    snippet: `${name}(${isMany ? "[$1]" : "$1"})`,
  };
}

function fits(place: Place, type: ValueType, wanted: Wanted): boolean {
  if (wanted.kind === "condition") return true;
  if (wanted.kind !== "value") return false;
  if (wanted.operator === "in" && !wanted.inList)
    return wanted.types.some(
      (other) => other.kind === "entity" && type.kind === "entity" && isAbove(place, other, type),
    );
  return wanted.types.some((other) => sameType(other, type));
}

function isAbove(
  place: Place,
  below: { readonly entity: string },
  above: { readonly entity: string },
): boolean {
  return (
    below.entity === above.entity ||
    place.names.model.entities.get(below.entity)?.above.has(above.entity) === true
  );
}

/** Where a value or a condition begins. */
export function operandOffers(place: Place, { type, frame }: Expectation): readonly Offer[] {
  const wanted = wantedAt(place, frame);
  switch (type.name) {
    case "PathRoot":
      return rootOffers(place, wanted);
    case "Name":
      return nameOffers(place, wanted);
    case "Class":
      return [];
    case "word_now":
      return isNowWanted(wanted)
        ? [{ label: "now", kind: "value", detail: "Instant", rank: wanted.kind === "value" ? 1 : 4 }]
        : [];
    case "word_not":
    case "word_has":
      if (wanted.kind !== "condition") return [];
      return type.name === "word_not"
        ? [{ label: "not", kind: "keyword", rank: 3, insert: "not " }]
        : [
            {
              label: "has",
              kind: "keyword",
              rank: 3,
              insert: "has ",
              detail: "true where something is there",
            },
          ];
    case "Scalar":
      return wanted.kind === "value" && !wanted.isList ? valueLiterals(wanted) : [];
    case "Type":
      return wanted.kind === "value" && !wanted.isList ? entityLiterals(place, wanted) : [];
    case "OpenSquare":
      return wanted.kind === "value" &&
        (wanted.isList || (wanted.operator === "in" && !wanted.inList && !isSet(wanted)))
        ? [
            {
              label: "[…]",
              kind: "literal",
              filter: "[",
              rank: wanted.isList ? 0 : 3,
              snippet: "[$1]",
              detail: "a list of values",
            },
          ]
        : [];
    default:
      return [];
  }
}

const isSet = ({ types }: { readonly types: readonly ValueType[] }) =>
  types.some(({ kind }) => kind === "set");

function isNowWanted(wanted: Wanted): boolean {
  if (wanted.kind === "condition") return true;
  return (
    wanted.kind === "value" &&
    wanted.by === "comparison" &&
    wanted.operator !== "in" &&
    !wanted.inList &&
    wanted.types.some(({ kind }) => kind === "instant")
  );
}

function rootOffers(place: Place, wanted: Wanted): readonly Offer[] {
  if (wanted.kind === "role" || (wanted.kind === "value" && (wanted.by === "fallback" || wanted.isList)))
    return [];
  const { model } = place.names;
  const reach = reachAt(place);
  const roots = [
    "principal",
    ...rowsOf(place, reach),
    "context",
    ...(model.tenant.size > 0 || wanted.kind !== "presence" ? ["tenant"] : []),
    ...(wanted.kind === "presence" ? [] : ["clock"]),
  ];
  const typed = roots.flatMap((root) => pathOffers(place, root, wanted));
  const plain = roots.flatMap((root): readonly Offer[] => {
    const owners = ownersOf(place, [{ image: root } as never]);
    if (owners.length === 0) return [];
    const meant = typesOf(place, [{ image: root } as never]).some((type) => fits(place, type, wanted));
    const isWhole = wanted.kind === "value" && meant;
    const members = owners.some((owner) => owner.kind === "facts" && attributesOf(place, owner).size > 0);
    if (!isWhole && owners[0]?.kind === "facts" && !members) return [];
    return [
      {
        label: root,
        kind: "value",
        rank: isWhole ? 0 : root === "resource" || root === "principal" ? 2 : 3,
        detail: rootWords[root as keyof typeof rootWords],
        commit: ["."],
      },
    ];
  });
  return [...plain, ...typed];
}

const rootWords = {
  principal: "who asks",
  resource: "the row that is asked for",
  prior: "the row as it is",
  next: "the row as it would be",
  context: "what the request carries",
  tenant: "facts about the customer",
  clock: "the time in the tenant's zone",
} as const;

/** Whole paths of one step whose type is what is wanted. */
function pathOffers(place: Place, root: string, wanted: Wanted): readonly Offer[] {
  if (wanted.kind !== "value" || wanted.types.length === 0) return [];
  const owners: readonly Owner[] = ownersOf(place, [{ image: root } as never]);
  return sharedAttributes(place, owners).flatMap(
    ({ name, type, text, optional, owner }): readonly Offer[] => {
      if (
        type === null ||
        optional ||
        !wanted.types.every((other) => fits(place, type, { ...wanted, types: [other] }))
      )
        return [];
      // Equal to itself.
      const before = place.tokens.slice(Math.max(0, place.at - 4), place.at - 1);
      if (before.map(({ image }) => image).join("") === `${root}.${name}`) return [];
      const detail = text === type.kind ? formatType(type) : text;
      return [{ label: `${root}.${name}`, kind: "field", rank: 2, detail, name, owner }];
    },
  );
}

function nameOffers(place: Place, wanted: Wanted): readonly Offer[] {
  const { names } = place;
  const parameters = ownParameters(place).map((name): Offer => ({ label: name, kind: "parameter", rank: 0 }));
  if (wanted.kind === "role")
    return [...names.roles.values()].map(({ name }): Offer => ({
      label: name,
      kind: "role",
      rank: 0,
      detail: "role",
    }));
  if (wanted.kind === "value") {
    if (wanted.isList) return [];
    const values = wanted.types.flatMap((type): readonly Offer[] =>
      type.kind === "enum" ? enumOffers(type) : [],
    );
    return wanted.by === "fallback" ? values : [...values, ...parameters];
  }
  if (wanted.kind === "presence") return parameters;
  const self = reachAt(place).keyword === "let" ? before(place, place.at - 1)?.image : undefined;
  const lets = [...names.lets.values()].flatMap(({ name, parameters: taken }): readonly Offer[] => {
    if (name === self || parameters.some(({ label }) => label === name)) return [];
    if (taken === null) return [{ label: name, kind: "let", rank: 1, detail: "let" }];
    const args = taken.map((parameter, index) => `\${${index + 1}:${parameter}}`).join(", ");
    return [
      {
        label: name,
        kind: "let",
        rank: 1,
        detail: `${name}(${taken.join(", ")})`,
        snippet: `${name}(${args})`,
      },
    ];
  });
  const relations = [...names.model.relations.values()].map(({ name, from, to }): Offer => {
    const args = [argumentFor(place, from, 1), argumentFor(place, to, 2)].join(", ");
    return {
      label: name,
      kind: "relation",
      rank: 1,
      detail: `${name}(${from}, ${to})`,
      snippet: `${name}(${args})`,
    };
  });
  return [...parameters, ...lets, ...relations];
}

/** What most likely stands for an argument of a type. */
function argumentFor(place: Place, entity: string, index: number): string {
  const reach = reachAt(place);
  const root = ["principal", ...rowsOf(place, reach)].find((word) =>
    ownersOf(place, [{ image: word } as never]).some(
      (owner) => owner.kind === "entity" && owner.entity.name === entity,
    ),
  );
  return `\${${index}:${root ?? "principal"}}`;
}
