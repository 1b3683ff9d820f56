/** What a write inside of a transaction works with: facts, views and what it draws, made anew where it looks again. */
import { randomBytes } from "node:crypto";
import type { KnownFacts } from "@wardline/core";
import type { SqlSession } from "../contracts.ts";
import type { LimitLedger } from "../limits/limit-ledger.ts";
import { createRewriting } from "../scope/guarded-source.ts";
import type { WriteFrame } from "../write/frame.ts";
import { closedFacts, sourceOf } from "./closed-facts.ts";
import type { PreparedOptions } from "./prepared.ts";
import type { ReadDuty, ReadNotice } from "./read-record.ts";
import { askedTable } from "./row-claim.ts";
import { WriteLimits } from "./write-limits.ts";

export interface FramedWrite {
  readonly frame: WriteFrame;
  readonly sealMarker: string;
  readonly limits: WriteLimits;
  /** What its views owe, as they are made. */
  readonly duties: readonly ReadDuty[];
  readonly notices: readonly ReadNotice[];
}

/** `endorse`: see {@link WriteFrame}. */
export async function writeFrame(
  options: PreparedOptions,
  session: SqlSession,
  known: KnownFacts,
  ledger: LimitLedger,
  endorse?: WriteFrame["endorse"],
): Promise<FramedWrite> {
  const { guard, held } = options;
  const { schema } = options.database;
  const sealer = held.cells;
  const sealMarker = randomBytes(16).toString("hex");
  const now = options.clock();
  const facts = await closedFacts(options, session, known, now);
  const duties: ReadDuty[] = [];
  const notices: ReadNotice[] = [];
  const limits = new WriteLimits(options, ledger, facts);
  await limits.look();
  const frameFor = (given: KnownFacts): WriteFrame => {
    const of = ledger.facts(options, given);
    return {
      session,
      source: sourceOf(options, known),
      guard,
      facts: of,
      rewriting: createRewriting({
        guard,
        facts: of,
        schema,
        // A write locks what it found: it always looks through the fence.
        asks: "list",
        sealMarker,
        sealer,
        onDuty: (duty) => duties.push(duty),
        onLimit: (limit) => limits.owe(limit),
        ...(options.notify === undefined ? {} : { onNotice: (notice: ReadNotice) => notices.push(notice) }),
        onView: (action, view) => limits.refuseSpent(askedTable(guard.program, action, view)),
      }),
      sealer,
      now,
      report: (error) => options.onOperatorError?.(error),
      limits,
      ...(endorse === undefined ? {} : { endorse }),
      renewed: async () => frameFor(await closedFacts(options, session, known, now)),
    };
  };
  return { frame: frameFor(facts), sealMarker, limits, duties, notices };
}
