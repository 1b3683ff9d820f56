/** One statement, or a transaction or a stream of them. */
import type { Statement, Write } from "../statement/language.ts";
import { hostileText } from "./hostile-text.ts";
import { rawMaker, type Maker } from "./maker.ts";
import { makeQuery } from "./make-query.ts";
import { makeText } from "./make-text.ts";
import { makeWrite } from "./make-write.ts";
import { nothingInSight } from "./sight.ts";

export function makeStatement(maker: Maker): Statement {
  const { random, carried } = maker;
  const roll = random.below(1000);
  if (roll < 70) {
    const statements = Array.from({ length: random.between(1, 4) }, () => makeSingle(maker));
    return {
      kind: "transaction",
      statements,
      end: random.chance(0.8) ? "commit" : "throw",
      stubborn: random.chance(0.4),
      savepoints: random.chance(0.3),
    };
  }
  if (roll < (carried.streams ? 120 : 73)) {
    const { query } = makeQuery(sometimesRaw(maker, 0.1), nothingInSight, 1, { root: true });
    const take = random.chance(0.4) ? random.between(0, 2) : null;
    return { kind: "stream", query, page: random.between(1, 3), take };
  }
  return makeSingle(maker);
}

function makeSingle(maker: Maker): Statement {
  const { random, carried } = maker;
  const roll = random.below(100);
  if (carried.raw && roll < 12) return makeText(maker);
  if (roll < 1) return hostileText(maker);
  if (roll < (carried.raw ? 43 : 34)) {
    const write: Write = makeWrite(sometimesRaw(maker, 0.03));
    return write;
  }
  const from = sometimesRaw(maker, 0.18);
  return makeQuery(from, nothingInSight, random.pick([1, 2, 2, 3]), { root: true }).query;
}

function sometimesRaw(maker: Maker, chance: number): Maker {
  return maker.carried.raw && maker.random.chance(chance) ? rawMaker(maker, { fragments: true }) : maker;
}
