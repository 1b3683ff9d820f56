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
