export {
  AccessDenied,
  asShown,
  ChallengeRefused,
  ChallengeRequired,
  IsolationViolation,
  KeyFileError,
  KeyProviderError,
  localKeys,
  padded,
  readContextKey,
  revealRow,
  Sealed,
  shown,
  SchemaMismatch,
  SealBroken,
  TenantBusy,
  UnsupportedQuery,
  type ApproveOptions,
  type ChallengeRefusedCode,
  type ContextKey,
  type Database,
  type KeyContext,
  type KeyPart,
  type KeyProvider,
  type KeyPurpose,
  type CountedLimit,
  type Drawn,
  type LimitLeft,
  type LimitStore,
  type LocalKeys,
  type Masked,
  type Notice,
  type RowExplanation,
  type RowMiss,
  type OutsideState,
  type RevealedRow,
  type Shown,
  type Resumed,
  type Review,
} from "@wardline/isolation";
export type { Filter, ListedRow, Residual } from "@wardline/backends";
export type { Attributes, Decision, Obligation, Outcome } from "@wardline/core";
export { bearerCookie } from "./http/cookie-evidence.ts";
export { bearerHeader, type EvidenceSource } from "./http/evidence-source.ts";
export {
  httpProblem,
  wardlineProblem,
  type Challenge,
  type HttpProblem,
  type ProblemBody,
  type ProblemOptions,
} from "./http/http-problem.ts";
export type { ScopeOptions } from "./http/scope-options.ts";
export type { ScopeRequest } from "./http/scope-request.ts";
export {
  tenantFromEvidence,
  tenantFromHeader,
  tenantFromPath,
  tenantFromSubdomain,
  type TenantSource,
} from "./http/tenant-source.ts";
export { IdentityRefused, type IdentityRefusedCode } from "./identity/identity-refused.ts";
export { memorySessionUse, type MemorySessionUseOptions, type SessionUse } from "./identity/session-use.ts";
export type { BearerEvidence, Evidence, Verified, Verifier } from "./identity/verifier.ts";
export { BundleRejected, type BundleRejectedCode } from "./bundle-rejected.ts";
export { seenInMemory, type RepositorySource } from "@wardline/backends";
export { databaseVersions, type KeptVersion, type VersionStore } from "@wardline/isolation";
export type { Health, HealthStatus } from "./health/health.ts";
export type { Logger } from "./log/logger.ts";
export type { Ended, Levels, Observation, Telemetry, Work, WorkOutcome } from "./telemetry/telemetry.ts";
export { memoryLimits, type MemoryLimitsOptions } from "./limits/memory-limits.ts";
export { placement, type Placement, type PlacementOptions } from "./placement.ts";
export type { Reloaded } from "./reload-line.ts";
export type { PolicyAlarm } from "./policy-alarms.ts";
export type { FairnessOptions } from "./fairness-options.ts";
export type { PolicyOptions } from "./policy-options.ts";
export { databaseSource, type DatabaseSourceOptions } from "./sources/database-source.ts";
export { folderSource, type FolderSourceOptions } from "./sources/folder-source.ts";
export { httpSource, type HttpSourceOptions } from "./sources/http-source.ts";
export { SourceError, type SourceErrorCode } from "./sources/source-error.ts";
export type { TrustPolicy } from "./trust.ts";
export type { AnyModel, ModelOf, ModelTypes, modelTypes } from "./model-types.ts";
export type { PrincipalInput } from "./principal.ts";
export type { AnyTables, ResourceReference, Session } from "./session.ts";
export type { SessionInput } from "./session-times.ts";
export type { ResumeEvidence } from "./resume-evidence.ts";
export type { SealedColumn } from "./sealed-column.ts";
export { parseTenantId, type TenantId } from "./tenant-id.ts";
export type { TenantHandle } from "./tenant.ts";
export type { OpenOptions } from "./open-options.ts";
export type { ScopeInput } from "./scope/scope-input.ts";
export { Wardline } from "./wardline.ts";
