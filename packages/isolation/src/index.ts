export * from "./contracts.ts";
export * from "./errors.ts";
export type { CountedLimit, Drawn, LimitLeft, LimitStore } from "./limits/limit-store.ts";
export { explainRow, type ExplainedFor, type RowExplanation, type RowMiss } from "./driver/explain-row.ts";
export { getRow } from "./driver/get-row.ts";
export type { Notice } from "./driver/notice.ts";
export { catalogueProblems } from "./schema/check-catalogue.ts";
export { notLeakproofHere } from "./schema/check-leakproof.ts";
export { declaredCascades, type DeclaredCascade } from "./schema/cascades.ts";
export * from "./schema/database-ddl.ts";
export * from "./schema/security-ddl.ts";
export { applicationRole, controlSchema, ownerRole } from "./schema/identifier.ts";
export {
  contextReader,
  dropRowSecurityDdl,
  rowReaderDdl,
  rowSecurityDdl,
  type RowSecurityDdlOptions,
} from "./schema/row-security-ddl.ts";
export { rowSecurityThere, type RowSecurityThere } from "./plan/row-security.ts";
export type { RowSecurityKind } from "./schema/row-security-names.ts";
export {
  planTables,
  type ColumnPlan,
  type ReferencePlan,
  type StoredModel,
  type TablePlan,
} from "./schema/table-plan.ts";
export { ConnectionLost } from "./database/connection-lost.ts";
export { createContextGate, type ContextGateOptions } from "./context/context-gate.ts";
export { checkContextKey, createContextKey, type ContextKey } from "./context/context-key.ts";
export { readContextKey, writeContextKey } from "./context/context-key-file.ts";
export {
  createContexts,
  installContextKey,
  readCluster,
  rotateCluster,
  type Contexts,
} from "./context/contexts.ts";
export { createContextSigner, type ContextSigner, type SignerOptions } from "./context/signer.ts";
export {
  pinnedSettings,
  sessionSettings,
  usualTimeLimits,
  type TimeLimits,
} from "./context/pinned-settings.ts";
export { approveChallenge, reviewChallenge, type ApproveOptions, type Review } from "./challenge/approve.ts";
export { challengeDdl, longestChallenge } from "./challenge/challenge-ddl.ts";
export { resumeChallenge, type GivenEvidence, type Resumed } from "./challenge/resume.ts";
export * from "./seal/audit-sealer.ts";
export { createChallengeSealer } from "./seal/challenge-sealer.ts";
export { deriveKek } from "./seal/kek.ts";
export { asShown, shown, type Masked, type Shown } from "./seal/masked.ts";
export { revealRow, Sealed, type RevealedRow } from "./seal/sealed.ts";
export { createSealer } from "./seal/sealer.ts";
export {
  deriveAuditKeys,
  deriveTenantKeys,
  type AuditKeys,
  type KekVersions,
  type KeyVersions,
  type TenantKeys,
} from "./seal/tenant-keys.ts";
export { storedField } from "./gate/catalogue.ts";
export * from "./keys/key-file-error.ts";
export * from "./keys/key-provider.ts";
export * from "./keys/key-provider-error.ts";
export { padded } from "./keys/padded.ts";
export type { Padding } from "./seal/padding.ts";
export { KeyRing, type KeyRingOptions } from "./keys/key-ring.ts";
export { longestHold } from "./keys/longest-hold.ts";
export { readRegistry, type KeyRegistry, type RegistryKey } from "./keys/registry.ts";
export { setKeyBound } from "./keys/key-bound.ts";
export {
  keyRegistryDdl,
  keyStates,
  tenantKeyStates,
  type KeyState,
  type TenantKeyState,
} from "./keys/registry-ddl.ts";
export { awsKms } from "./keys/aws/aws-kms.ts";
export type { AwsCredentials as AwsKmsCredentials, AwsKmsOptions } from "./keys/aws/aws-kms-options.ts";
export { vaultTransit } from "./keys/vault/vault-transit.ts";
export type { VaultTransitOptions } from "./keys/vault/vault-transit-options.ts";
export { localKeys, type LocalKeys } from "./keys/local/local-keys.ts";
export * from "./keys/key-registry-error.ts";
export { addVersion } from "./keys/add-version.ts";
export { rewrapKeys } from "./keys/rewrap-keys.ts";
export * from "./keys/registry-rows.ts";
export * from "./keys/keys-status.ts";
export * from "./keys/jobs/job-error.ts";
export { keyJobDdl, type KeyJobKind, type KeyJobState } from "./keys/jobs/job-ddl.ts";
export { openJobs, type OpenJob } from "./keys/jobs/open-jobs.ts";
export { dueKeys, type DueKey } from "./keys/reseal/due-keys.ts";
export { withJobPlace, type JobPlace } from "./keys/jobs/job-place.ts";
export { readJob, type JobName, type JobRecord } from "./keys/jobs/job-record.ts";
export * from "./keys/jobs/compare-and-set.ts";
export * from "./keys/jobs/walk-table.ts";
export type { ResealTarget } from "./keys/reseal/reseal-table.ts";
export { planReseal, type ResealPlan } from "./keys/reseal/plan-reseal.ts";
export * from "./keys/reseal/reseal-options.ts";
export { resealTenant } from "./keys/reseal/reseal-tenant.ts";
export { sweepRetention } from "./retention/sweep-retention.ts";
export { planRetention } from "./retention/plan-sweep.ts";
export { lastRetentionReceipt } from "./retention/end-sweep.ts";
export * from "./retention/sweep-options.ts";
export * from "./retention/retention-receipt.ts";
export * from "./retention/retention-refused.ts";
export type { UnsweptReason } from "./retention/retained-entities.ts";
export { appendOperation, type OperationEntry } from "./audit/append-operation.ts";
export type { PendingRow } from "./keys/jobs/read-page.ts";
export * from "./keys/adopt/index.ts";
export { auditDdl } from "./audit/audit-ddl.ts";
export { createAuditLog } from "./audit/audit-log.ts";
export { AuditWindow, type AuditWindowOptions } from "./audit/audit-window.ts";
export { ViolationLog, type ViolationBounds } from "./audit/violation-log.ts";
export { auditFormat, clearEntry, openEntry, type OpenedEntry } from "./audit/audit-entry.ts";
export * from "./audit/export-audit.ts";
export * from "./audit/verify/verify-audit.ts";
export {
  verifyExport,
  type BrokenChain,
  type VerifiedChain,
  type VerifyExportOptions,
  type VouchedHead,
} from "./audit/verify/verify-export.ts";
export { vouchedHeads, type Vouched } from "./audit/verify/vouched-heads.ts";
export { entryHash, genesisHash } from "./audit/chain.ts";
export {
  formatHeader as formatExportHeader,
  formatRow as formatExportRow,
} from "./audit/export/export-line.ts";
export { exportChains, exportKinds, type ExportKind } from "./audit/export/export-chains.ts";
export { ExportRejected, readExport, readLines } from "./audit/export/read-export.ts";
export { readEntry, timeText, type ReadableEntry } from "./audit/export/readable-entry.ts";
export { readChain, readHead, readHeads, type ChainHead } from "./audit/read-chain.ts";
export {
  createNoteSigner,
  formatNoteKey,
  formatNoteSigner,
  parseNoteKey,
  parseNoteSigner,
  type NoteKey,
  type NoteSigner,
} from "./audit/checkpoint/note-key.ts";
export { readNoteSigner, writeNoteSigner } from "./audit/checkpoint/note-key-file.ts";
export { openNote, parseNote, signNote, type NoteRefused } from "./audit/checkpoint/note.ts";
export { parseCheckpoint, formatCheckpoint, type Checkpoint } from "./audit/checkpoint/checkpoint.ts";
export {
  CheckpointHistory,
  type CheckpointFault,
  type FaultyCheckpoint,
  type SeenCheckpoint,
} from "./audit/checkpoint/history.ts";
export { formatRecord, parseRecord, type CheckpointRecord } from "./audit/checkpoint/record.ts";
export {
  proveTenant,
  verifyTenant,
  type TenantHead,
  type TenantProof,
} from "./audit/checkpoint/tenant-tree.ts";
export { AnchorError, type Anchor, type AnchorErrorCode } from "./audit/anchors/anchor.ts";
export { deliver, type Delivered } from "./audit/anchors/deliver.ts";
export { fileAnchor } from "./audit/anchors/file-anchor.ts";
export { httpAnchor, type HttpAnchorOptions } from "./audit/anchors/http-anchor.ts";
export { s3Anchor, type S3AnchorOptions } from "./audit/anchors/s3-anchor.ts";
export { readRecordLines, wholeLines } from "./audit/signer/record-file.ts";
export { AuditSigner, type AuditSignerOptions } from "./audit/signer/audit-signer.ts";
export { proveFromState, type StateProof } from "./audit/signer/prove-from-state.ts";
export { entryLeafHash } from "./audit/tree/merkle-hash.ts";
export { verifyConsistency, verifyInclusion } from "./audit/tree/verify-proof.ts";
export { SignerError, type SignerErrorCode } from "./audit/signer/signer-error.ts";
export type { Round } from "./audit/signer/sign-round.ts";
export type { AuditFault } from "./audit/verify/why-broken.ts";
export { answerTooLong, exchange, type Answer } from "./http/exchange.ts";
export { repositoryChannel, repositoryDdl } from "./repository/repository-ddl.ts";
export { readRepositoryFile, repositoryState, writeRepositoryFiles } from "./repository/repository-rows.ts";
export { versionsDdl } from "./versions/versions-ddl.ts";
export * from "./versions/version-store.ts";
export {
  createFinalCheck,
  createFinalChecks,
  type CheckedText,
  type FinalCheck,
  type FinalCheckOptions,
} from "./final-check/final-check.ts";
export { createGuardedDialect } from "./driver/dialect.ts";
export { refuseRevoked, type GuardedDialectOptions } from "./driver/options.ts";
export { verdicts, type Verdict } from "./scope/node-kinds.ts";
export { FactsKeeper } from "./driver/kept-facts.ts";
export { decideRow } from "./driver/decide-row.ts";
export { recordAlone, type RecordedAct } from "./driver/record-alone.ts";
export { knownFacts } from "./driver/known-facts.ts";
export { closePrincipal, collectFacts, type RowFacts } from "./gate/facts.ts";
export { loadRows, type RowSource } from "./gate/load-rows.ts";
export { decideAll, type Asked } from "./gate/decide.ts";
export type { IdsByEntity } from "./gate/ancestors.ts";
export { catalogueDdl } from "./placement/catalogue-ddl.ts";
export {
  addCell,
  createCatalogue,
  listCells,
  listPlacements,
  listTombstones,
  placementOfTenant,
  putTombstone,
  type CellEntry,
} from "./placement/catalogue.ts";
export { Cells, type CellFactories, type CellFactory } from "./placement/cells.ts";
export { lostRowPolicies, missingRowSecurity, unguardedTables } from "./placement/check-guarded.ts";
export { PlacementError, type PlacementErrorCode } from "./placement/placement-error.ts";
export type { Placement as TenantPlacement, PlacementState, Spot, Tier } from "./placement/placement.ts";
export { Router, type CheckPlace, type RouterOptions } from "./placement/router.ts";
export { isSiloSchema, siloName, type SiloKind } from "./placement/silo-name.ts";
export * from "./doctor/index.ts";
export { databaseAt, type Destination, type Estate } from "./placement/estate.ts";
export type { StandingRowSecurity, WantedRowSecurity } from "./placement/row-security.ts";
export {
  createSteps,
  createTenant,
  planCreate,
  resumeCreate,
  type CreatePlan,
} from "./placement/create-tenant.ts";
export {
  moveTenant,
  planMove,
  resumeMove,
  type MoveOptions,
  type MovePlan,
} from "./placement/move-tenant.ts";
export { reinstateTenant, suspendTenant } from "./placement/suspend-tenant.ts";
export { cancelShred } from "./placement/shred/cancel-shred.ts";
export { fileLedger, type LedgerEntry, type ShredLedger } from "./placement/shred/file-ledger.ts";
export { holdTenant, listHolds, releaseTenant, type LegalHold } from "./placement/shred/legal-hold.ts";
export type { NotCovered } from "./placement/shred/not-covered.ts";
export { planShred, type PlannedShred, type PlanShredOptions } from "./placement/shred/plan-shred.ts";
export {
  readShredReceipt,
  shredReceiptFormat,
  type ReadReceipt,
  type ShredReceipt,
} from "./placement/shred/shred-receipt.ts";
export { ShredRefused, type ShredRefusedCode } from "./placement/shred/shred-refused.ts";
export { shredStepNames } from "./placement/shred/shred-steps.ts";
export { shredTenant, type Shredding, type ShredOptions } from "./placement/shred/shred-tenant.ts";
export { cancelMove } from "./placement/cancel-move.ts";
export { moveStepNames } from "./placement/move-steps.ts";
export { exportTenant, type Exported, type ExportOptions } from "./placement/export-tenant.ts";
export {
  cancelRestore,
  planRestore,
  restoreTenant,
  resumeRestore,
  type Restored,
  type RestoreOptions,
  type RestorePlan,
} from "./placement/restore-tenant.ts";
export type { Difference } from "./placement/restore-steps.ts";
export { ArchiveRejected, type ArchiveRejectedCode } from "./placement/archive/archive-rejected.ts";
export { openArchive, type OpenedArchive } from "./placement/archive/read-archive.ts";
export type { ArchiveManifest } from "./placement/archive/manifest.ts";
export { listOperations, takeOperation, type Lease, type Operation } from "./placement/operation-log.ts";
export type { Receipt } from "./placement/receipt.ts";
export type { TableImage } from "./placement/read-rows.ts";
export type { Progress, Watch } from "./placement/run-steps.ts";
export { checkRequirements } from "./placement/requirements.ts";
export {
  latestVersion,
  migratePlacements,
  type MigratedSpot,
  type Migration,
  type MigrationReport,
} from "./placement/migrations.ts";
export * from "./plan/index.ts";
