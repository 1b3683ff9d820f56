import { runtimeBase64, runtimeCalls } from "./runtime-bytes.ts";

/** A function type: parameter and result types. */
export interface Signature {
  readonly parameters: readonly number[];
  readonly results: readonly number[];
}

/** The runtime taken apart as far as linking needs. Indices of its functions stay what they are in the linked module. */
export interface RuntimeModule {
  readonly types: readonly Signature[];
  /** The one imported function is `env.opa_abort`, of this type. */
  readonly abortType: number;
  /** The types of the functions that are not imported. */
  readonly functions: readonly number[];
  /** The global section's contents, unchanged. */
  readonly globals: Uint8Array;
  readonly exports: readonly { readonly name: string; readonly kind: number; readonly index: number }[];
  readonly bodies: readonly Uint8Array[];
  /** Which functions each function calls, by index; the imported one comes first. */
  readonly calls: readonly (readonly number[] | null)[];
}

/** Takes the committed runtime apart. Throws if it is not of the one shape that the linker knows. */
export function readRuntime(): RuntimeModule {
  const reader = new Reader(fromBase64(runtimeBase64));
  reader.take(8);
  const sections = new Map<number, Uint8Array>();
  while (!reader.done) {
    const id = reader.byte();
    const contents = reader.take(reader.number());
    if (id !== 0) sections.set(id, contents);
  }
  const known = [1, 2, 3, 4, 6, 7, 10];
  const strange = [...sections.keys()].filter((id) => !known.includes(id));
  if (strange.length > 0) throw new TypeError(`the runtime has a section ${strange.join(", ")}`);
  const list = <T>(id: number, item: (r: Reader) => T): readonly T[] => {
    const contents = sections.get(id);
    if (contents === undefined) throw new TypeError(`the runtime has no section ${id}`);
    const r = new Reader(contents);
    return Array.from({ length: r.number() }, () => item(r));
  };
  const types = list(1, (r) => {
    r.byte();
    return { parameters: [...r.take(r.number())], results: [...r.take(r.number())] };
  });
  const imports = list(2, (r) => {
    const name = `${r.text()}.${r.text()}`;
    const kind = r.byte();
    if (kind === 2) r.byte();
    return { name, type: r.number() };
  });
  const abort = imports.find((i) => i.name === "env.opa_abort");
  if (abort === undefined || imports.length !== 2)
    throw new TypeError("the runtime imports more than opa_abort and memory");
  return {
    types,
    abortType: abort.type,
    functions: list(3, (r) => r.number()),
    globals: sections.get(6) as Uint8Array,
    exports: list(7, (r) => ({ name: r.text(), kind: r.byte(), index: r.number() })),
    bodies: list(10, (r) => r.take(r.number())),
    calls: JSON.parse(runtimeCalls) as RuntimeModule["calls"],
  };
}

/** Reads one binary from its first byte to its last. */
class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new RangeError("the runtime is cut short");
    return byte;
  }

  number(): number {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = this.byte();
      value += (byte % 128) * unit;
      if (byte < 128) return value;
    }
  }

  take(length: number): Uint8Array {
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  text(): string {
    return String.fromCharCode(...this.take(this.number()));
  }
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function fromBase64(text: string): Uint8Array {
  const digits = text.replaceAll("=", "");
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const digit of digits) {
    bits = (bits << 6) | alphabet.indexOf(digit);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[at++] = (bits >> held) & 255;
    bits &= (1 << held) - 1;
  }
  return bytes;
}
