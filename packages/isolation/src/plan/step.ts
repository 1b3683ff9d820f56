/** What a plan is made of: statements, and differences that no statement of ours may settle. */
import type { DatabaseObject } from "../doctor/lint.ts";

export interface PlanStep {
  /** What it is about. */
  readonly object: DatabaseObject;
  readonly sql: string;
  /** Nobody but a superuser can do it: it is about what belongs to the system. */
  readonly superuser?: true;
}

/** A difference that would cost data, or that somebody must decide. Nothing is run while there is one. */
export interface PlanRefusal {
  readonly object: DatabaseObject;
  readonly reason: string;
  readonly cure: string;
  /** Statements that settle it and keep every value; left out where there are none. They are never run by an application of the plan. */
  readonly migration?: readonly string[];
}

export type PlanItem = PlanStep | PlanRefusal;

export interface DatabasePlan {
  /** To be run in order, in one transaction. */
  readonly steps: readonly PlanStep[];
  readonly refusals: readonly PlanRefusal[];
  /** What is missing, and the role that looked is not able to do. */
  readonly forSuperuser: readonly PlanStep[];
}
