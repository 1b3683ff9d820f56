/** A statement speaks of the row, or of it before and after a change, and not of both: which facts a new condition can be about. */
import type { CardContext } from "../card-context.ts";
import type { Block } from "../text/blocks.ts";
import type { Fact } from "./facts.ts";

export interface SaidRows {
  /** `resource` is said, so that `prior` and `next` may not be. */
  readonly row: boolean;
  readonly sides: boolean;
}

/** What a statement says, itself and by the lets that it names. */
export function saidRows({ lets }: CardContext, { tokens, statement }: Block): SaidRows {
  const words = tokens.map(({ token }) => token.image);
  const ofLets = lets.filter(({ name }) => words.includes(name)).flatMap(({ rows }) => rows);
  const said = new Set([...words, ...ofLets]);
  const sides = said.has("prior") || said.has("next");
  // A let is used by rules of every kind, and not all of them change something.
  return { row: said.has("resource") || (statement?.kind === "let" && !sides), sides };
}

export const canBeSaid = ({ path }: Pick<Fact, "path">, { row, sides }: SaidRows): boolean =>
  !(row && /^(?:prior|next)\b/.test(path)) && !(sides && /^resource\b/.test(path));

/** Whether two facts can stand in one statement. */
export const goTogether = (one: Pick<Fact, "path">, other: Pick<Fact, "path">): boolean =>
  canBeSaid(other, { row: /^resource\b/.test(one.path), sides: /^(?:prior|next)\b/.test(one.path) });
