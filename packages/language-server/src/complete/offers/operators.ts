/** What can stand behind a value or a condition: operators that its type has, `and` and `or`. */
import type { Expectation } from "@wardline/compiler";
import type { ValueType } from "@wardline/core";
import type { Offer } from "../item.ts";
import { typesOf } from "../path-words.ts";
import { before, frameOf, type Place } from "../place.ts";
import { reachAt } from "../reach.ts";
import { operatorIn } from "../wanted.ts";

const ordered: ReadonlySet<ValueType["kind"]> = new Set([
  "int",
  "decimal",
  "instant",
  "duration",
  "date",
  "time",
]);

/** After a value: what it can be compared by. */
export function operatorOffers(place: Place, { type, frame }: Expectation): readonly Offer[] {
  const comparison = frameOf(frame, "comparison");
  if (before(place)?.image === "not") return [{ label: "in", kind: "operator", rank: 0, insert: "in " }];
  if (comparison === null || operatorIn(place, comparison.start) !== null) return [];
  const left = place.tokens.slice(comparison.start, place.at);
  const last = left.at(-1)?.image ?? "";
  if (last === ")" || last === "is_empty" || left[0]?.image === "(") return [];
  const isFact =
    left.length > 1 ||
    left[0]?.image === "now" ||
    left[0]?.image === "principal" ||
    left[0]?.tokenType.CATEGORIES?.some(({ name }) => name === "PathRoot") === true;
  const types = typesOf(place, left);
  if (!isFact || (types.length === 0 && reachAt(place).keyword !== "let")) return [];
  const every = (test: (type: ValueType) => boolean) => types.every(test);
  // Addresses and times of day are asked for by the network or the hours that they are in.
  const inFirst = types.length > 0 && every(({ kind }) => kind === "ip" || kind === "time");
  const offer = (label: string, rank: number, detail?: string): Offer => ({
    label,
    kind: "operator",
    rank,
    insert: `${label} `,
    detail,
  });
  switch (type.name) {
    case "Comparison":
      if (!every(({ kind }) => kind !== "set" && kind !== "bool")) return [];
      return [
        offer("==", inFirst ? 1 : 0),
        offer("!=", 1),
        ...(types.length > 0 && every(({ kind }) => ordered.has(kind))
          ? ["<", "<=", ">", ">="].map((sign) => offer(sign, 1))
          : []),
      ];
    case "word_in":
      return every(({ kind }) => kind !== "set" && kind !== "bool")
        ? [offer("in", inFirst ? 0 : 1, "one of a list, a range, or something above")]
        : [];
    case "word_not":
      return every(({ kind }) => kind !== "set" && kind !== "bool") ? [offer("not in", 2)] : [];
    default:
      return [];
  }
}

/** `and`, `or`: after something that is true or false, and never mixed without parentheses. */
export function connectiveOffers(place: Place, { type, frame }: Expectation): readonly Offer[] {
  const word = type.name === "word_and" ? "and" : "or";
  const others = place.tokens.slice(frame.start, place.at).filter((token, index) => {
    const taken = place.taken[frame.start + index];
    return (
      taken?.rule === "expression" &&
      taken.start === frame.start &&
      (token.image === "and" || token.image === "or")
    );
  });
  if (others.some(({ image }) => image !== word)) return [];
  if (!isCondition(place, frame.start)) return [];
  return [{ label: word, kind: "keyword", rank: word === "and" ? 1 : 2, insert: `${word} ` }];
}

/** Whether what stands last before the place is true or false by itself. */
function isCondition(place: Place, start: number): boolean {
  let from = start;
  for (let index = start; index < place.at; index += 1) {
    const taken = place.taken[index];
    const image = place.tokens[index]?.image;
    if (taken?.rule === "expression" && taken.start === start && (image === "and" || image === "or"))
      from = index + 1;
  }
  while (place.tokens[from]?.image === "not") from += 1;
  if (place.tokens[from]?.image === "has" || operatorIn(place, from) !== null) return true;
  const left = place.tokens.slice(from, place.at);
  const last = left.at(-1)?.image;
  if (last === ")" || last === "is_empty" || left.length === 1) return /^[a-z)]/.test(last ?? "");
  const types = typesOf(place, left);
  return types.every(({ kind }) => kind === "bool");
}
