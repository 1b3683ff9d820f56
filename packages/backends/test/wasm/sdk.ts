/** The unmodified SDK of OPA. Its types name no default export, which is where its module keeps `loadPolicySync`. */
import * as sdk from "@open-policy-agent/opa-wasm";

export const opa = (sdk as unknown as { readonly default: typeof sdk }).default;
