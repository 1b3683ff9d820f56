/** Asks the policy about a write, with facts as they are in the database; twice where they are spread over it. */
import type { Decision, RowDocument } from "@wardline/core";
import type { StoredEntity } from "../gate/catalogue.ts";
import { requestsFor, type Asked } from "../gate/decide.ts";
import { collectFacts, type RowFacts } from "../gate/facts.ts";
import type { WriteFrame } from "./frame.ts";
import { permittedBy, type Permitted } from "./refusal.ts";

export function factsOf(
  frame: WriteFrame,
  entity: StoredEntity,
  rows: readonly RowDocument[],
): Promise<readonly RowFacts[]> {
  return collectFacts(frame.session, frame.source, entity, rows);
}

interface Decided extends Permitted {
  readonly decisions: readonly Decision[];
}

/**
 * The rules that permitted all of it, and the decisions. Throws a refusal.
 *
 * The facts of one decision are read by several statements, each of which sees what is committed by then. A transaction that
 * commits between two of them could so leave a mixture that was true at no time: so what depends on others is asked
 * again, with all of its facts read anew after the last of the first time, and must be permitted both times.
 */
export async function permitted(
  frame: WriteFrame,
  entity: StoredEntity,
  action: string,
  ids: readonly string[],
  others: boolean,
  questions: (frame: WriteFrame) => Promise<readonly Asked[]>,
): Promise<Decided> {
  const ask = async (now: WriteFrame, isLast: boolean): Promise<Decided> => {
    const { session, source, guard, facts, limits } = now;
    const asked = await questions(now);
    const requests = await requestsFor(session, source, facts, action, entity, asked);
    for (;;) {
      const decisions = requests.map((request, at) =>
        guard.decide(limits.of(request, entity.name, ids[at] ?? "")),
      );
      const by = permittedBy(source.program, action, entity.name, ids, decisions, (one) =>
        limits.carries(one),
      );
      // Whoever approved it is asked again about the very rows that the policy was asked about.
      await now.endorse?.(now, entity, asked);
      // Invariant: nothing is drawn for what may still be refused by a rule.
      if (!isLast || (await limits.draw(action, entity.name, ids, decisions))) return { ...by, decisions };
    }
  };
  const once = await ask(frame, !others);
  return others ? await ask(await frame.renewed(), true) : once;
}
