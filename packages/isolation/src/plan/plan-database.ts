/**
 * The statements between a database as it is and as the model wants it. Pure: it compares two catalogues. It never drops a
 * table, a column or a row, and leaves alone what the model does not know.
 */
import { wantedMeanwhile } from "../keys/adopt/column-grants.ts";
import type { Compared } from "./compared.ts";
import { planDatabaseRights } from "./database-rights.ts";
import { planFunctions } from "./functions.ts";
import { planGrants } from "./grants.ts";
import { planPolicies } from "./policies.ts";
import { planRoles } from "./roles.ts";
import { planStaleRowSecurity } from "./row-security.ts";
import { planSchemas } from "./schemas.ts";
import type { DatabasePlan, PlanItem, PlanRefusal, PlanStep } from "./step.ts";
import { planForeignKeys, planIndexes, planTables } from "./tables.ts";
import { planTriggers } from "./triggers.ts";

/** In an order in which each finds what it needs. */
const parts: readonly ((at: Compared) => Iterable<PlanItem>)[] = [
  planRoles,
  planSchemas,
  planTables,
  planFunctions,
  planForeignKeys,
  planIndexes,
  planPolicies,
  planStaleRowSecurity,
  planTriggers,
  planGrants,
  planDatabaseRights,
];

export function planDatabase(given: Compared): DatabasePlan {
  const at = { ...given, wanted: wantedMeanwhile(given.there, given.wanted) };
  const items = parts.flatMap((part) => [...part(at)]);
  const steps = items.filter((item): item is PlanStep => "sql" in item);
  const mine = (step: PlanStep) => at.there.server.isSuperuser || step.superuser !== true;
  return {
    steps: steps.filter(mine),
    refusals: items.filter((item): item is PlanRefusal => "reason" in item),
    forSuperuser: steps.filter((step) => !mine(step)),
  };
}
