/** One statement, or a transaction or a stream of them. */
import type { Statement, Write } from "../statement/language.ts";
import type { Maker } from "./maker.ts";
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
    const { query } = makeQuery(maker, nothingInSight, 1, { root: true });
    const take = random.chance(0.4) ? random.between(0, 2) : null;
    return { kind: "stream", query, page: random.between(1, 3), take };
  }
  return makeSingle(maker);
}

function makeSingle(maker: Maker): Statement {
  const { random, carried } = maker;
  const roll = random.below(100);
  if (roll < (carried.raw ? 8 : 1)) return makeText(maker);
  if (roll < 33) {
    const write: Write = makeWrite(maker);
    return write;
  }
  return makeQuery(maker, nothingInSight, random.pick([1, 2, 2, 3]), { root: true }).query;
}
