/** A provider that does to another what a network, an outage and a broken machine do, in turn and by a seed. */
import { setTimeout as sleep } from "node:timers/promises";
import { KeyProviderError, type KeyProvider } from "../src/index.ts";

export interface Faults {
  readonly seed: number;
  /** One call in so many does not reach the provider. */
  readonly outageIn?: number;
  /** One call in so many is carried out, and its answer is lost. */
  readonly lostIn?: number;
  /** One answer in so many is of another length. */
  readonly brokenIn?: number;
  /** Milliseconds, at most. */
  readonly delay?: number;
}

export interface Injected extends KeyProvider {
  readonly counts: { calls: number; outages: number; lost: number; broken: number };
}

export function injectFaults(provider: KeyProvider, faults: Faults): Injected {
  const counts = { calls: 0, outages: 0, lost: 0, broken: 0 };
  let state = faults.seed >>> 0;
  /** mulberry32: less than `under`. */
  const draw = (under: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * under);
  };
  const strikes = (oneIn: number | undefined): boolean => oneIn !== undefined && draw(oneIn) === 0;
  const fail = () => new KeyProviderError("keys/unavailable", "as the test says");

  async function through<T>(run: () => Promise<T>): Promise<T> {
    counts.calls += 1;
    if (faults.delay !== undefined) await sleep(draw(faults.delay + 1));
    if (strikes(faults.outageIn)) {
      counts.outages += 1;
      throw fail();
    }
    const answer = await run();
    if (strikes(faults.lostIn)) {
      counts.lost += 1;
      throw fail();
    }
    if (answer instanceof Uint8Array && strikes(faults.brokenIn)) {
      counts.broken += 1;
      return answer.subarray(0, draw(answer.length)) as T & Uint8Array;
    }
    return answer;
  }

  return {
    name: provider.name,
    counts,
    create: (tenant) => through(() => provider.create(tenant)),
    generate: (context) => through(() => provider.generate(context)),
    unwrap: (context, wrapped) => through(() => provider.unwrap(context, wrapped)),
    rewrap: (context, wrapped) => through(() => provider.rewrap(context, wrapped)),
    state: (tenant, part) => through(() => provider.state(tenant, part)),
    disable: (tenant, part) => through(() => provider.disable(tenant, part)),
    enable: (tenant, part) => through(() => provider.enable(tenant, part)),
    destroy: (tenant, part) => through(() => provider.destroy(tenant, part)),
  };
}
