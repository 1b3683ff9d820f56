/** Inside of a model: types, marks, parents, joins, and what its statements name. */
import { builtInTypes, type Expectation } from "@wardline/compiler";
import type { Offer } from "../item.ts";
import type { AttributeWord } from "../model-words.ts";
import { before, frameOf, isWithin, type Place } from "../place.ts";

const snippets: Readonly<Record<string, string>> = {
  Decimal: "Decimal(${1:12}, ${2:2})",
  Set: "Set<${1:String}>",
};

/** Types of fields, facts and parameters. */
export function typeOffers(place: Place, { frame }: Expectation): readonly Offer[] {
  const { model, kind } = place.names;
  const inSet = before(place)?.image === "<";
  const isPack = kind === "pack" || isWithin(frame, "parameter");
  const builtIn = [...builtInTypes].filter((name) => {
    if (name === "Period") return isPack;
    if (name === "Set") return !isPack && !inSet && place.tokens[place.at]?.image !== "?";
    if (name === "Decimal" || name === "Bool") return !inSet;
    return name !== "Weekday" || !isPack;
  });
  // What is shared leads to nothing that belongs to a tenant.
  const isShared = place.tokens[0]?.image === "entity" && place.tokens[2]?.image === "shared";
  const isRight = (name: string) => !isShared || model.entities.get(name)?.shared !== false;
  const own = isPack
    ? []
    : [...new Set([...model.enums.keys(), ...model.entities.keys(), ...typesIn(place)])];
  return [
    ...builtIn.map((label): Offer => {
      const snippet = snippets[label];
      return {
        label,
        kind: "type",
        rank: 1,
        detail: "type of the language",
        ...(snippet === undefined ? {} : { snippet }),
      };
    }),
    ...own
      .filter((name) => !builtInTypes.has(name) && isRight(name))
      .map((label): Offer => ({
        label,
        kind: model.enums.has(label) ? "enum" : "entity",
        rank: 0,
        detail: model.enums.has(label) ? "enum" : "reference",
      })),
  ];
}

/** The types whose statements are damaged are there too. */
function typesIn(place: Place): readonly string[] {
  return [...place.text.matchAll(/^(?:enum|entity|principal)\s+([A-Z][A-Za-z0-9]*)/gm)].map(
    (match) => match[1] as string,
  );
}

function entities(
  place: Place,
  kinds: readonly string[] = ["entity", "principal"],
  rank = 0,
): readonly Offer[] {
  return [...place.names.model.entities.values()]
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ name, kind }): Offer => ({
      label: name,
      kind: kind === "principal" ? "principal" : "entity",
      rank,
      detail: kind,
    }));
}

/** What a model's statements name, by the rule that they stand in. */
export function modelTypeOffers(place: Place, { frame }: Expectation): readonly Offer[] {
  const own = place.tokens[1]?.image;
  const { model } = place.names;
  const rule: string = frame.rule;
  switch (rule) {
    case "parent":
      return entities(place).length > 0 ? [...entities(place), ...self(place, own)] : self(place, own);
    case "relation":
      return before(place)?.image === "("
        ? [...entities(place, ["principal"], 0), ...entities(place, ["entity"], 1)]
        : [...entities(place, ["entity"], 0), ...entities(place, ["principal"], 1)];
    case "typeNames": {
      if (place.tokens[0]?.image === "role") return entities(place, ["principal"]);
      const written = new Set(place.tokens.map(({ image }) => image));
      return entities(place).filter(({ label }) => {
        const entity = model.entities.get(label);
        const writes = !place.tokens.some(({ image }) => image === "reads");
        return !written.has(label) && entity?.table != null && !(writes && entity.shared);
      });
    }
    default:
      return [];
  }
}

function self(place: Place, own: string | undefined): readonly Offer[] {
  return own !== undefined && /^[A-Z]/.test(own) && !place.names.model.entities.has(own)
    ? [{ label: own, kind: "entity", rank: 0, detail: "itself" }]
    : [];
}

/** Marks of a field. */
export function modifierOffers(place: Place, { type, frame }: Expectation): readonly Offer[] {
  const field = frameOf(frame, "field");
  const own = field === null ? [] : place.tokens.slice(field.start, place.at).map(({ image }) => image);
  const isPrincipal = place.tokens[0]?.image === "principal";
  const isFact = place.tokens[0]?.image === "tenant" || place.tokens[0]?.image === "context";
  const at = own.indexOf(":");
  const isSet = own[at + 1] === "Set";
  const isReference = place.names.model.entities.has(own[at + 1] ?? "");
  switch (type.name) {
    case "Class":
      return isFact
        ? []
        : classesIn(place)
            .filter((one) => !own.includes(`#${one}`))
            .map((one): Offer => ({ label: `#${one}`, kind: "class", rank: 1, detail: "class", name: one }));
    case "word_searchable":
      return own[at + 1] === "String" && !isFact && !isPrincipal && !own.includes("searchable")
        ? [
            {
              label: "searchable",
              kind: "keyword",
              rank: 2,
              detail: "found by its whole value though it is sealed",
            },
          ]
        : [];
    case "word_tenant":
      return isPrincipal && !own.includes("tenant") && !isReference
        ? [{ label: "tenant", kind: "keyword", rank: 2, detail: "set by the tenant" }]
        : [];
    case "word_via":
      return !isFact && isSet && !own.includes("via")
        ? [
            {
              label: "via",
              kind: "keyword",
              rank: 1,
              snippet: "via ${1:table}(${2:owner_id}, ${3:value})",
              detail: "the table that holds the values",
            },
          ]
        : [];
    default:
      return [];
  }
}

/** The classes that any file of the project names. */
function classesIn({ snapshot }: Place): readonly string[] {
  const named = snapshot.files.flatMap((file) =>
    [...(snapshot.text(file) ?? "").matchAll(/#([a-z][a-z0-9_]*)/g)].map((match) => match[1] as string),
  );
  return [...new Set(named)];
}

/** `session` after `via`. */
export function parentVia(place: Place): readonly Offer[] {
  return place.tokens[0]?.image === "principal"
    ? [{ label: "session", kind: "keyword", rank: 0, detail: "known when someone signs in" }]
    : [];
}

/** Names in lists of a model's statements and of roles. */
export function listedNames(place: Place, keyword: string | undefined): readonly Offer[] {
  const { model, roles, kind } = place.names;
  const written = new Set(place.tokens.map(({ image }) => image));
  const fresh = (name: string) => !written.has(name);
  switch (keyword ?? "") {
    case "role":
      if (!place.tokens.slice(0, place.at).some(({ image }) => image === "extends")) return [];
      return [...roles.values()]
        .filter(({ name, delegated }) => fresh(name) && (kind === "model" || delegated))
        .map(({ name }): Offer => ({ label: name, kind: "role", rank: 0, detail: "role" }));
    case "delegate":
      return [...model.roles.values()]
        .filter(({ name, platform }) => fresh(name) && !platform)
        .map(({ name }): Offer => ({ label: name, kind: "role", rank: 0, detail: "role" }));
    case "group":
      return place.at < 3
        ? []
        : [...model.actions.values()]
            .filter(({ name }) => fresh(name))
            .map(({ name, kind: effect }): Offer => ({
              label: name,
              kind: "action",
              rank: 0,
              detail: `action that ${effect}`,
            }));
    default:
      return [];
  }
}

/** `context.NAME`, `principal.NAME` after `from`. */
export function evidenceFacts(place: Place): readonly Offer[] {
  const root = place.tokens[place.at - 2]?.image;
  const { model } = place.names;
  const attributes =
    root === "context"
      ? [...model.context.values()]
      : model.principals.flatMap((name) => [...(model.entities.get(name)?.fields.values() ?? [])]);
  const isAge = place.tokens.slice(0, place.at).some(({ image }) => image === ",");
  const isReason = place.tokens[1]?.image === "reason";
  const fits = ({ type, optional }: AttributeWord) =>
    isReason ? optional : type?.kind === (isAge ? "duration" : "bool");
  return attributes.filter(fits).map(({ name, text }): Offer => ({
    label: name,
    kind: root === "context" ? "fact" : "field",
    detail: text,
    rank: 0,
    owner: root ?? "context",
  }));
}
