import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, it, onTestFinished, test as vector, vi } from "vitest";
import { KeyRing, type KeyRingOptions, type TenantSealers } from "../src/index.ts";
import { standingClock } from "../src/keys/standing-clock.ts";
import {
  faultyProvider,
  newRow,
  registryOf,
  type FaultyProvider,
  type TestRegistry,
} from "./keys-faulty-provider.ts";

const cell = { table: "books", column: "remark", row: "7" };
const field = { table: "books", column: "remark" };
const code = (wanted: string) => expect.objectContaining({ code: wanted });

let now: number;
let provider: FaultyProvider;
let north: TestRegistry;
const reported: unknown[] = [];

beforeEach(async () => {
  now = 1_000;
  reported.length = 0;
  provider = faultyProvider();
  north = await registryOf(provider, "north");
});

const ringOf = (options: Partial<KeyRingOptions> = {}) =>
  new KeyRing({
    provider,
    clock: () => now,
    onOperatorError: (error) => reported.push(error),
    ...options,
  });
const sealersOf = async (ring: KeyRing, of: TestRegistry = north): Promise<TenantSealers> =>
  ring.of(of.tenant, of.source);
/** So that what is done in the background is done. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

/** The next version of every data purpose; `writes` says whether it is time to seal under it. */
async function rotate(of: TestRegistry, version: number, writes = true): Promise<void> {
  for (const purpose of ["seal", "index", "mask"] as const) {
    for (const row of of.rows) if (row.purpose === purpose && row.state === "current") row.state = "readable";
    of.rows.push({ ...(await newRow(provider, of.tenant, purpose, version)), writes });
  }
}

describe("a ring of keys", () => {
  it("gives sealers at once while its lease lasts, and reads the registry and asks the provider once", async () => {
    const ring = ringOf();
    const { cells, audit } = await sealersOf(ring);
    expect(cells.open(cell, cells.seal(cell, "a remark"))).toBe("a remark");
    expect(audit.open("1", audit.seal("1", "who"))).toBe("who");
    now += 59_999;
    expect(ring.of("north", north.source)).not.toBeInstanceOf(Promise);
    expect(north.reads).toBe(1);
    expect(provider.asked.toSorted()).toEqual([
      "north/audit/1",
      "north/index/1",
      "north/mask/1",
      "north/seal/1",
    ]);
    now += 1;
    await sealersOf(ring);
    expect(north.reads).toBe(2);
    expect(provider.asked).toHaveLength(4);
  });

  vector(
    "V73: a machine that stood still counts the time for which it did, and no key outlives it there",
    async () => {
      onTestFinished(() => void vi.restoreAllMocks());
      const ring = new KeyRing({ provider });
      const { cells } = await sealersOf(ring);
      const hex = cells.seal(cell, "a remark");
      // Meanwhile keys were rotated and those of before retired, or the tenant was shredded.
      const real = Date.now.bind(Date);
      const clock = vi.spyOn(Date, "now");
      clock.mockImplementation(() => real() + 61_000);
      expect(ring.of("north", north.source)).toBeInstanceOf(Promise);
      clock.mockImplementation(() => real() + 301_000);
      expect(() => cells.open(cell, hex)).toThrow(code("keys/unavailable"));
      expect(() => cells.seal(cell, "a remark")).toThrow(code("keys/unavailable"));
      // It does not come back where the clock is set right again.
      clock.mockImplementation(real);
      expect(() => cells.open(cell, hex)).toThrow(code("keys/unavailable"));
      expect((await sealersOf(ring)).cells.open(cell, hex)).toBe("a remark");
      ring.close();
    },
  );

  it("measures by two clocks, neither of which shortens what the other has counted", () => {
    let [monotonic, wall] = [0, 1_000_000];
    const read = standingClock(
      () => monotonic,
      () => wall,
    );
    const after = (one: number, other: number): number => {
      monotonic += one;
      wall += other;
      return read();
    };
    expect(after(5, 5)).toBe(5);
    // The wall clock tells in whole milliseconds, and is a little uneven.
    for (let count = 0; count < 100; count += 1) after(0.1, count % 10 === 0 ? 1 : 0);
    expect(read()).toBeCloseTo(15);
    expect(after(10, 400_010)).toBeCloseTo(400_025);
    expect(after(10, -3_600_000)).toBeCloseTo(400_035);
    expect(after(10, 300_010)).toBeCloseTo(700_045);
  });

  it("asks once for all who ask at the same time", async () => {
    let open = (): void => undefined;
    provider.gate = new Promise((resolve) => (open = resolve));
    const ring = ringOf();
    const all = Array.from({ length: 50 }, () => sealersOf(ring));
    await settled();
    // One that is in a transaction waits for nobody's reading, and for the provider with all others.
    const inside = ring.of("north", north.inside);
    await settled();
    expect(north.reads).toBe(2);
    open();
    expect(new Set([...(await Promise.all(all)), await inside]).size).toBe(1);
    expect(provider.asked).toHaveLength(4);
  });

  it("in a transaction does not wait for a reading that waits for the transaction's turn", async () => {
    const ring = ringOf();
    void ring.of("north", { inTransaction: false, read: () => new Promise(() => undefined) });
    const { cells } = await ring.of("north", north.inside);
    expect(cells.seal(cell, "a")).toMatch(/^[0-9a-f]+$/);
  });

  it("reads for itself where the one that it waited for was refused", async () => {
    const ring = ringOf();
    let refuse: (error: Error) => void = () => undefined;
    const refused = ring.of("north", {
      inTransaction: false,
      read: () => new Promise((_, reject) => (refuse = reject)),
    }) as Promise<unknown>;
    const waiting = sealersOf(ring);
    refuse(new Error("his context is refused"));
    await expect(refused).rejects.toThrow("his context");
    expect((await waiting).cells.seal(cell, "a")).toMatch(/^[0-9a-f]+$/);
  });

  it("overwrites what the provider unwrapped", async () => {
    await sealersOf(ringOf());
    expect(provider.given).toHaveLength(4);
    for (const key of provider.given) expect(Buffer.from(key).equals(Buffer.alloc(32))).toBe(true);
  });

  vector("V77: two tenants never share a key, whatever they are called", async () => {
    const ring = ringOf();
    const names = [
      "north",
      "north ",
      "North",
      '["north","seal"]',
      "north/seal",
      "__proto__",
      "constructor",
      "",
    ];
    const sealed: string[] = [];
    const indexes = new Set<string>();
    for (const name of names) {
      const { cells } = await sealersOf(ring, await registryOf(provider, name || "x"));
      sealed.push(cells.seal(cell, "a remark"));
      indexes.add(cells.blindIndex(field, "a remark"));
    }
    expect(indexes.size).toBe(names.length);
    for (const [mine, name] of names.entries()) {
      const hold = ring.of(name || "x", north.source) as TenantSealers;
      for (const [theirs, hex] of sealed.entries())
        if (mine === theirs) expect(hold.cells.open(cell, hex)).toBe("a remark");
        else expect(() => hold.cells.open(cell, hex)).toThrow(code("not_authentic"));
    }
  });

  vector("V77: takes no registry of another tenant, whoever gives it", async () => {
    const ring = ringOf();
    await expect(ring.of("south", north.source)).rejects.toThrow(code("handle/no-context"));
    expect(ring.size).toBe(0);
  });

  vector(
    "V72: a wrapped key in another tenant's row, or in another row of its own, opens nothing",
    async () => {
      const south = await registryOf(provider, "south");
      const of = (rows: TestRegistry["rows"], purpose: string) => rows.find((row) => row.purpose === purpose);
      const redirected = south.rows.map((row) => ({
        ...row,
        wrapped: of(north.rows, row.purpose)?.wrapped ?? null,
      }));
      const swapped = north.rows.map((row) =>
        row.purpose === "seal" ? { ...row, wrapped: of(north.rows, "mask")?.wrapped ?? null } : row,
      );
      const renumbered = north.rows.map((row) => ({ ...row, version: 2 }));
      for (const [registry, rows] of [
        [south, redirected],
        [north, swapped],
        [north, renumbered],
      ] as const) {
        registry.rows = rows;
        const { cells } = await sealersOf(ringOf(), registry);
        expect(() => cells.seal(cell, "a")).toThrow(code("keys/not-authentic"));
      }
      expect(reported).not.toEqual([]);
    },
  );

  vector(
    "V72: another key than was wrapped, which the provider gives without a word, seals and opens nothing",
    async () => {
      const wrong: FaultyProvider = Object.assign(faultyProvider(), {
        unwrap: async () => new Uint8Array(randomBytes(32)),
      });
      const registry = await registryOf(wrong, "north");
      const { cells, audit } = await sealersOf(ringOf({ provider: wrong }), registry);
      for (const attempt of [
        () => cells.seal(cell, "a"),
        () => cells.blindIndexes(field, "a"),
        () => cells.mask("hash", field, "a"),
        () => audit.seal("1", "a"),
      ])
        expect(attempt).toThrow(code("keys/wrong-key"));
      const sound = await sealersOf(ringOf(), north);
      expect(sound.cells.open(cell, sound.cells.seal(cell, "a"))).toBe("a");
    },
  );

  vector("V77: holds no more tenants than its bound", async () => {
    const ring = ringOf({ mostTenants: 10 });
    for (let number = 0; number < 100; number++)
      await sealersOf(ring, await registryOf(provider, `t${number}`));
    expect(ring.size).toBe(10);
    // The tenant that is asked for again stays, and one that was let go of is asked for anew.
    const kept = await registryOf(provider, "t90");
    await sealersOf(ring, kept);
    await sealersOf(ring, await registryOf(provider, "new"));
    await sealersOf(ring, kept);
    expect(kept.reads).toBe(0);
    const gone = await registryOf(provider, "t91");
    await sealersOf(ring, gone);
    expect(gone.reads).toBe(1);
  });

  it("lets go of keys that nobody asks for any more", async () => {
    const ring = ringOf({ lease: 10, keyLife: 20 });
    await sealersOf(ring);
    now += 25;
    await expect.poll(() => ring.size).toBe(0);
  });

  it.each([
    ["uses", { mostUses: 3 }],
    ["bytes", { mostBytes: 300 }],
  ])("unwraps again after so many %s, and not in the middle of a transaction", async (_, bound) => {
    const ring = ringOf(bound);
    const { cells } = await sealersOf(ring);
    for (let use = 0; use < 4; use++) cells.seal(cell, "a".repeat(100));
    expect(provider.asked).toHaveLength(4);
    await sealersOf(ring);
    expect(provider.asked).toHaveLength(8);
    for (let use = 0; use < 4; use++) cells.seal(cell, "a".repeat(100));
    provider.fault = "keys/unavailable";
    const after = await sealersOf(ring);
    expect(() => after.cells.seal(cell, "a")).toThrow(code("keys/unavailable"));
  });

  it.each([0, -1, 60_001, Number.NaN])("has no lease of %s", (lease) => {
    expect(() => ringOf({ lease })).toThrow(RangeError);
  });

  it.each([0, 300_001, Number.POSITIVE_INFINITY])("holds no key for %s ms", (keyLife) => {
    expect(() => ringOf({ keyLife })).toThrow(RangeError);
  });

  vector("V77: uses no key for longer than its registry says, counted from before it was asked", async () => {
    north.holdFor = 2_000;
    const ring = ringOf();
    // The process stands still between its question and the answer.
    const slow = await ring.of("north", {
      inTransaction: false,
      read: async () => {
        const answer = await north.source.read();
        now += 1_500;
        return answer;
      },
    });
    const hex = slow.cells.seal(cell, "a remark");
    now += 499;
    expect(slow.cells.open(cell, hex)).toBe("a remark");
    now += 1;
    expect(() => slow.cells.open(cell, hex)).toThrow(code("keys/unavailable"));
    // Who asks now is told anew.
    expect((await sealersOf(ring)).cells.open(cell, hex)).toBe("a remark");
    north.state = "disabled";
    now += 2_000;
    expect(() => slow.cells.open(cell, hex)).toThrow(code("keys/unavailable"));
    expect(() => slow.audit.seal("1", "who")).toThrow(code("keys/unavailable"));
  });

  vector("V106: says so where the registry of a restored database has keys that were destroyed", async () => {
    provider.fault = "keys/destroyed";
    const { cells } = await sealersOf(ringOf());
    expect(() => cells.seal(cell, "a")).toThrow(code("keys/destroyed"));
    expect(reported).toContainEqual(code("keys/restored"));
    reported.length = 0;
    provider.fault = null;
    await sealersOf(ringOf());
    expect(reported).toEqual([]);
  });
});

describe("in an outage of the provider a ring", () => {
  it.each([
    ["is out of reach", "keys/unavailable"],
    ["fails in its own words", new Error("socket hang up")],
  ] as const)("keeps serving what it holds, within its bounds, where it %s", async (_, fault) => {
    const ring = ringOf();
    const { cells } = await sealersOf(ring);
    const hex = cells.seal(cell, "a remark");
    provider.fault = fault;
    for (; now < 1_000 + 299_000; now += 30_000) {
      const later = await sealersOf(ring);
      expect(later.cells.open(cell, hex)).toBe("a remark");
      await settled();
    }
    now = 1_000 + 300_000;
    expect(() => cells.open(cell, hex)).toThrow(code("keys/unavailable"));
    const { cells: late } = await sealersOf(ring);
    expect(() => late.open(cell, hex)).toThrow(code("keys/unavailable"));
    expect(() => late.seal(cell, "a")).toThrow(code("keys/unavailable"));
    provider.fault = null;
    now += 1_000;
    expect((await sealersOf(ring)).cells.open(cell, hex)).toBe("a remark");
  });

  it("refuses who has no keys here yet, and asks again a second later", async () => {
    provider.fault = "keys/unavailable";
    const ring = ringOf();
    const { cells } = await sealersOf(ring);
    for (const use of [
      () => cells.seal(cell, "a"),
      () => cells.open(cell, "00".repeat(100)),
      () => cells.blindIndexes(field, "a"),
      () => cells.mask("hash", field, "a"),
    ])
      expect(use).toThrow(/./);
    await sealersOf(ring);
    expect(provider.asked).toHaveLength(4);
    provider.fault = null;
    now += 1_000;
    const after = await sealersOf(ring);
    expect(after.cells.open(cell, after.cells.seal(cell, "a"))).toBe("a");
  });

  it("renews keys before their time is over, without anyone waiting", async () => {
    const ring = ringOf();
    await sealersOf(ring);
    for (let minute = 0; minute < 20; minute++) {
      now += 60_000;
      const { cells } = await sealersOf(ring);
      expect(cells.seal(cell, "a")).toMatch(/^[0-9a-f]+$/);
      await settled();
    }
    expect(provider.asked.length).toBeGreaterThan(4 * 4);
    expect(provider.asked.length).toBeLessThan(4 * 12);
  });

  it("gives up on one that does not answer", async () => {
    provider.gate = new Promise(() => undefined);
    const { cells } = await sealersOf(ringOf({ patience: 20 }));
    expect(() => cells.seal(cell, "a")).toThrow(code("keys/unavailable"));
  });

  it.each(["keys/refused", "keys/disabled", "keys/destroyed", "keys/not-authentic", "keys/missing"] as const)(
    "does not take %s for one: what it holds is gone as soon as it hears of it",
    async (fault) => {
      const ring = ringOf();
      const { cells } = await sealersOf(ring);
      provider.fault = fault;
      now += 240_000;
      await sealersOf(ring);
      await settled();
      expect(() => cells.seal(cell, "a")).toThrow(code(fault));
    },
  );
});

describe("states of keys in a ring", () => {
  it("disabled counts when the lease is read again, for sealers in hand too, and can be taken back", async () => {
    const ring = ringOf();
    const { cells, audit } = await sealersOf(ring);
    north.state = "disabled";
    now += 59_999;
    expect((await sealersOf(ring)).cells.seal(cell, "a")).toMatch(/^[0-9a-f]+$/);
    now += 1;
    await sealersOf(ring);
    for (const use of [() => cells.seal(cell, "a"), () => cells.blindIndex(field, "a")])
      expect(use).toThrow(code("keys/disabled"));
    // What happens to a tenant that is disabled is still recorded.
    expect(audit.seal("1", "who")).toMatch(/^[0-9a-f]+$/);
    north.state = "active";
    now += 60_000;
    await sealersOf(ring);
    expect(cells.seal(cell, "a")).toMatch(/^[0-9a-f]+$/);
    // Nothing had been kept in between.
    expect(provider.asked.filter((asked) => asked === "north/seal/1")).toHaveLength(2);
  });

  vector(
    "V77: a tenant that was shredded is gone after the lease, though the provider would still unwrap",
    async () => {
      const ring = ringOf();
      const { cells, audit } = await sealersOf(ring);
      const hex = cells.seal(cell, "a remark");
      const entry = audit.seal("1", "who");
      north.state = "destroyed";
      north.rows = north.rows.map((row) =>
        row.purpose === "audit" ? row : { ...row, state: "destroyed", wrapped: null },
      );
      now += 60_000;
      const after = await sealersOf(ring);
      for (const sealers of [cells, after.cells]) {
        expect(() => sealers.open(cell, hex)).toThrow(code("destroyed"));
        expect(() => sealers.seal(cell, "a")).toThrow(code("destroyed"));
        expect(() => sealers.blindIndexes(field, "a")).toThrow(code("destroyed"));
        expect(() => sealers.mask("token", field, "a")).toThrow(code("destroyed"));
      }
      expect(after.audit.open("1", entry)).toBe("who");
    },
  );

  it("forgets a tenant at once when it is told to, even while its keys are being asked for", async () => {
    const ring = ringOf();
    const { cells } = await sealersOf(ring);
    ring.forget("north");
    expect(() => cells.seal(cell, "a")).toThrow(code("keys/unavailable"));
    expect(ring.size).toBe(0);
    let open = (): void => undefined;
    provider.gate = new Promise((resolve) => (open = resolve));
    const asked = sealersOf(ring);
    await settled();
    north.state = "destroyed";
    ring.forget("north");
    open();
    const late = await asked;
    expect(() => late.cells.seal(cell, "a")).toThrow(code("destroyed"));
  });

  it("of which an older reading comes late do not come back", async () => {
    const ring = ringOf();
    let answer: (text: string) => void = () => undefined;
    const old = JSON.stringify({ tenant: "north", state: "active", keys: north.rows });
    const early = ring.of("north", {
      inTransaction: true,
      read: () => new Promise<string>((resolve) => (answer = resolve)),
    });
    now += 10;
    north.state = "disabled";
    const { cells } = await sealersOf(ring);
    answer(old);
    await early;
    expect(() => cells.seal(cell, "a")).toThrow(code("keys/disabled"));
  });

  it("has no key for a tenant without one, and finds one that is made a second later", async () => {
    const { rows } = north;
    north.rows = [];
    const ring = ringOf();
    const { cells } = await sealersOf(ring);
    expect(() => cells.seal(cell, "a")).toThrow(code("seal/no-key"));
    north.rows = rows;
    now += 1_000;
    expect((await sealersOf(ring)).cells.seal(cell, "a")).toMatch(/^[0-9a-f]+$/);
  });

  vector(
    "V79: a new version is read by all before any seals under it, and then both are looked for",
    async () => {
      const ring = ringOf();
      const first = (await sealersOf(ring)).cells.seal(cell, "a remark");
      await rotate(north, 2, false);
      now += 60_000;
      const { cells } = await sealersOf(ring);
      const versionOf = (hex: string) => Buffer.from(hex, "hex").readUInt32BE(4);
      expect(versionOf(cells.seal(cell, "a"))).toBe(1);
      expect(cells.blindIndex(field, "a").slice(0, 8)).toBe("00000001");
      expect(cells.blindIndexes(field, "a").map((index) => index.slice(0, 8))).toEqual([
        "00000001",
        "00000002",
      ]);
      for (const row of north.rows) row.writes = true;
      now += 60_000;
      await sealersOf(ring);
      const second = cells.seal(cell, "another");
      expect([versionOf(first), versionOf(second)]).toEqual([1, 2]);
      expect([cells.open(cell, first), cells.open(cell, second)]).toEqual(["a remark", "another"]);
      expect(cells.blindIndexes(field, "a").map((index) => index.slice(0, 8))).toEqual([
        "00000002",
        "00000001",
      ]);
    },
  );

  it("opens nothing that is below the least version, and names what was destroyed", async () => {
    const ring = ringOf();
    const { cells } = await sealersOf(ring);
    const hex = cells.seal(cell, "a remark");
    await rotate(north, 2);
    const old = north.rows.filter(({ version, purpose }) => version === 1 && purpose !== "audit");
    for (const row of old) Object.assign(row, { state: "retired", wrapped: null });
    now += 60_000;
    await sealersOf(ring);
    expect(() => cells.open(cell, hex)).toThrow(code("wrong_key_version"));
    expect(cells.blindIndexes(field, "a")).toHaveLength(1);
    for (const row of old) row.state = "destroyed";
    now += 60_000;
    await sealersOf(ring);
    expect(() => cells.open(cell, hex)).toThrow(code("destroyed"));
  });

  vector("V79: a version that is only out of reach makes a search fail, and not find less", async () => {
    const ring = ringOf();
    const { cells } = await sealersOf(ring);
    const hex = cells.seal(cell, "a remark");
    await rotate(north, 2);
    provider.fault = "keys/unavailable";
    now += 60_000;
    await sealersOf(ring);
    expect(() => cells.blindIndexes(field, "a")).toThrow(code("keys/unavailable"));
    expect(() => cells.seal(cell, "a")).toThrow(code("keys/unavailable"));
    expect(cells.open(cell, hex)).toBe("a remark");
  });

  it("of a provider that is not this one are not asked for here", async () => {
    for (const row of north.rows) row.provider = "elsewhere";
    const { cells } = await sealersOf(ringOf());
    expect(() => cells.seal(cell, "a")).toThrow(code("keys/missing"));
    expect(provider.asked).toEqual([]);
  });

  it.each([
    "null",
    "[]",
    '{"tenant":"north"}',
    '{"tenant":"north","state":"fine","keys":[]}',
    '{"tenant":"north","state":"active","keys":[{"purpose":"seal","version":1,"state":"current","provider":"faulty","writes":true,"wrapped":null,"check":"00112233445566778899aabbccddeeff"}]}',
    '{"tenant":"north","state":"active","keys":[{"purpose":"seal","version":1,"state":"retired","provider":"faulty","writes":true,"wrapped":"00","check":"00112233445566778899aabbccddeeff"}]}',
    '{"tenant":"north","state":"active","keys":[{"purpose":"other","version":1,"state":"current","provider":"faulty","writes":true,"wrapped":"00","check":"00112233445566778899aabbccddeeff"}]}',
    '{"tenant":"north","state":"active","keys":[{"purpose":"seal","version":1,"state":"current","provider":"faulty","writes":true,"wrapped":"00"}]}',
    '{"tenant":"north","state":"active","keys":[{"purpose":"seal","version":1,"state":"current","provider":"faulty","writes":true,"wrapped":"00","check":"00"}]}',
  ])("are not guessed from a registry that says %s", async (text) => {
    const ring = ringOf();
    await expect(ring.of("north", { inTransaction: false, read: async () => text })).rejects.toThrow();
    expect(ring.size).toBe(0);
  });
});
