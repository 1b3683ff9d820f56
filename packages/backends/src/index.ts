export { BeyondTarget } from "./beyond.ts";
export * from "./closure/compile-closures.ts";
export * from "./sql/compile-views.ts";
export * from "./sql/policy-sql.ts";
export * from "./sql/unsupported.ts";
export { compileWasm } from "./wasm/compile-wasm.ts";
export * from "./bundle/build-bundle.ts";
export * from "./bundle/open-bundle.ts";
export {
  bundleFormat,
  maxFileSize,
  type BundleManifest,
  type FileDigest,
  type WardlineMetadata,
} from "./bundle/manifest.ts";
export * from "./rego/compile-rego.ts";
export * from "./residual/residual.ts";
export { filterFor, prepareFilters, type Filters } from "./residual/prepare-filters.ts";
export type { Filter } from "./residual/filter.ts";
export { bindResidual } from "./residual/bind.ts";
export type { BoundRows } from "./residual/row/decide-row.ts";
export type { ListedRow } from "./residual/row/row-facts.ts";
