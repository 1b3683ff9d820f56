/** Cuts a source into tokens once, for an editor that asks for much of one text. A source must never be changed in place. */
import type { SourceFile } from "@wardline/core";
import { tokenize, type Tokens } from "./lex.ts";

const known = new WeakMap<SourceFile, { readonly atMost: number; readonly tokens: Tokens }>();

/** As {@link tokenize}, and keeps the tokens as long as the source. */
export function tokenizeOnce(source: SourceFile, atMost: number): Tokens {
  const before = known.get(source);
  if (before?.atMost === atMost) return before.tokens;
  const tokens = tokenize(source, atMost);
  known.set(source, { atMost, tokens });
  return tokens;
}
