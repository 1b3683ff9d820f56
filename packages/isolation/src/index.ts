export * from "./contracts.ts";
export * from "./errors.ts";
export * from "./schema/database-ddl.ts";
export * from "./schema/security-ddl.ts";
export { applicationRole, controlSchema, tenantSetting } from "./schema/identifier.ts";
export { planTables, type ColumnPlan, type ReferencePlan, type StoredModel, type TablePlan } from "./schema/table-plan.ts";
export * from "./database/context.ts";
