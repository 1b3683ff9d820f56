/** Shares of the database: whose turn it is, who waits, who is refused, and who must never wait. */
import { expect, test } from "vitest";
import { TenantBusy, type Turn } from "@wardline/isolation";
import { Fairness } from "../src/fairness.ts";
import type { FairnessOptions } from "../src/fairness-options.ts";

const never = new AbortController().signal;

/** Work that begins when its turn comes and ends when it is told. */
class Bench {
  readonly begun: string[] = [];
  readonly #fairness: Fairness;
  readonly #turns = new Map<string, Turn>();

  constructor(options: FairnessOptions) {
    this.#fairness = new Fairness(options);
  }

  ask(name: string, tenant: string, asker: object = {}, signal = never): Promise<void> {
    const entered = this.#fairness.of(tenant).enter(asker, signal);
    const note = (turn: Turn): void => {
      this.begun.push(name);
      this.#turns.set(name, turn);
    };
    if (entered instanceof Promise) return entered.then(note);
    note(entered);
    return Promise.resolve();
  }

  hold(name: string): void {
    this.#turns.get(name)?.hold();
  }

  async end(name: string): Promise<void> {
    const turn = this.#turns.get(name);
    if (turn === undefined) throw new Error(`${name} has not begun`);
    turn.end();
    // What has its turn now is told of it.
    await Promise.resolve();
    await Promise.resolve();
  }
}

test("turns go round the tenants: one that floods waits behind itself", async () => {
  const bench = new Bench({ perTenant: 2, atOnce: 2 });
  for (let n = 0; n < 50; n += 1) void bench.ask(`flood ${n}`, "north");
  void bench.ask("south 0", "south");
  void bench.ask("south 1", "south");
  void bench.ask("west 0", "west");
  expect(bench.begun).toEqual(["flood 0", "flood 1"]);
  for (let n = 0; n < 6; n += 1) await bench.end(bench.begun[n] as string);
  // One of each in a round, however much of the first was there before; a tenant that has its share gets in line when it has less.
  expect(bench.begun.slice(2)).toEqual(["south 0", "west 0", "flood 2", "south 1", "flood 3", "flood 4"]);
});

test("a tenant has no more under way than its share, even where there is room", async () => {
  const bench = new Bench({ perTenant: 2, atOnce: 10 });
  for (let n = 0; n < 5; n += 1) void bench.ask(`north ${n}`, "north");
  await bench.ask("south", "south");
  expect(bench.begun).toEqual(["north 0", "north 1", "south"]);
  await bench.end("north 0");
  expect(bench.begun.slice(3)).toEqual(["north 2"]);
  await bench.end("south");
  expect(bench.begun).toHaveLength(4);
});

test("what is beyond the tenant's line is refused, and others are not", async () => {
  const bench = new Bench({ perTenant: 1, queue: 1 });
  void bench.ask("first", "north");
  void bench.ask("second", "north");
  const refused = bench.ask("third", "north");
  await expect(refused).rejects.toBeInstanceOf(TenantBusy);
  await expect(refused).rejects.toMatchObject({ code: "tenant/busy" });
  const { retryAfter } = (await refused.catch((error: unknown) => error)) as TenantBusy;
  expect(retryAfter).toBeGreaterThanOrEqual(100);
  await bench.ask("south", "south");
  expect(bench.begun).toEqual(["first", "south"]);
});

test("what is given up leaves the line, and what has waited for too long is refused", async () => {
  const bench = new Bench({ perTenant: 1, patience: 1 });
  void bench.ask("first", "north");
  const controller = new AbortController();
  const given = new Bench({ perTenant: 1 });
  void given.ask("first", "north");
  const second = given.ask("second", "north", {}, controller.signal);
  const third = given.ask("third", "north");
  controller.abort(new Error("given up"));
  await expect(second).rejects.toThrow("given up");
  await given.end("first");
  await third;
  expect(given.begun).toEqual(["first", "third"]);
  await expect(given.ask("late", "north", {}, controller.signal)).rejects.toThrow("given up");
  await given.end("third");
  await given.ask("fourth", "north");
  await expect(bench.ask("second", "north")).rejects.toMatchObject({ code: "tenant/busy" });
});

test("what is asked within a transaction of the same session waits for no turn, one at a time for each that is open", async () => {
  const bench = new Bench({ perTenant: 1, atOnce: 1 });
  const session = {};
  const another = {};
  await bench.ask("transaction", "north", session);
  void bench.ask("other", "north", another);
  void bench.ask("early", "north", session);
  bench.hold("transaction");
  await Promise.resolve();
  expect(bench.begun).toEqual(["transaction", "early"]);
  void bench.ask("inner", "north", session);
  void bench.ask("beside", "north", session);
  await bench.end("early");
  expect(bench.begun).toEqual(["transaction", "early", "inner"]);
  // A transaction in the transaction has room for one more.
  bench.hold("inner");
  await Promise.resolve();
  expect(bench.begun.slice(3)).toEqual(["beside"]);
  await bench.end("beside");
  await bench.end("inner");
  // An end counts once.
  await bench.end("inner");
  await bench.ask("after", "north", session);
  await bench.end("after");
  await bench.end("transaction");
  expect(bench.begun.slice(4)).toEqual(["after", "other"]);
  // No share is lost or left over.
  await bench.end("other");
  await bench.ask("last", "north");
  void bench.ask("no more", "north");
  expect(bench.begun.slice(6)).toEqual(["last"]);
});

test.each([
  { perTenant: 0 },
  { perTenant: 1.5 },
  { perTenant: 1, queue: -1 },
  { perTenant: 1, patience: 2 ** 31 },
])("no option is %j", (options) => {
  expect(() => new Fairness(options)).toThrow(TypeError);
});
