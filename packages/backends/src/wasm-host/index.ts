export { loadWasmPolicy, type WasmPolicy, type WasmPolicyOptions } from "./load-wasm-policy.ts";
export { WasmPolicyError, type WasmPolicyErrorCode } from "./wasm-policy-error.ts";
