/**
 * Writes the facts of a request that is an object into a module's memory: each as JSON, its address at its leaf. Only what the
 * module reads is looked at, and once. What has no form in JSON becomes an object, which is no fact of any type; only
 * undefined and null are absent.
 */
import type { FactTree } from "./fact-tree.ts";
import { WasmPolicyError } from "./wasm-policy-error.ts";
import { encodeUtf8, type WasmMemory } from "./web-assembly.ts";

export interface FactWriter {
  /**
   * Writes from `start` on and gives the address after the last byte. Runs whatever accessors the request has. Throws a
   * {@link WasmPolicyError} if it would write more than `most` bytes.
   */
  readonly write: (tree: FactTree, request: unknown, start: number, most: number) => number;
}

/** Strings up to this length are written unit by unit, as long as they are plain. */
const short = 64;

export function makeFactWriter(memory: WasmMemory): FactWriter {
  let bytes = new Uint8Array(memory.buffer);
  let words = new DataView(memory.buffer);
  let at = 0;
  let end = 0;

  function room(size: number): void {
    if (at + size > end) throw new WasmPolicyError("input", "wardline: the input is too large");
    // When the memory grows, by whomever, its buffer is detached, and what looks at it has no length.
    if (bytes.length === 0) look();
    if (at + size <= bytes.length) return;
    memory.grow(Math.ceil((at + size - bytes.length) / 65_536));
    look();
  }

  function look(): void {
    bytes = new Uint8Array(memory.buffer);
    words = new DataView(memory.buffer);
  }

  function ascii(text: string): void {
    room(text.length);
    for (let i = 0; i < text.length; i += 1) bytes[at++] = text.charCodeAt(i);
  }

  function string(text: string): void {
    if (text.length <= short && plain(text)) return;
    // Half a surrogate pair is written as an escape, so that the module sees it.
    const quoted = JSON.stringify(text);
    room(quoted.length * 3);
    at += encodeUtf8(quoted, bytes.subarray(at));
  }

  /** Writes a text of printable ASCII without quotes and backslashes; false, and nothing, of any other. */
  function plain(text: string): boolean {
    const { length } = text;
    room(length + 2);
    const to = bytes;
    const from = at + 1;
    for (let i = 0; i < length; i += 1) {
      const unit = text.charCodeAt(i);
      if (unit < 32 || unit > 126 || unit === 34 || unit === 92) return false;
      to[from + i] = unit;
    }
    to[at] = 34;
    to[from + length] = 34;
    at = from + length + 1;
    return true;
  }

  function scalar(value: unknown): void {
    if (typeof value === "string") string(value);
    else if (typeof value === "boolean") ascii(value ? "true" : "false");
    else if (typeof value === "number" && Number.isFinite(value))
      ascii(Object.is(value, -0) ? "-0" : String(value));
    else ascii(value === undefined || value === null ? "null" : "{}");
  }

  function list(items: readonly unknown[]): void {
    ascii("[");
    const { length } = items;
    for (let i = 0; i < length; i += 1) {
      if (i > 0) ascii(",");
      const item = items[i];
      if (isRecord(item)) pair(item);
      else scalar(item);
    }
    ascii("]");
  }

  /** Of a pair of a relation only its ends are read. */
  function pair(item: Readonly<Record<string, unknown>>): void {
    ascii('{"from":');
    scalar(own(item, "from"));
    ascii(',"to":');
    scalar(own(item, "to"));
    ascii("}");
  }

  function facts({ leaf, children }: FactTree, value: unknown): void {
    if (leaf !== 0) {
      const start = at;
      if (typeof value === "string") string(value);
      else if (Array.isArray(value)) list(value);
      else scalar(value);
      // A numeral ends where something else stands.
      room(1);
      bytes[at] = 0;
      at += 1;
      words.setUint32(leaf, start, true);
      return;
    }
    if (!isRecord(value)) return;
    for (const { key, tree } of children) {
      const inner = own(value, key);
      if (inner !== undefined && inner !== null) facts(tree, inner);
    }
  }

  return {
    write: (tree, request, start, most) => {
      at = start;
      end = start + most;
      facts(tree, request);
      return at;
    },
  };
}

const { hasOwn } = Object;

function own(object: Readonly<Record<string, unknown>>, key: string): unknown {
  return hasOwn(object, key) ? object[key] : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
