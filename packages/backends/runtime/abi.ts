// The OPA WebAssembly ABI 1.3. A value is a cell of address and length of JSON text: the policy has no data documents,
// so nothing is ever built from one.
import { deny } from "./answer";
import { readDocument } from "./document";
import {
  ACTION, BUILTINS, config, ensure, ENTRYPOINTS, fail, HEAP, heap, MAX_INPUT, NO_ENTRYPOINT, PRINCIPAL, RESOURCE, ROOT,
  setHeap, STATE, STATE_LENGTH, TABLE_COUNT, TABLE_KEYS, TABLES, take, TOO_LARGE,
} from "./host";
import { skip, space } from "./scan";
import { home, open } from "./scope";
import { indexOf } from "./search";
import { LONE, nameOf, readText, textAt, textFlaws, textLength } from "./text";

export const opa_wasm_abi_version: i32 = 1;
export const opa_wasm_abi_minor_version: i32 = 3;

function nameAt(leaf: u32): u32 {
  const p = load<u32>(leaf);
  if (p == 0 || load<u8>(p) != 34) return 0;
  readText(p);
  return textFlaws & LONE ? 0 : nameOf(textAt, textLength);
}

/** Finds the table for who asks, what and of which type, and asks it. */
function decide(entrypoint: u32): u32 {
  if (entrypoint > 1) fail(NO_ENTRYPOINT);
  const principal = nameAt(config(PRINCIPAL));
  const action = nameAt(config(ACTION));
  const resource = nameAt(config(RESOURCE));
  if (principal == 0 || action == 0 || resource == 0) return deny(entrypoint, 0);
  const wanted = (<i64>principal << 42) | (<i64>action << 21) | <i64>resource;
  const table = indexOf(wanted, config(TABLE_KEYS), config(TABLE_COUNT));
  if (table < 0) return deny(entrypoint, 0);
  const refused = open(load<u32>(config(TABLES) + (<u32>table << 2)));
  return refused == 0 ? call_indirect<u32>(table, entrypoint, home) : deny(entrypoint, refused - 1);
}

export function opa_eval(_: u32, entrypoint: u32, data: u32, input: u32, length: u32, heapAt: u32, format: u32): u32 {
  begun = false;
  setHeap(heapAt);
  ensure(0);
  readDocument(input, length);
  return decide(entrypoint);
}

// Beside the ABI: a host that holds the facts can write each of them as JSON and note at its leaf where it stands, without the
// document around them. It reads the tree of document.ts: if that takes another form, these functions take other names.

let begun: bool = false;

/** Forgets the last request and gives the root of the tree. */
export function wardline_begin(): u32 {
  begun = true;
  memory.fill(config(STATE), 0, config(STATE_LENGTH));
  return config(ROOT);
}

/** Decides on the facts that were noted since, once: what was found of them still stands afterwards. The heap begins after them. */
export function wardline_decide(entrypoint: u32, heapAt: u32): u32 {
  if (!begun) unreachable();
  begun = false;
  setHeap(heapAt);
  ensure(0);
  return decide(entrypoint);
}

function newValue(at: u32, length: u32): u32 {
  const cell = take(8);
  store<u32>(cell, at);
  store<u32>(cell, length, 4);
  return cell;
}

export function opa_eval_ctx_new(): u32 {
  const context = take(16);
  memory.fill(context, 0, 16);
  return context;
}

export function opa_eval_ctx_set_input(context: u32, input: u32): void {
  store<u32>(context, input);
}

export function opa_eval_ctx_set_data(context: u32, data: u32): void {
  store<u32>(context, data, 4);
}

export function opa_eval_ctx_set_entrypoint(context: u32, entrypoint: u32): void {
  store<u32>(context, entrypoint, 12);
}

export function opa_eval_ctx_get_result(context: u32): u32 {
  return load<u32>(context, 8);
}

export function eval(context: u32): i32 {
  const input = load<u32>(context);
  if (input != 0) readDocument(load<u32>(input), load<u32>(input, 4));
  else readDocument(0, 0);
  const at = decide(load<u32>(context, 12));
  let length: u32 = 0;
  while (load<u8>(at + length) != 0) length++;
  store<u32>(context, newValue(at, length), 8);
  return 0;
}

export function builtins(): u32 {
  return config(BUILTINS);
}

export function entrypoints(): u32 {
  return config(ENTRYPOINTS);
}

export function opa_malloc(size: u32): u32 {
  return take(size);
}

export function opa_free(at: u32): void {}

export function opa_value_free(value: u32): void {}

export function opa_heap_ptr_get(): u32 {
  return heap;
}

export function opa_heap_ptr_set(at: u32): void {
  setHeap(at);
}

export function opa_heap_blocks_stash(): void {}

export function opa_heap_blocks_restore(): void {}

export function opa_heap_stash_clear(): void {}

/** Checks a JSON text; it is copied, since the host may use its memory again. Malformed text aborts. */
export function opa_json_parse(at: u32, length: u32): u32 {
  if (length > MAX_INPUT) fail(TOO_LARGE);
  const copy = take(length + 1);
  memory.copy(copy, at, length);
  store<u8>(copy + length, 0);
  if (space(skip(space(copy), 0)) != copy + length) return 0;
  return newValue(copy, length);
}

export function opa_value_parse(at: u32, length: u32): u32 {
  return opa_json_parse(at, length);
}

export function opa_json_dump(value: u32): u32 {
  return load<u32>(value);
}

export function opa_value_dump(value: u32): u32 {
  return load<u32>(value);
}

/** There are no data documents to patch: "invalid type". */
export function opa_value_add_path(base: u32, path: u32, value: u32): i32 {
  return 2;
}

export function opa_value_remove_path(base: u32, path: u32): i32 {
  return 2;
}

/** Called once, by the start function, after the policy's data stands in memory. */
export function startHeap(): void {
  setHeap(config(HEAP));
  ensure(0);
}
