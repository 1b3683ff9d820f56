/** Addresses in canonical form and the networks they lie in, as 32-bit words: one for IPv4, four for IPv6. */
import { parseNetwork } from "@wardline/core";

export interface Network {
  readonly words: readonly number[];
  readonly prefix: number;
}

/** The words of an address in canonical form: what it was checked to be before. */
export function ipWords(text: string): readonly number[] {
  if (!text.includes(":"))
    return [text.split(".").reduce((word, part) => ((word << 8) | Number(part)) >>> 0, 0)];
  const [left = "", right] = text.split("::");
  const head = groupsOf(left);
  const tail = right === undefined ? [] : groupsOf(right);
  const groups = [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail];
  return [0, 2, 4, 6].map((i) => (((groups[i] as number) << 16) | (groups[i + 1] as number)) >>> 0);
}

function groupsOf(half: string): readonly number[] {
  return half === "" ? [] : half.split(":").map((group) => Number.parseInt(group, 16));
}

/** The network that a text of a program is. Throws a RangeError if it is none. */
export function networkOf(text: string): Network {
  const network = parseNetwork(text);
  if (network === undefined) throw new RangeError(`${text} is no network`);
  const { version, bits, prefix } = network;
  const shifts = version === 4 ? [0n] : [96n, 64n, 32n, 0n];
  return { words: shifts.map((shift) => Number((bits >> shift) & 0xffff_ffffn)), prefix };
}

export function liesIn(words: readonly number[], network: Network): boolean {
  if (words.length !== network.words.length) return false;
  for (let i = 0, left = network.prefix; left > 0; i += 1, left -= 32) {
    const differing = (words[i] as number) ^ (network.words[i] as number);
    if (left >= 32 ? differing !== 0 : differing >>> (32 - left) !== 0) return false;
  }
  return true;
}
