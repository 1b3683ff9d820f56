import { utf8 } from "./utf8.ts";

/** The constant data of a module, from an address on. Equal texts and rows stand once. */
export class Image {
  readonly start: number;
  readonly #bytes: number[] = [];
  readonly #texts = new Map<string, Text>();
  readonly #rows = new Map<string, number>();

  constructor(start: number) {
    this.start = start;
  }

  get end(): number {
    return this.start + this.#bytes.length;
  }

  contents(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  /** A text in UTF-8 with a NUL after it. */
  text(value: string): Text {
    const known = this.#texts.get(value);
    if (known !== undefined) return known;
    const encoded = utf8(value);
    const text = { at: this.bytes([...encoded, 0], 1), length: encoded.length };
    this.#texts.set(value, text);
    return text;
  }

  /** Bytes that may be shared with an equal row. */
  row(bytes: readonly number[], align: number): number {
    const key = `${align}:${bytes.join()}`;
    const at = this.#rows.get(key) ?? this.bytes(bytes, align);
    this.#rows.set(key, at);
    return at;
  }

  /** Words that may be shared with equal ones; of none the address is 0. */
  words(values: readonly number[]): number {
    if (values.length === 0) return 0;
    const key = `words:${values.join()}`;
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    const bytes = new DataView(new ArrayBuffer(values.length * 4));
    for (const [i, value] of values.entries()) bytes.setUint32(i * 4, value, true);
    const at = this.bytes(new Uint8Array(bytes.buffer), 4);
    this.#rows.set(key, at);
    return at;
  }

  longs(values: readonly bigint[]): number {
    const bytes = new DataView(new ArrayBuffer(values.length * 8));
    for (const [i, value] of values.entries()) bytes.setBigInt64(i * 8, value, true);
    return this.bytes(new Uint8Array(bytes.buffer), 8);
  }

  bytes(bytes: Iterable<number>, align: number): number {
    while (this.end % align !== 0) this.#bytes.push(0);
    const at = this.end;
    for (const byte of bytes) this.#bytes.push(byte);
    return at;
  }
}

/** Where a text stands and how many bytes it has, without the NUL. */
export interface Text {
  readonly at: number;
  readonly length: number;
}
