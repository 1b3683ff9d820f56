/** OPA's own module of a policy in the unmodified SDK. */
import * as opaPackage from "@open-policy-agent/opa-wasm";
import type { Opa } from "./start-opa.ts";

// The package is CommonJS: what its types call named exports are members of the default one at run time.
const sdk = (opaPackage as unknown as { readonly default: typeof opaPackage }).default;

/** Builds and loads the module. What it gives decides a request, given as the text of its JSON; it throws where the module aborts. */
export async function loadModule(opa: Opa, policy: string): Promise<(request: string) => unknown> {
  const loaded = sdk.loadPolicySync((await opa.buildWasm(policy)).buffer);
  const encoder = new TextEncoder();
  return (request) => {
    const results = loaded.evaluate(encoder.encode(request).buffer, "wardline/decision") as readonly {
      readonly result?: unknown;
    }[];
    if (results.length !== 1) throw new RangeError(`the module gave ${results.length} results`);
    return results[0]?.result;
  };
}
