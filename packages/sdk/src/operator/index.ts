/** What an operator does beside the guarded way: make tables, load data, read the audit log. Never import it in a request. */
export {
  addVersion,
  destroyRetired,
  KeyRegistryError,
  keysStatus,
  newFirstKeys,
  operatorSealers,
  registryRows,
  retireBelow,
  rewrapKeys,
  setKeyBound,
  setTenantKeyState,
  storeFirstKeys,
  tenantKeyState,
  type KeyVersionStatus,
  type OutsideStatus,
  type RegistryRow,
  type TenantKeysStatus,
} from "@wardline/isolation";
export {
  clearEntry,
  exportAudit,
  openEntry,
  verifyAudit,
  type AuditExport,
  type AuditVerdict,
  type OpenedEntry,
} from "@wardline/isolation";
export type { LoadedBundle } from "../moment.ts";
export { readBundles, type ReadOptions } from "./read-bundles.ts";
export { applySchema, planSchema, type ApplySchemaOptions } from "./apply-schema.ts";
export { applyRowSecurity, RowSecurityRefused, type RowSecurityMode } from "./row-security.ts";
export type { WantedRows } from "./wanted-rows.ts";
export { createSchema } from "./create-schema.ts";
export { examineDatabase, type Examination } from "./examine-database.ts";
export { loadPairs, loadRows, type LoadedRow, type LoadOptions } from "./load-rows.ts";
export {
  addCell,
  ArchiveRejected,
  cancelMove,
  cancelRestore,
  createCatalogue,
  createTenant,
  exportTenant,
  listCells,
  listOperations,
  listPlacements,
  listTombstones,
  migratePlacements,
  moveTenant,
  openArchive,
  PlacementError,
  planCreate,
  planMove,
  planRestore,
  putTombstone,
  reinstateTenant,
  restoreTenant,
  resumeCreate,
  resumeMove,
  resumeRestore,
  suspendTenant,
  type Destination,
  type Estate,
  type Migration,
  type MigrationReport,
  type Receipt,
} from "@wardline/isolation";
export {
  beginAdoption,
  cancelAdoption,
  endAdoption,
  planAdoption,
  switchAdoption,
  type AdoptionOptions,
} from "./adopt-columns.ts";
export type {
  AdoptedColumnStatus,
  AdoptionState,
  AdoptionStatus,
  AdoptProgress,
  AdoptReport,
  DropReport,
} from "@wardline/isolation";
export { AdoptionError, type AdoptionErrorCode, type Hindrance } from "@wardline/isolation";
export {
  planReseal,
  planResealPlaced,
  resealPlaced,
  resealTenant,
  type ResealTarget,
} from "./reseal-tenant.ts";
export {
  planRetention,
  planRetentionPlaced,
  sweepRetention,
  sweepRetentionPlaced,
  type SweepTarget,
} from "./sweep-retention.ts";
export {
  lastRetentionReceipt,
  readRetentionReceipt,
  RetentionRefused,
  type RetentionReceipt,
  type SweepOptions,
  type SweepPlan,
  type SweepReport,
  type UnsweptReason,
} from "@wardline/isolation";
export {
  keysDue,
  keysDuePlaced,
  rotateDue,
  rotateDuePlaced,
  type KeysDue,
  type RotateDueOptions,
} from "./rotate-due.ts";
export {
  KeyJobError,
  dueKeys,
  type DueKey,
  type CellFault,
  type OpenJob,
  type ResealOptions,
  type ResealPlan,
  type ResealProgress,
  type ResealReport,
  type WalkReport,
} from "@wardline/isolation";
export {
  cancelShred,
  createNoteSigner,
  fileLedger,
  holdTenant,
  listHolds,
  planShred,
  readNoteSigner,
  readShredReceipt,
  releaseTenant,
  shredTenant,
  ShredRefused,
  type LegalHold,
  type PlannedShred,
  type Shredding,
  type ShredOptions,
  type ShredLedger,
  type ShredReceipt,
} from "@wardline/isolation";
export { createTenantKeys, type TenantKeysOptions } from "./tenant-keys.ts";
export { openEstate, type EstateOptions } from "./open-estate.ts";
export { databaseTarget } from "../sources/database-target.ts";
export { folderTarget } from "../sources/folder-target.ts";
export type { RepositoryFiles, RepositoryTarget } from "../sources/repository-target.ts";
export { installContextKey } from "@wardline/isolation";
