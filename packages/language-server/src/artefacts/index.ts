/** What a policy becomes, loaded when it is first asked for: the compilers behind it are large. */
export { bundleArtefact, fileArtefact, irArtefact } from "./bundle-artefact.ts";
export { regoArtefact } from "./rego-artefact.ts";
export { sqlArtefact, sqlText } from "./sql-artefact.ts";
export { wasmArtefact } from "./wasm-artefact.ts";
