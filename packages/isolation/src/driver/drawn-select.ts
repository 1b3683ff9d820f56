/**
 * The plan of a select with all that its views draw from drawn, before anything is asked of a table. What turns out to be exhausted is
 * none of its grants: it is planned again without them, and refused where that leaves a view no row.
 */
import type { KnownFacts } from "@wardline/core";
import { AccessDenied } from "../errors.ts";
import type { LimitLedger } from "../limits/limit-ledger.ts";
import { limitsAsked } from "../limits/limits-of.ts";
import { ruleReferences } from "../write/refusal.ts";
import type { AskedQuery } from "../raw/raw-query.ts";
import type { PreparedOptions } from "./prepared.ts";
import type { AskedTable } from "./row-claim.ts";
import { planSelect, type SelectPlan } from "./select.ts";

/** At once where nothing is limited. `facts` are closed over the database. Throws AccessDenied with the code of a limit. */
export function drawnSelect(
  options: PreparedOptions,
  facts: KnownFacts,
  query: AskedQuery,
  ledger: LimitLedger,
): SelectPlan | Promise<SelectPlan> {
  const plan = planSelect(options, ledger.facts(options, facts, query.row ?? null), query);
  return plan.limits.length === 0 ? plan : drawn(options, facts, query, ledger, plan);
}

async function drawn(
  options: PreparedOptions,
  facts: KnownFacts,
  query: AskedQuery,
  ledger: LimitLedger,
  first: SelectPlan,
): Promise<SelectPlan> {
  let plan = first;
  const row = query.row ?? null;
  for (;;) {
    const [{ entity, action } = { entity: "", action: "" }] = plan.limits;
    const wanted = plan.limits.map(({ limit }) => ({ limit, row }));
    if (await ledger.draw(options, facts, wanted, { entity, action })) return plan;
    plan = planSelect(options, ledger.facts(options, facts, row), query);
    for (const view of plan.asked) refuseSpentView(options, facts, ledger, view, row);
  }
}

/** Throws `access/limit` for a view that shows no row, and would show some if nothing were exhausted. */
export function refuseSpentView(
  { guard, database }: Pick<PreparedOptions, "guard" | "database">,
  facts: KnownFacts,
  ledger: LimitLedger,
  { entity, action, never }: Pick<AskedTable, "entity" | "action" | "never">,
  row: Parameters<LimitLedger["facts"]>[2] = null,
): void {
  if (!never || !ledger.isSpent) return;
  const open = ledger.unspent({ guard }, facts);
  const marker = "unspent";
  const view = guard.view(entity, action, open, { schema: database.schema, sealMarker: marker });
  if (view.residual === "never") return;
  const limits = limitsAsked(guard.program, facts.principal.type, action, entity);
  const retryAfter = ledger.waitFor(facts, limits, row);
  const rules = ruleReferences(
    guard.program,
    limits
      .map(({ rule }) => rule)
      .filter((rule) => view.duties.some((duty) => duty.type === "limit" && duty.rule === rule)),
  );
  throw new AccessDenied(action, entity, null, rules, null, { code: "access/limit", retryAfter });
}
