/** Plans what a database lacks of what the model wants, and carries it out. */
export { applyPlan, applyWithin, PlanFailed, type Applied, type ApplyOptions } from "./apply-plan.ts";
export type { Compared } from "./compared.ts";
export { planDatabase } from "./plan-database.ts";
export type { DatabasePlan, PlanRefusal, PlanStep } from "./step.ts";
