/**
 * The strings that a policy names, numbered from 1, with the hash table by which the runtime knows them again.
 * The names that sets are asked for come first, so that a bit for each of them is enough.
 */
import type { Image } from "./image.ts";
import { utf8 } from "./utf8.ts";

export class Names {
  readonly #numbers = new Map<string, number>();
  /** How many names sets are asked for. */
  readonly ofSets: number;

  constructor(setNames: readonly string[]) {
    for (const name of setNames) this.number(name);
    this.ofSets = this.#numbers.size;
  }

  number(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#numbers.size + 1;
    // The keys of tables have 21 bits for each name.
    if (number >= 2 ** 21) throw new RangeError("the program names too many strings");
    this.#numbers.set(name, number);
    return number;
  }

  /** The number of a name that a set is asked for. */
  inSets(name: string): number {
    const number = this.number(name);
    if (number > this.ofSets) throw new RangeError(`no set was to be asked for ${name}`);
    return number;
  }

  /** Writes the hash table. No name may be numbered after that. */
  write(image: Image): { readonly at: number; readonly mask: number; readonly longest: number } {
    let size = 4;
    while (size < this.#numbers.size * 2) size *= 2;
    const mask = size - 1;
    const table = Array.from<number>({ length: size * 3 }).fill(0);
    let longest = 0;
    for (const [name, number] of this.#numbers) {
      const text = image.text(name);
      longest = Math.max(longest, text.length);
      let i = hash(utf8(name)) & mask;
      while (table[i * 3] !== 0) i = (i + 1) & mask;
      table.splice(i * 3, 3, text.at, text.length, number);
    }
    return { at: image.words(table), mask, longest };
  }
}

/** The hash of runtime/text.ts: 32-bit words, little-endian, the last one filled with zeros. */
function hash(bytes: readonly number[]): number {
  let h = Math.imul(bytes.length, 0x9e3779b1) >>> 0;
  for (let i = 0; i < bytes.length; i += 4) {
    let word = 0;
    for (let j = 0; j < 4; j++) word |= (bytes[i + j] ?? 0) << (8 * j);
    h = Math.imul(h ^ word, 0x85ebca6b) >>> 0;
    h = (h ^ (h >>> 15)) >>> 0;
  }
  return h;
}
