/**
 * Joins the runtime with a policy's functions and data into one module of the OPA ABI. The bytes depend on nothing but
 * the arguments.
 */
import {
  call,
  i32Add,
  i32Const,
  i32Eqz,
  i32LtS,
  i32Sub,
  memoryGrow,
  memoryInit,
  memorySize,
  trap,
  unsigned,
  when,
  type Code,
  type ValType,
} from "./assembler.ts";
import { utf8 } from "./utf8.ts";
import { readRuntime, type RuntimeModule, type Signature } from "./runtime-module.ts";

/** Collects functions beside those of the runtime. */
export class Functions {
  readonly runtime: RuntimeModule = readRuntime();
  readonly types: Signature[] = [...this.runtime.types];
  readonly added: { readonly type: number; readonly body: Uint8Array }[] = [];
  readonly #byBody = new Map<string, number>();
  readonly #called = new Set<number>();
  readonly #left = new Set<number>();
  readonly #byName = new Map(this.runtime.exports.filter((e) => e.kind === 0).map((e) => [e.name, e.index]));

  /** Adds a function, unless an equal one stands, and gives its index. Parameters are locals from 0; `locals` follow them. */
  add(signature: Signature, locals: readonly ValType[], code: Code): number {
    const local = locals.flatMap((type) => [1, type]);
    const body = Uint8Array.from([...unsigned(locals.length), ...local, ...code, 0x0b]);
    const type = this.#type(signature);
    const key = `${type}:${body.join()}`;
    const index = this.#byBody.get(key) ?? this.runtime.functions.length + this.added.push({ type, body });
    this.#byBody.set(key, index);
    return index;
  }

  /** A call of a function that the runtime exports. */
  call(name: string): Code {
    const index = this.#index(name);
    this.#called.add(index);
    return call(index);
  }

  /** Leaves out a function that the runtime exports: whatever calls it would end the evaluation. */
  leaveOut(name: string): void {
    this.#left.add(this.#index(name));
  }

  /** The bodies of the runtime; of what nothing can reach, one that ends the evaluation. */
  bodies(): readonly Uint8Array[] {
    const { exports, calls, bodies } = this.runtime;
    const reached = new Set<number>();
    const open = [
      ...exports.filter((e) => e.kind === 0 && isAbi(e.name)).map((e) => e.index),
      ...this.#called,
    ];
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      if (reached.has(index) || this.#left.has(index)) continue;
      reached.add(index);
      open.push(...(calls[index] ?? []));
    }
    // The one import is function 0.
    return bodies.map((body, i) => (reached.has(i + 1) ? body : Uint8Array.from([0, ...trap, 0x0b])));
  }

  #index(name: string): number {
    const index = this.#byName.get(name);
    if (index === undefined) throw new RangeError(`the runtime has no function ${name}`);
    return index;
  }

  #type(signature: Signature): number {
    const wanted = JSON.stringify(signature);
    const index = this.types.findIndex((type) => JSON.stringify(type) === wanted);
    return index >= 0 ? index : this.types.push(signature) - 1;
  }
}

export interface Segment {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/**
 * `table`: the functions that the runtime calls by number, from 0. `end`: the first address after all data. `replaced`: the
 * functions that are exported in place of the runtime's, by name.
 */
export function link(
  functions: Functions,
  table: readonly number[],
  segments: readonly Segment[],
  end: number,
  replaced: ReadonlyMap<string, number>,
): Uint8Array<ArrayBuffer> {
  const { runtime } = functions;
  const packed = segments.map((segment) => pack(segment.bytes));
  const start = functions.add(
    { parameters: [], results: [] },
    [],
    startCode(functions, segments, packed, end),
  );
  const exported = runtime.exports.filter((e) => e.kind !== 1 && isAbi(e.name));
  const bodies = [...functions.bodies(), ...functions.added.map((f) => f.body)];
  const sections: readonly Bytes[] = [
    section(1, list(functions.types.map((t) => [0x60, ...bytes(t.parameters), ...bytes(t.results)]))),
    // Memory of the host, of any size: what is too small grows when the module starts.
    section(
      2,
      list([
        [...text("env"), ...text("opa_abort"), 0, ...unsigned(runtime.abortType)],
        [...text("env"), ...text("memory"), 2, 0, 0],
      ]),
    ),
    section(3, list([...runtime.functions, ...functions.added.map((f) => f.type)].map(unsigned))),
    section(4, list([[0x70, 1, ...unsigned(table.length), ...unsigned(table.length)]])),
    section(6, [runtime.globals]),
    section(
      7,
      list([
        ...exported.map((e) => [...text(e.name), e.kind, ...unsigned(replaced.get(e.name) ?? e.index)]),
        [...text("memory"), 2, 0],
      ]),
    ),
    section(8, [unsigned(start)]),
    section(9, list([[0, ...i32Const(0), 0x0b, ...unsigned(table.length), ...table.flatMap(unsigned)]])),
    section(12, [unsigned(packed.length)]),
    section(10, [unsigned(bodies.length), ...bodies.flatMap((body) => [unsigned(body.length), body])]),
    section(11, [
      unsigned(packed.length),
      ...packed.flatMap((bytes) => [[1, ...unsigned(bytes.length)], bytes]),
    ]),
  ];
  return join([[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0], ...sections]);
}

type Bytes = Uint8Array | Code;

/** The bytes as the runtime unpacks them: for each eight a byte that says which are not zero, then those. */
function pack(bytes: Uint8Array): Uint8Array {
  const packed = new Uint8Array(bytes.length + Math.ceil(bytes.length / 8));
  let end = 0;
  for (let at = 0; at < bytes.length; at += 8) {
    const mask = end++;
    for (let i = 0; i < 8; i++) {
      const byte = bytes[at + i] ?? 0;
      if (byte === 0) continue;
      packed[mask] = (packed[mask] as number) | (1 << i);
      packed[end++] = byte;
    }
  }
  return packed.subarray(0, end);
}

/**
 * Makes room and unpacks the data, by way of memory that the heap will use: a host's default memory may be smaller than a
 * policy's data.
 */
function startCode(
  functions: Functions,
  segments: readonly Segment[],
  packed: readonly Uint8Array[],
  end: number,
): Code {
  const longest = packed.reduce((most, bytes) => Math.max(most, bytes.length), 0);
  const pages = Math.ceil((end + longest + 65_536) / 65_536);
  return [
    ...memorySize,
    ...i32Const(pages),
    ...i32LtS,
    ...when([
      ...i32Const(pages),
      ...memorySize,
      ...i32Sub,
      ...memoryGrow,
      ...i32Const(1),
      ...i32Add,
      ...i32Eqz,
      ...when(trap),
    ]),
    ...segments.flatMap((segment, i) => [
      ...[end, 0, (packed[i] as Uint8Array).length].flatMap(i32Const),
      ...memoryInit(i),
      ...[end, segment.address, segment.address + segment.bytes.length].flatMap(i32Const),
      ...functions.call("unpack"),
    ]),
    ...functions.call("startHeap"),
  ];
}

function isAbi(name: string): boolean {
  return /^(?:opa_.*|wardline_.*|eval|builtins|entrypoints)$/.test(name);
}

function section(id: number, parts: readonly Bytes[]): Uint8Array {
  const contents = join(parts);
  return join([[id, ...unsigned(contents.length)], contents]);
}

function list(items: readonly Code[]): readonly Code[] {
  return [unsigned(items.length), ...items];
}

function bytes(items: Code): Code {
  return [...unsigned(items.length), ...items];
}

function text(value: string): Code {
  return bytes(utf8(value));
}

function join(parts: readonly Bytes[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
