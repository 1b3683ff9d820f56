/** A module in the hands of the unmodified SDK, and of our own host beside it: both must say the same. */
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
    decision: (input) => same(input, () => only(loaded.evaluate(input)), [host.decide, host.decideObject]),
    allow: (input) =>
      same(input, () => only(loaded.evaluate(input, "wardline/allow")), [host.allows, host.allowsObject]),
    memory: () => loaded.mem.buffer.byteLength,
  };
}

/** What the SDK answers or throws, which is what the host answers or throws by each of its doors. */
function same(
  input: unknown,
  bySdk: () => unknown,
  [ofBytes, ofObject]: readonly [(input: Uint8Array) => unknown, (request: unknown) => unknown],
): unknown {
  const wanted = attempt(bySdk);
  const text = input instanceof ArrayBuffer ? textOf(input) : JSON.stringify(input);
  const found = [
    ...(input instanceof ArrayBuffer ? [attempt(() => ofBytes(new Uint8Array(input)))] : []),
    // A text that is no JSON has no object. Its keys and numbers have the one reading of JSON.parse.
    ...("answer" in wanted && text !== undefined ? [attempt(() => ofObject(JSON.parse(text)))] : []),
  ];
  for (const one of found)
    if (JSON.stringify(one) !== JSON.stringify(wanted))
      throw new Error(`the SDK and the host differ: ${JSON.stringify(wanted)}, ${JSON.stringify(one)}`);
  if ("thrown" in wanted) throw wanted.thrown;
  return wanted.answer;
}

function textOf(input: ArrayBuffer): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(input);
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
