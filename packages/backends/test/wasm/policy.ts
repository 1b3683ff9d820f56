/** A module in the hands of the unmodified SDK. */
import { compileWasm } from "@wardline/backends";
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
  return {
    decision: (input) => only(loaded.evaluate(input)),
    allow: (input) => only(loaded.evaluate(input, "wardline/allow")),
    memory: () => loaded.mem.buffer.byteLength,
  };
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
