/** Makes the tables those of the new model, in the transaction of the step that needs it. */
import type { SqlSession } from "../../contracts.ts";
import type { Catalogue } from "../../doctor/catalogue.ts";
import { applyWithin, type Applied } from "../../plan/apply-plan.ts";
import { AdoptionError } from "./adoption-error.ts";

/** Throws `adopt/refused` with the message where the tables differ in what no plan changes, and what `applyPlan` throws. */
export async function applyModel(
  session: SqlSession,
  to: { readonly wanted: Catalogue; readonly schema: string },
  refusal: string,
): Promise<Applied> {
  const applied = await applyWithin(session, to);
  const { refusals } = applied.plan;
  if (refusals.length === 0) return applied;
  throw new AdoptionError(
    "adopt/refused",
    refusal,
    refusals.map(({ object, reason, cure }) => ({ place: `${object.kind} ${object.name}`, reason, cure })),
  );
}
