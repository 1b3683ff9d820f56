/** OPA's own SDK for modules, ours and those that OPA builds. */
import * as opaPackage from "@open-policy-agent/opa-wasm";

/** The types name what the module exports, but at run time all of it stands under `default`. */
const opa = (opaPackage as unknown as { readonly default: typeof opaPackage }).default;

export interface Module {
  readonly evaluate: (input: unknown) => readonly unknown[];
  readonly setData: (data: object) => void;
}

/** The SDK takes only an ArrayBuffer for bytes. */
export function loadModule(bytes: Uint8Array): Module {
  return opa.loadPolicySync(bytes.slice().buffer);
}
