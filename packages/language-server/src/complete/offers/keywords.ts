/** Words that go on with a statement, where the checker takes them too. */
import type { Expectation } from "@wardline/compiler";
import type { Offer } from "../item.ts";
import { isWithin, type Place } from "../place.ts";
import { reachAt } from "../reach.ts";
import { askedAt, expectAt } from "../test-words.ts";

/** Words with what they hold, where that says more. */
const snippets: Readonly<Record<string, string>> = {
  because: 'because "$1"',
};

const details: Readonly<Record<string, string>> = {
  when: "a condition that must hold",
  unless: "a condition that must not hold",
  with: "what is asked for, or shown less of",
  because: "what whoever is refused is shown",
  trusting: "what tenants set and the rule reads nevertheless",
  touching: "only types with a field of a class",
};

export function keywordOffers(place: Place, { type, frame }: Expectation): readonly Offer[] {
  if (!type.name.startsWith("word_")) return [];
  const word = type.name.slice("word_".length);
  if (!isAllowed(place, word, frame.rule, frame)) return [];
  const snippet = snippets[word];
  return [
    {
      label: word,
      kind: "keyword",
      rank: ranks[word] ?? 2,
      detail: details[word],
      ...(snippet === undefined ? {} : { snippet }),
    },
  ];
}

const ranks: Readonly<Record<string, number>> = {
  when: 0,
  unless: 1,
  with: 1,
  because: 1,
  to: 0,
  anything: 1,
};

function isAllowed(place: Place, word: string, rule: string, frame: Expectation["frame"]): boolean {
  const { keyword } = reachAt(place);
  const { kind } = place.names;
  if (rule === "clause") return isClauseAllowed(place, word, keyword);
  if (rule === "role") return word === "extends" ? place.names.roles.size > 0 : kind === "model";
  if (rule === "expectOne") return isExpectAllowed(place, word);
  if (rule === "assert" && word === "except") return place.names.rules.length > 0;
  if (rule === "shown" && word === "show") return place.tokens[place.at - 1]?.image === "never";
  if (rule === "reach" && word === "touching")
    return kind === "pack"
      ? place.names.parameters.some(({ isClass }) => isClass)
      : place.names.model.classes.size > 0;
  if (rule === "term") return false;
  return !isWithin(frame, "number");
}

function isClauseAllowed(place: Place, word: string, keyword: string | undefined): boolean {
  const written = (clause: string) =>
    place.tokens.some(({ image }, index) => image === clause && place.taken[index]?.rule === "clause");
  switch (word) {
    case "with":
      return (keyword === "permit" || keyword === "share") && !written("with");
    case "because":
      return !written("because");
    case "trusting":
      return (
        (place.names.kind === "platform" || place.names.kind === "pack") &&
        !written("trusting") &&
        keyword !== "assert"
      );
    default:
      // What is sealed is so at all times.
      return !(keyword === "require" && place.tokens.some(({ image }) => image === "encrypt"));
  }
}

function isExpectAllowed(place: Place, word: string): boolean {
  const asked = askedAt(place);
  const start = expectAt(place) ?? 0;
  const written = (one: string) =>
    place.tokens
      .slice(start, place.at)
      .some(({ image }, index) => image === one && place.taken[start + index]?.rule === "expectOne");
  switch (word) {
    case "as":
      return asked?.outcome === "deny" && !written("as");
    case "with":
      return asked?.outcome !== "deny" && !written("with");
    case "by":
      return !written("by");
    case "to": {
      if (!written("to")) return true;
      return place.names.model.actions.get(asked?.action ?? "")?.kind === "updates";
    }
    default:
      return true;
  }
}
