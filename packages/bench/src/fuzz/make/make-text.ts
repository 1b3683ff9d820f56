/** Whole statements as text: those of the builder's queries, those that someone would write, and those of an attacker. */
import type { Statement } from "../statement/language.ts";
import { hostileText } from "./hostile-text.ts";
import { rawMaker, type Maker } from "./maker.ts";
import { makeQuery } from "./make-query.ts";
import { plainText } from "./plain-text.ts";
import { nothingInSight } from "./sight.ts";

export function makeText(maker: Maker): Statement {
  const { random } = maker;
  const roll = random.below(100);
  if (roll < 30) return hostileText(maker);
  const of = rawMaker(maker, { fragments: false });
  if (roll < 66) return plainText(of);
  const { query } = makeQuery(of, nothingInSight, random.pick([1, 2, 2]), { root: true });
  return { kind: "text of", query };
}
