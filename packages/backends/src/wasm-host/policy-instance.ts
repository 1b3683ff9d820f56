/** One instance of a module with memory of its own. The input stands where the module's heap begins. */
import { checkVersion } from "./check-module.ts";
import { readFactTree, type FactTree } from "./fact-tree.ts";
import { makeFactWriter } from "./fact-writer.ts";
import { readJson } from "./read-answer.ts";
import { WasmPolicyError } from "./wasm-policy-error.ts";
import { webAssembly, type WasmModule } from "./web-assembly.ts";

/** Pages of 64 KiB: what an instance begins with, and 256 MiB, which it never exceeds. */
const firstPages = 5;
const mostPages = 4096;

export interface PolicyInstance {
  /** Bytes that the memory had when the instance was made. */
  readonly firstBytes: number;
  /** The numbers of the entrypoints. */
  readonly decision: number;
  readonly allow: number;
  /** Null where the module answers no lists. */
  readonly filter: number | null;
  /** All of the memory as it is now. */
  readonly view: () => Uint8Array;
  /** Copies an input of so many bytes to where it is read, and gives the address of the answer. Throws what the module throws. */
  readonly evaluate: (entrypoint: number, input: Uint8Array, length: number) => number;
  /** The same of the facts of a request, of which at most `most` bytes are written. What an accessor throws is the cause of an error. */
  readonly evaluateFacts: (entrypoint: number, request: unknown, most: number) => number;
}

/** Makes an instance. Throws a {@link WasmPolicyError} if it does not say of itself what our modules say. */
export function makeInstance(module: WasmModule): PolicyInstance {
  const memory = new webAssembly.Memory({ initial: firstPages, maximum: mostPages });
  let bytes = new Uint8Array(memory.buffer);
  // When the memory grows its buffer is detached, and what looks at it has no length.
  const view = () => (bytes.length > 0 ? bytes : (bytes = new Uint8Array(memory.buffer)));
  const env = {
    memory,
    opa_abort: (at: number): never => {
      throw new WasmPolicyError("input", messageAt(view(), at));
    },
  };
  const instance = new webAssembly.Instance(module, { env });
  checkVersion(instance);
  const exports = instance.exports as unknown as Exports;
  if (exports.memory !== memory) throw new WasmPolicyError("module", "the module has a memory of its own");
  const said = (value: () => number) => readJson(view(), exports.opa_json_dump(value()) >>> 0);
  const entrypoints = said(exports.entrypoints) as Readonly<Record<string, unknown>> | null;
  const [decision, allow, filter] = ["decision", "allow", "filter"].map(
    (name) => entrypoints?.[`wardline/${name}`],
  );
  if (typeof decision !== "number" || typeof allow !== "number")
    throw new WasmPolicyError("module", "the module has no wardline/decision and wardline/allow");
  if (JSON.stringify(said(exports.builtins)) !== "{}")
    throw new WasmPolicyError("module", "the module asks its host for functions");
  const heap = exports.opa_heap_ptr_get() >>> 0;
  const writer = makeFactWriter(memory);
  let tree: FactTree | undefined;
  return {
    firstBytes: view().length,
    decision,
    allow,
    filter: typeof filter === "number" ? filter : null,
    view,
    evaluate: (entrypoint, input, length) => {
      const missing = heap + length - view().length;
      if (missing > 0) memory.grow(Math.ceil(missing / 65_536));
      // A detached array has no bytes to copy.
      if (length > 0) view().set(input, heap);
      return exports.opa_eval(0, entrypoint, 0, heap, length, heap + length, 0) >>> 0;
    },
    evaluateFacts: (entrypoint, request, most) => {
      const root = exports.wardline_begin() >>> 0;
      const facts = (tree ??= readFactTree(view(), root));
      const end = written(() => writer.write(facts, request, heap, most));
      return exports.wardline_decide(entrypoint, end) >>> 0;
    },
  };
}

interface Exports {
  readonly memory: unknown;
  readonly opa_eval: (
    reserved: number,
    entrypoint: number,
    data: number,
    input: number,
    length: number,
    heap: number,
    format: number,
  ) => number;
  readonly wardline_begin: () => number;
  readonly wardline_decide: (entrypoint: number, heap: number) => number;
  readonly opa_heap_ptr_get: () => number;
  readonly opa_json_dump: (value: number) => number;
  readonly builtins: () => number;
  readonly entrypoints: () => number;
}

/** What goes wrong while a request is read is its own fault. */
function written(write: () => number): number {
  try {
    return write();
  } catch (cause) {
    if (cause instanceof WasmPolicyError) throw cause;
    throw new WasmPolicyError("input", "wardline: the request could not be read", { cause });
  }
}

/** ASCII, at most a line of it. */
function messageAt(memory: Uint8Array, at: number): string {
  const text = memory.subarray(at >>> 0, (at >>> 0) + 200);
  const end = text.indexOf(0);
  return String.fromCharCode(...text.subarray(0, end < 0 ? text.length : end));
}
