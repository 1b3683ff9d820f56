/** A module of OPA's ABI without an SDK: bytes in, the address of an answer out (ABI 1.2, `opa_eval`). */

import { webAssembly, type Module } from "./web-assembly.ts";

interface Exports {
  readonly opa_eval: (
    reserved: number,
    entrypoint: number,
    data: number,
    input: number,
    length: number,
    heap: number,
    format: number,
  ) => number;
  readonly opa_heap_ptr_get: () => number;
  readonly opa_malloc: (length: number) => number;
  readonly opa_json_parse: (at: number, length: number) => number;
}

export interface RawModule {
  /** Evaluates an input, and leaves the answer where it is. */
  readonly evaluate: (input: Uint8Array) => number;
  /** The text of the answer at that address. */
  readonly textAt: (address: number) => string;
}

/** Makes an instance with as much memory as the input may need: `largest` bytes. */
export function rawModule(module: Module, largest: number): RawModule {
  const memory = new webAssembly.Memory({ initial: 5 });
  const stop = (at: number) => {
    const bytes = new Uint8Array(memory.buffer, at);
    throw new Error(new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0))));
  };
  const builtIns = [0, 1, 2, 3, 4].map((count) => [`opa_builtin${count}`, () => stop(0)] as const);
  const env = { memory, opa_abort: stop, opa_println: () => 0, ...Object.fromEntries(builtIns) };
  const exports = new webAssembly.Instance(module, { env }).exports as unknown as Exports;
  const empty = new TextEncoder().encode("{}");
  const data = exports.opa_malloc(empty.length);
  new Uint8Array(memory.buffer).set(empty, data);
  const document = exports.opa_json_parse(data, empty.length);
  const start = exports.opa_heap_ptr_get();
  const missing = start + largest - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / 65_536));
  let view = new Uint8Array(memory.buffer);
  const current = () => (view.buffer === memory.buffer ? view : (view = new Uint8Array(memory.buffer)));
  return {
    evaluate: (input) => {
      current().set(input, start);
      return exports.opa_eval(0, 0, document, start, input.length, start + input.length, 0);
    },
    textAt: (address) => {
      const bytes = current().subarray(address);
      return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
    },
  };
}
