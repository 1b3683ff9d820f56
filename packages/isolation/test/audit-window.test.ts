/** The high-rate mode: what is shown before it is on record, how much that can be, and that it can be told. */
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { AuditWindow, type AuditWindowOptions } from "../src/audit/audit-window.ts";
import { newEntry } from "../src/audit/new-entry.ts";
import { TenantWindow, type WindowSource } from "../src/audit/tenant-window.ts";
import type { AuditEntry, AuditLog } from "../src/contracts.ts";
import { createAuditLog } from "../src/audit/audit-log.ts";
import { decideRow } from "../src/driver/decide-row.ts";
import type { GuardedDialectOptions } from "../src/driver/options.ts";
import { bothLibraries } from "./both-libraries.ts";
import {
  ada,
  auditOf,
  codeOf,
  failingAudit,
  handle,
  idOf,
  type Handle,
  type Library,
} from "./driver-library.ts";
import { owing, owingDecisions } from "./owing-guard.ts";

const by = { principal: { type: "Member", id: "ada" }, revision: "1", bundle: null, at: "" };
const read = (n: number): AuditEntry =>
  newEntry({ ...by, kind: "read", action: "list", entity: "Book", count: n });
const said: WindowSource["said"] = () => ({ revision: "1", bundle: null, at: "" });

describe("the bounds", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("V91: at no moment is more shown and not on record than the window says, in number and in time, whatever the log does", async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("read" as const), count: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ kind: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 80 }) }),
      fc.constant({ kind: "answer" as const }),
      fc.constant({ kind: "fail" as const }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 80 }), async (steps) => {
        const bounds = { milliseconds: 100, entries: 8 };
        const recorded: AuditEntry[] = [];
        const shown = new Map<number, number>();
        let asked: ((isDone: boolean) => void)[] = [];
        const window = new TenantWindow(bounds, () => Date.now());
        const source: WindowSource = {
          said,
          record: async (entries) => {
            const isDone = await new Promise<boolean>((answer) => asked.push(answer));
            if (!isDone) throw new Error("failed");
            recorded.push(...entries);
          },
        };
        const look = (): void => {
          const known = new Set(recorded.map(({ count }) => count));
          const open = [...shown].filter(([n]) => !known.has(n)).map(([, at]) => at);
          expect(open.length).toBeLessThanOrEqual(bounds.entries);
          expect(Math.max(...open, 0) - Math.min(...open, Infinity)).toBeLessThan(bounds.milliseconds);
          // What is shown and not there stands under a window that is.
          if (open.length > 0) expect(recorded.at(0)?.action).toBe("window.open");
        };
        const answer = (isDone: boolean): void => {
          const now = asked;
          asked = [];
          for (const one of now) one(isDone);
        };
        let n = 1_000;
        const under: Promise<unknown>[] = [];
        for (const one of steps) {
          if (one.kind === "read") {
            const numbers = Array.from({ length: one.count }, () => ++n);
            under.push(
              window.add(numbers.map(read), source).then(
                () => numbers.forEach((number) => shown.set(number, Date.now())),
                () => undefined,
              ),
            );
          } else if (one.kind === "pass") await vi.advanceTimersByTimeAsync(one.ms);
          else answer(one.kind === "answer");
          await vi.advanceTimersByTimeAsync(0);
          look();
        }
        const closed = window.close();
        for (let round = 0; round < 50; round += 1) {
          answer(true);
          await vi.advanceTimersByTimeAsync(0);
          look();
        }
        await closed;
        await Promise.all(under);
        // In the end all that was shown is there, once, and the last window says how many it had.
        const ids = recorded.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        const numbers = recorded.filter(({ kind }) => kind === "read").map(({ count }) => count);
        expect(numbers).toEqual(expect.arrayContaining([...shown.keys()]));
        for (const end of recorded.filter(({ action }) => action === "window.close"))
          expect(recorded.filter(({ of, kind }) => of === end.of && kind === "read")).toHaveLength(end.count);
      }),
      { numRuns: 150 },
    );
  });

  test("a window that is idle is closed with its count, and the next one is another", async () => {
    const recorded: AuditEntry[] = [];
    const source: WindowSource = { said, record: async (entries) => void recorded.push(...entries) };
    const window = new TenantWindow({ milliseconds: 100, entries: 8 }, () => Date.now());
    await window.add([read(1)], source);
    await vi.advanceTimersByTimeAsync(50);
    expect(recorded.map(({ kind }) => kind)).toEqual(["operation", "read"]);
    await vi.advanceTimersByTimeAsync(60_000);
    await window.add([read(2), read(3)], source);
    await window.close();
    const [first, , , second] = recorded;
    expect(recorded.map(({ action, of, count }) => [action, of, count])).toEqual([
      ["window.open", null, 8],
      ["list", first?.id, 1],
      ["window.close", first?.id, 1],
      ["window.open", null, 8],
      ["list", second?.id, 2],
      ["list", second?.id, 3],
      ["window.close", second?.id, 2],
    ]);
    await expect(window.add([read(4)], source)).rejects.toMatchObject({ code: "audit/failed" });
  });

  test("one that was closed shows nothing more, of a tenant that it never held anything of either", async () => {
    const recorded: AuditEntry[] = [];
    const source: WindowSource = { said, record: async (entries) => void recorded.push(...entries) };
    const window = new AuditWindow({ tenants: "all" });
    await window.add("north", [read(1)], source);
    await window.close();
    expect(recorded.map(({ action }) => action)).toEqual(["window.open", "list", "window.close"]);
    for (const tenant of ["north", "south"])
      await expect(window.add(tenant, [read(2)], source)).rejects.toMatchObject({ code: "audit/failed" });
    expect(recorded).toHaveLength(3);
  });

  test.each([
    { milliseconds: 9 },
    { milliseconds: 60_001 },
    { entries: 1 },
    { entries: 0.5 },
    { milliseconds: NaN },
  ])("%j is no window", (bounds) => {
    expect(() => new AuditWindow({ tenants: "all", ...bounds })).toThrow(RangeError);
  });
});

describe.each(bothLibraries)("%s", (name, open) => {
  let library: Library;
  let window: AuditWindow;
  const isServer = name !== "embedded";
  beforeAll(async () => {
    library = await open();
  });
  beforeEach(() => library.reset());
  afterEach(() => window.close());
  afterAll(() => library.close());

  const held = (
    chosen: Partial<AuditWindowOptions> = {},
    changes: Partial<GuardedDialectOptions> = {},
    level: "decision" | "fields" | "full" = "fields",
  ): Handle => {
    window = new AuditWindow({ tenants: ["north"], milliseconds: 60_000, ...chosen });
    return handle(library, "north", ada, {
      guard: owing(library.guards.north, { Book: level }),
      window,
      ...changes,
    });
  };
  const list = ({ db }: Handle) => db.selectFrom("books").select("title").execute();
  const said = async () =>
    (await auditOf(library, "north")).map(({ kind, action }) => [kind, action].join(" "));

  test("rows come first, entries together and later; the window says so before and after", async () => {
    const one = held();
    for (let n = 0; n < 3; n += 1) expect((await list(one)).length).toBeGreaterThan(1);
    expect(await said()).toEqual(["operation window.open"]);
    await window.close();
    const entries = await auditOf(library, "north");
    expect(entries.map(({ action }) => action)).toEqual([
      "window.open",
      "read",
      "read",
      "read",
      "window.close",
    ]);
    const [opened] = entries;
    expect(opened).toMatchObject({ count: 1_000, reason: "60000ms", principal: { type: "", id: "" } });
    for (const entry of entries.slice(1)) expect(entry["of"]).toBe(opened?.["id"]);
    expect(entries.at(-1)).toMatchObject({ count: 3 });
    expect(entries[1]).toMatchObject({ stage: "completion", principal: { id: "ada" }, fields: ["title"] });
    expect(await codeOf(list(one))).toBe("IsolationViolation audit/failed");
  });

  test("a duty that says full, another tenant, a write and a stream are on record first", async () => {
    await list(held({}, {}, "full"));
    expect(await said()).toEqual(["read read"]);
    await list(held({ tenants: ["south"] }));
    expect(await said()).toEqual(["read read", "read read"]);
    const one = held();
    const where = idOf("book", "north", 1);
    await one.db.updateTable("books").set({ copies: 7 }).where("id", "=", where).returning("id").execute();
    expect((await said()).toSorted((a, b) => a.localeCompare(b)).slice(-1)).toEqual(["write update"]);
    if (!isServer) return;
    for await (const _ of one.db.selectFrom("books").select("title").stream(2));
    expect((await said()).filter((entry) => entry === "read read").length).toBeGreaterThan(3);
    expect(await said()).not.toContain("operation window.open");
  });

  test("within a transaction too, where that can be; a decision as well", async () => {
    const one = held();
    if (isServer)
      await one.db.transaction().execute(async (trx) => {
        await trx.selectFrom("books").select("title").execute();
      });
    const guard = owingDecisions(one.options.guard, { type: "audit", level: "decision" });
    await decideRow({ ...one.options, guard }, "read", "Book", idOf("book", "north", 1));
    expect(await said()).toEqual(["operation window.open"]);
    await window.close();
    expect((await said()).slice(1)).toEqual([
      ...(isServer ? ["read read"] : []),
      "decision read",
      "operation window.close",
    ]);
  });

  test("V91: where its opening cannot be recorded, nothing is shown", async () => {
    const one = held({}, { audit: failingAudit });
    expect(await codeOf(list(one))).toBe("IsolationViolation audit/failed");
    expect(one.operatorErrors).toHaveLength(1);
  });

  test("V91: where the log fails later, what was shown is kept, nothing more is shown until it is on record, and it is there once", async () => {
    let fails = false;
    const real = createAuditLog();
    const audit: AuditLog = {
      append: (...given) => (fails ? failingAudit.append(...given) : real.append(...given)),
    };
    const one = held({ milliseconds: 60_000, entries: 4 }, { audit });
    await list(one);
    fails = true;
    const codes = [];
    for (let n = 0; n < 6; n += 1) codes.push(await codeOf(list(one)));
    // Four at the most were shown: the one before, and three.
    const shown = codes.filter((code) => code === "no error").length;
    expect(shown).toBeLessThanOrEqual(3);
    expect(codes.at(-1)).toBe("IsolationViolation audit/failed");
    fails = false;
    expect(await codeOf(list(one))).toBe("no error");
    await window.close();
    const entries = await auditOf(library, "north");
    expect(entries.filter(({ kind }) => kind === "read")).toHaveLength(2 + shown);
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
  });
});
