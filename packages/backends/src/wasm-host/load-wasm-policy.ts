/**
 * A thin host of the modules that `compileWasm` makes: runs in browsers and in Node, and runs no other modules.
 * It never answers anything that the module did not: whatever goes wrong is thrown.
 */
import type { Decision } from "@wardline/core";
import type { FilterAnswer } from "../residual/filter-answer.ts";
import { checkModule } from "./check-module.ts";
import { makeInstance, type PolicyInstance } from "./policy-instance.ts";
import { decisionReader, readFilterAnswer, readPermit } from "./read-answer.ts";
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
  /**
   * The decision on a request that is an object: only the facts that the policy reads are looked at, and written to the module
   * without the document around them. Whatever is no request is denied as `evaluate` denies it. Throws a
   * {@link WasmPolicyError} where they are more than `maxInput` allows, or an accessor throws.
   */
  readonly decideObject: (request: unknown) => Decision;
  /** True if the decision on the object is a permit. Throws as `decideObject` does. */
  readonly allowsObject: (request: unknown) => boolean;
  /**
   * What the module says of a list, of a request document without a row: the start of a residual, which `residualFromAnswer` of
   * `@wardline/backends` makes of it with the program. Throws as `decide` does, and with the code `module` where the module
   * was compiled without lists.
   */
  readonly filter: (input: Uint8Array) => FilterAnswer;
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
  let instance: PolicyInstance | undefined = firstInstance(compiled);

  const readDecision = decisionReader();
  const keep = (asked: PolicyInstance) => {
    if (asked.view().length - asked.firstBytes <= keptGrowth) instance = asked;
  };
  const ask = <T>(
    evaluate: (asked: PolicyInstance) => number,
    read: (memory: Uint8Array, at: number) => T,
  ): T => {
    let asked = instance;
    // Invariant: an instance that is asked stands nowhere. An accessor of a request that asks again gets another one, and
    // nobody gets one that trapped, or was left for want of stack, in whatever state it is.
    instance = undefined;
    try {
      asked ??= makeInstance(compiled);
      const at = evaluate(asked);
      const answer = read(asked.view(), at);
      keep(asked);
      return answer;
    } catch (cause) {
      if (!(cause instanceof WasmPolicyError))
        throw new WasmPolicyError("fault", "the module trapped", { cause });
      // An abort comes before anything is decided, and the next request begins anew.
      if (cause.code === "input" && asked !== undefined) keep(asked);
      throw cause;
    }
  };
  const askBytes = (input: Uint8Array, entrypoint: Entrypoint | "filter") => {
    const length = lengthOf(input);
    if (length > maxInput) throw new WasmPolicyError("input", "wardline: the input is too large");
    return (asked: PolicyInstance) => {
      const number = asked[entrypoint];
      if (number !== null) return asked.evaluate(number, input, length);
      keep(asked);
      throw new WasmPolicyError("module", "the module was compiled without lists");
    };
  };
  const askFacts = (request: unknown, entrypoint: Entrypoint) => (asked: PolicyInstance) =>
    asked.evaluateFacts(asked[entrypoint], request, maxInput);
  return {
    decide: (input) => ask(askBytes(input, "decision"), readDecision),
    allows: (input) => ask(askBytes(input, "allow"), readPermit),
    filter: (input) => ask(askBytes(input, "filter"), readFilterAnswer),
    decideObject: (request) => ask(askFacts(request, "decision"), readDecision),
    allowsObject: (request) => ask(askFacts(request, "allow"), readPermit),
    memory: () => instance?.view().length ?? 0,
  };
}

type Entrypoint = "decision" | "allow";

/** Whatever goes wrong before there is a request is the module's fault. */
function firstInstance(module: WasmModule): PolicyInstance {
  try {
    return makeInstance(module);
  } catch (cause) {
    if (cause instanceof WasmPolicyError && cause.code === "module") throw cause;
    throw new WasmPolicyError("module", "the module does not start", { cause });
  }
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
