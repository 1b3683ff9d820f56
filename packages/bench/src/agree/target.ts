/** The engines that answer single requests. Each is made from the program alone, the way its users make it. */
import { compileClosures, compileWasm } from "@wardline/backends";
import { evaluate, loadProgram, serializeProgram, type Program } from "@wardline/core";
import * as opaPackage from "@open-policy-agent/opa-wasm";
import { requestText } from "./answer.ts";

// The package is CommonJS: what its types call named exports are members of the default one at run time.
const opa = (opaPackage as unknown as { readonly default: typeof opaPackage }).default;

export interface Target {
  readonly name: string;
  /** The answer to one request; may throw. */
  readonly decide: (request: unknown) => unknown;
}

/** Makes a target of a program. A fault is planted by wrapping one of these. */
export type TargetMaker = (program: Program) => Target;

export const closureTarget: TargetMaker = (program) => ({
  name: "closure",
  decide: compileClosures(program).decide,
});

/** The module in the unmodified host, given the request as bytes. */
export const wasmTarget: TargetMaker = (program) => {
  const module = compileWasm(program);
  const policy = opa.loadPolicySync(new Uint8Array(module).buffer);
  const encoder = new TextEncoder();
  return {
    name: "wasm",
    decide: (request) => {
      const bytes = encoder.encode(requestText(request));
      const results = policy.evaluate(bytes.buffer, "wardline/decision") as readonly {
        readonly result?: unknown;
      }[];
      if (results.length !== 1) throw new RangeError(`the module gave ${results.length} results`);
      return results[0]?.result;
    },
  };
};

/** The oracle on the program as it is after a journey through JSON. */
export const loadedTarget: TargetMaker = (program) => {
  const loaded = loadProgram(JSON.parse(serializeProgram(program)));
  if ("error" in loaded) throw new TypeError(`the program does not load: ${loaded.error}`);
  return { name: "loaded", decide: (request) => evaluate(loaded.program, request) };
};

export const allTargets: readonly TargetMaker[] = [closureTarget, wasmTarget, loadedTarget];
