/** A seeded source of choices: the same seed gives the same choices on every machine. Never a source of secrets. */
export interface Random {
  /** A whole number in 0..below−1. */
  readonly below: (below: number) => number;
  /** A whole number in low..high, both included. */
  readonly between: (low: number, high: number) => number;
  /** True with a probability of 0..1. */
  readonly chance: (probability: number) => boolean;
  /** One item. Throws on an empty list. */
  readonly pick: <T>(items: readonly T[]) => T;
  /** `count` different positions of the list in a random order, or all of them if it is shorter. */
  readonly some: <T>(items: readonly T[], count: number) => readonly T[];
}

/** Source: B. Jenkins, JSF32 ("A small noncryptographic PRNG", 2009), seeded through a finaliser of MurmurHash3. */
export function randomFrom(seed: number, stream: string = ""): Random {
  let mixed = seed | 0;
  for (const char of stream) mixed = Math.imul(mixed ^ (char.codePointAt(0) as number), 0x01000193);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  let [a, b, c, d] = [0xf1ea5eed, mixed, mixed ^ Math.floor(seed / 2 ** 32), mixed];
  const next = (): number => {
    const e = (a - ((b << 27) | (b >>> 5))) | 0;
    a = b ^ ((c << 17) | (c >>> 15));
    b = (c + d) | 0;
    c = (d + e) | 0;
    d = (e + a) | 0;
    return d >>> 0;
  };
  for (let i = 0; i < 20; i += 1) next();
  const below = (limit: number): number => Math.floor((next() / 2 ** 32) * limit);
  const pick = <T>(items: readonly T[]): T => {
    if (items.length === 0) throw new RangeError("nothing to pick from");
    return items[below(items.length)] as T;
  };
  return {
    below,
    between: (low, high) => low + below(high - low + 1),
    chance: (probability) => next() / 2 ** 32 < probability,
    pick,
    some: (items, count) => {
      const rest = [...items];
      const taken: (typeof rest)[number][] = [];
      while (taken.length < count && rest.length > 0) taken.push(...rest.splice(below(rest.length), 1));
      return taken;
    },
  };
}
