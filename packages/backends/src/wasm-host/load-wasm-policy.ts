/**
 * A thin host of the modules that `compileWasm` makes: runs in browsers and in Node, and runs no other modules.
 * It never answers anything that the module did not: whatever goes wrong is thrown.
 */
import type { Decision } from "@wardline/core";
import { checkModule } from "./check-module.ts";
import { makeInstance, type PolicyInstance } from "./policy-instance.ts";
import { decisionReader, readPermit } from "./read-answer.ts";
import { WasmPolicyError } from "./wasm-policy-error.ts";
import { webAssembly, type WasmModule } from "./web-assembly.ts";

export interface WasmPolicyOptions {
  /** The largest input in bytes, at most 16 MiB, which is also the default. */
  readonly maxInput?: number;
}

export interface WasmPolicy {
  /**
   * The decision on a request document, given as the bytes of its JSON in UTF-8: that of `evaluate`, frozen. Throws a
   * {@link WasmPolicyError} where the bytes are no JSON, nest deeper than 8192 or are more than allowed.
   */
  readonly decide: (input: Uint8Array) => Decision;
  /** True if the decision is a permit. Throws as `decide` does. Obligations of the permit are not told. */
  readonly allows: (input: Uint8Array) => boolean;
  /** Bytes of memory that the module has now; 0 if the next request makes a new instance. */
  readonly memory: () => number;
}

/** No module of ours takes more. */
const mostInput = 2 ** 24;

/** An instance that took more than this for one request is not kept. */
const keptGrowth = 2 ** 20;

/**
 * Loads a module, from its bytes or compiled (a browser may refuse to compile a large one at once: `WebAssembly.compile`
 * does it in the background). Throws a {@link WasmPolicyError} if it is not one that `compileWasm` makes. That says nothing of
 * whose policy it is: only a bundle's signature does.
 */
export function loadWasmPolicy(
  module: Uint8Array | WasmModule,
  { maxInput = mostInput }: WasmPolicyOptions = {},
): WasmPolicy {
  if (!Number.isInteger(maxInput) || maxInput < 1 || maxInput > mostInput)
    throw new RangeError(`maxInput is a whole number from 1 to ${mostInput}`);
  const compiled = compiledModule(module);
  checkModule(compiled);
  let instance: PolicyInstance | undefined = makeInstance(compiled);

  const readDecision = decisionReader();
  const ask = <T>(
    input: Uint8Array,
    entrypoint: "decision" | "allow",
    read: (memory: Uint8Array, at: number) => T,
  ): T => {
    const length = lengthOf(input);
    if (length > maxInput) throw new WasmPolicyError("input", "wardline: the input is too large");
    const asked = (instance ??= makeInstance(compiled));
    try {
      const at = asked.evaluate(asked[entrypoint], input, length);
      const answer = read(asked.view(), at);
      if (asked.memory.buffer.byteLength - asked.firstBytes > keptGrowth) instance = undefined;
      return answer;
    } catch (cause) {
      const error =
        cause instanceof WasmPolicyError
          ? cause
          : new WasmPolicyError("fault", "the module trapped", { cause });
      // What trapped may be in any state. An abort comes before anything is decided, and the next request begins anew.
      if (error.code !== "input" || asked.memory.buffer.byteLength - asked.firstBytes > keptGrowth)
        instance = undefined;
      throw error;
    }
  };
  return {
    decide: (input) => ask(input, "decision", readDecision),
    allows: (input) => ask(input, "allow", readPermit),
    memory: () => instance?.memory.buffer.byteLength ?? 0,
  };
}

function compiledModule(module: Uint8Array | WasmModule): WasmModule {
  if (module instanceof (webAssembly.Module as unknown as new () => object)) return module;
  if (!isBytes(module)) throw new TypeError("a module is a Uint8Array or a WebAssembly.Module");
  try {
    return new webAssembly.Module(module);
  } catch (cause) {
    throw new WasmPolicyError("module", "this is no WebAssembly module", { cause });
  }
}

// Taken once from the prototype: what an object says of itself could be anything.
const ofArrays = Object.getPrototypeOf(Uint8Array.prototype) as object;
const getter = (key: PropertyKey) =>
  (Object.getOwnPropertyDescriptor(ofArrays, key) as { readonly get: (this: unknown) => unknown }).get;
const kindOf = getter(Symbol.toStringTag);
const sizeOf = getter("length");

function isBytes(value: unknown): value is Uint8Array {
  return kindOf.call(value) === "Uint8Array";
}

function lengthOf(input: unknown): number {
  if (!isBytes(input)) throw new WasmPolicyError("input", "wardline: the input is no Uint8Array");
  return sizeOf.call(input) as number;
}
