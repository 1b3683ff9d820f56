/** The parts of a test around a place: its bindings, and whom and what an expectation is about. */
import { frameOf, isWithin, type Place } from "./place.ts";
import type { Frame } from "@wardline/compiler";

export interface BindingWord {
  readonly name: string;
  /** The entity of the instance, if it is one. */
  readonly entity: string | null;
  readonly isList: boolean;
}

/** The bindings of the test at the place. */
export function bindingsOf(place: Place): readonly BindingWord[] {
  const { tokens, taken } = place;
  return tokens.flatMap((token, index): readonly BindingWord[] => {
    if (token.image !== "let" || !isWithin(taken[index] ?? null, "binding")) return [];
    const [name, equal, first] = [tokens[index + 1], tokens[index + 2], tokens[index + 3]];
    if (name === undefined || equal?.image !== "=" || !/^[a-z]/.test(name.image)) return [];
    const isType = first !== undefined && /^[A-Z]/.test(first.image);
    return [{ name: name.image, entity: isType ? first.image : null, isList: first?.image === "[" }];
  });
}

/** The entity that a subject's first token stands for. */
export function entityAt(place: Place, index: number): string | null {
  const image = place.tokens[index]?.image ?? "";
  if (/^[A-Z]/.test(image)) return image;
  return bindingsOf(place).find(({ name }) => name === image)?.entity ?? null;
}

/** The frame of the `expect` that the place is in, by its first token. */
export function expectAt(place: Place): number | null {
  for (let index = place.at - 1; index >= 0; index -= 1) {
    const image = place.tokens[index]?.image;
    if (image === "expect") return index;
    if ((image === "let" || image === "given") && place.taken[index]?.rule !== "attributes") return null;
  }
  return null;
}

interface Asked {
  readonly outcome: string;
  readonly principal: string | null;
  readonly action: string | null;
  readonly resource: string | null;
}

/** Whom and what the expectation at the place is about, also what is written after the place. */
export function askedAt(place: Place): Asked | null {
  const start = expectAt(place);
  if (start === null) return null;
  const outcome = place.tokens[start + 1]?.image ?? "";
  const isOf = (index: number) => {
    const frame = place.taken[index] ?? null;
    return frameOf(frame, "expect")?.start === start;
  };
  const subjects: number[] = [];
  let action: string | null = null;
  let opened: Frame | null = null;
  for (
    let index = start + 1;
    index < place.tokens.length && (isOf(index) || index <= start + 1);
    index += 1
  ) {
    const frame = frameOf(place.taken[index] ?? null, "subject");
    if (frame !== null && opened?.start !== frame.start) subjects.push(index);
    if (frame !== null) opened = frame;
    const rule = place.taken[index]?.rule;
    if (
      action === null &&
      (rule === "expectOne" || rule === "expectList") &&
      place.tokens[index - 1]?.image === "to" &&
      index < place.tokens.length &&
      place.tokens[index]?.image !== "{"
    )
      action = place.tokens[index]?.image ?? null;
  }
  const toAt = place.tokens.findIndex(({ image }, index) => index > start && image === "to" && isOf(index));
  const principalAt = subjects.find((index) => toAt < 0 || index < toAt);
  const resourceAt = subjects.find((index) => toAt >= 0 && index > toAt);
  return {
    outcome,
    principal: principalAt === undefined ? null : entityAt(place, principalAt),
    action,
    resource: resourceAt === undefined ? null : entityAt(place, resourceAt),
  };
}

/** The entity that the expectation at the place is about. */
export const resourceOf = (place: Place): string | null => askedAt(place)?.resource ?? null;
