/**
 * Carries a plan out in one transaction, reads the catalogue back, and commits only where nothing is left to do. Whatever fails
 * undoes all of it.
 */
import type { SqlSession } from "../contracts.ts";
import type { Catalogue } from "../doctor/catalogue.ts";
import { readHere } from "../doctor/read/read-catalogue.ts";
import { planDatabase } from "./plan-database.ts";
import type { DatabasePlan, PlanStep } from "./step.ts";

/** How often what is left is planned again: new objects get rights by default, which are then taken. */
const rounds = 3;

export interface ApplyOptions {
  readonly wanted: Catalogue;
  /** Where the model's tables are. */
  readonly schema: string;
  /** Run last in the same transaction. */
  readonly finish?: (session: SqlSession) => Promise<void>;
}

export interface Applied {
  /** The plan as it was at first; with refusals nothing was run. */
  readonly plan: DatabasePlan;
  /** All that was run, in order. */
  readonly done: readonly PlanStep[];
}

/** A statement of a plan that the server refused. Nothing was done. */
export class PlanFailed extends Error {
  override readonly name = "PlanFailed";
  readonly code = "plan/failed";
  readonly step: PlanStep;

  constructor(step: PlanStep, why: string) {
    super(`${step.object.kind} ${step.object.name}: ${why}`);
    this.step = step;
  }
}

/** Throws {@link PlanFailed}, and what the database throws where it is not about one statement. */
export async function applyPlan(
  session: SqlSession,
  { wanted, schema, finish }: ApplyOptions,
): Promise<Applied> {
  await session.query("BEGIN", []);
  try {
    const applied = await applyWithin(session, { wanted, schema });
    if (applied.plan.refusals.length > 0) {
      await session.query("ROLLBACK", []);
      return applied;
    }
    await finish?.(session);
    await session.query("COMMIT", []);
    return applied;
  } catch (error) {
    await session.query("ROLLBACK", []).catch(() => undefined);
    throw error;
  }
}

/**
 * The same in a transaction that is open, which is to be undone where the plan that it gives has refusals: then nothing was run. Throws
 * as {@link applyPlan} does.
 */
export async function applyWithin(
  session: SqlSession,
  { wanted, schema }: Pick<ApplyOptions, "wanted" | "schema">,
): Promise<Applied> {
  const done: PlanStep[] = [];
  let first: DatabasePlan | undefined;
  for (let round = 0; ; round += 1) {
    const plan = planDatabase({ there: await readHere(session), wanted, schema });
    first ??= plan;
    if (plan.refusals.length > 0 && done.length === 0) return { plan, done };
    const [left] = plan.steps;
    if (left === undefined) return { plan: first, done };
    // Invariant: nothing is committed that does not read back as it was wanted.
    if (round === rounds) throw new PlanFailed(left, "it does not stay as it was made");
    for (const step of plan.steps) {
      await run(session, step);
      done.push(step);
    }
  }
}

async function run(session: SqlSession, step: PlanStep): Promise<void> {
  try {
    await session.query(step.sql, []);
  } catch (error) {
    const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
    if (typeof code !== "string" || !/^[0-9A-Z]{5}$/.test(code)) throw error;
    throw new PlanFailed(step, `${String(message)} (${code})`);
  }
}
