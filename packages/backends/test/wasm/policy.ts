/** A module in the hands of the unmodified SDK, and of our own host beside it: bytes are given to both, and both must say the same. */
import { compileWasm, loadWasmPolicy, WasmPolicyError } from "@wardline/backends";
import type { Program } from "@wardline/core";
import { opa } from "./sdk.ts";

export interface Policy {
  /** The decision on an object, as the SDK writes it down, or on the bytes of an ArrayBuffer. */
  readonly decision: (input: unknown) => unknown;
  readonly allow: (input: unknown) => unknown;
  /** Bytes of memory that the instance has. */
  readonly memory: () => number;
}

export function loadPolicy(program: Program): Policy {
  return policyOf(compileWasm(program));
}

export function policyOf(module: Uint8Array): Policy {
  const loaded = opa.loadPolicySync(module);
  const only = (result: unknown): unknown => {
    const rows = result as readonly { readonly result: unknown }[];
    if (rows.length !== 1) throw new Error(`${rows.length} results`);
    return rows[0]?.result;
  };
  const host = loadWasmPolicy(module);
  return {
    decision: (input) =>
      same(
        input,
        () => only(loaded.evaluate(input)),
        (bytes) => host.decide(bytes),
      ),
    allow: (input) =>
      same(
        input,
        () => only(loaded.evaluate(input, "wardline/allow")),
        (bytes) => host.allows(bytes),
      ),
    memory: () => loaded.mem.buffer.byteLength,
  };
}

/** What the SDK answers or throws, which is what the host answers or throws. */
function same(input: unknown, bySdk: () => unknown, byHost: (input: Uint8Array) => unknown): unknown {
  if (!(input instanceof ArrayBuffer)) return bySdk();
  const [wanted, found] = [attempt(bySdk), attempt(() => byHost(new Uint8Array(input)))];
  if (JSON.stringify(wanted) !== JSON.stringify(found))
    throw new Error(`the SDK and the host differ: ${JSON.stringify(wanted)}, ${JSON.stringify(found)}`);
  if ("thrown" in wanted) throw wanted.thrown;
  return wanted.answer;
}

/** An answer, or the message that was thrown. Of a trap no host tells more than that there was one. */
function attempt(ask: () => unknown): { readonly answer: unknown } | { readonly thrown: unknown } {
  try {
    return { answer: ask() };
  } catch (error) {
    return { thrown: error instanceof WasmPolicyError ? error.message : error };
  }
}

/** The bytes of a text as the SDK takes them: only an ArrayBuffer is bytes to it. */
export function bytesOf(text: string): ArrayBuffer {
  const bytes = new TextEncoder().encode(text);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}

/** What the module throws is a string. */
export function thrownBy(ask: () => unknown): unknown {
  try {
    ask();
  } catch (error) {
    return error;
  }
  return undefined;
}
