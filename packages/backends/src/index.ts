export * from "./closure/compile-closures.ts";
export { compileStore, type Given, type StoreEngine } from "./store/compile-store.ts";
export type { Entity } from "./store/entity.ts";
export { WorldError } from "./store/values.ts";
export { World, type EntityDocument, type WorldOptions } from "./store/world.ts";
export {
  compilePredicates,
  type PredicateOptions,
  type RowPredicate,
  type SqlPredicates,
} from "./sql/compile-predicates.ts";
export * from "./sql/compile-row-security.ts";
export * from "./sql/compile-views.ts";
export * from "./sql/policy-sql.ts";
export * from "./sql/unsupported.ts";
export { compileWasm, type WasmOptions } from "./wasm/compile-wasm.ts";
export * from "./wasm-host/index.ts";
export * from "./bundle/build-bundle.ts";
export * from "./bundle/open-bundle.ts";
export type { BundleError, BundleErrorCode, TrustErrorCode } from "./bundle/bundle-error.ts";
export { maxFileSize, signaturesName } from "./bundle/file-names.ts";
export {
  bundleFormat,
  type BundleManifest,
  type FileDigest,
  type WardlineMetadata,
} from "./bundle/manifest.ts";
export { maxArchiveSize, packBundle, unpackBundle, type UnpackedBundle } from "./bundle/archive/archive.ts";
export { generateKey, openKey, type PrivateKey } from "./bundle/keys.ts";
export type { Signer } from "./bundle/trust/jws.ts";
export type { PublicKey, Role } from "./bundle/trust/public-key.ts";
export type { BundleClaims, Lifetime } from "./bundle/trust/bundle-signature.ts";
export {
  trustFormat,
  timeText,
  writeDocument,
  type Claims,
  type DocumentKind,
} from "./bundle/trust/signed-document.ts";
export { maxRootSize, type Root } from "./bundle/trust/root.ts";
export { maxTimestampSize } from "./bundle/trust/timestamp.ts";
export type { Release } from "./bundle/trust/release.ts";
export type { Snapshot } from "./bundle/trust/snapshot.ts";
export type { Timestamp } from "./bundle/trust/timestamp.ts";
export type { Metadata, RepositoryOptions } from "./bundle/repository/open-metadata.ts";
export * from "./bundle/repository/open-repository.ts";
export {
  bundleMark,
  checkSeenBundles,
  isSameBundle,
  openReleased,
  renewReleased,
  seenOfBundle,
  type BundleMark,
  type BundleTerms,
  type ReleasedBundle,
} from "./bundle/repository/open-released.ts";
export * from "./bundle/repository/source.ts";
export {
  seenInMemory,
  type SeenStore,
  type SeenVersion,
  type SeenVersions,
} from "./bundle/repository/seen.ts";
export * from "./bundle/repository/write-repository.ts";
export * from "./rego/compile-rego.ts";
export * from "./residual/residual.ts";
export { filterFor, prepareFilters, type Filters } from "./residual/prepare-filters.ts";
export type { Filter } from "./residual/filter.ts";
export { answerFilter, residualFromAnswer, type FilterAnswer } from "./residual/filter-answer.ts";
export { residualText } from "./residual/residual-text.ts";
export { bindResidual } from "./residual/bind.ts";
export type { BoundRows } from "./residual/row/decide-row.ts";
export type { ListedRow } from "./residual/row/row-facts.ts";
