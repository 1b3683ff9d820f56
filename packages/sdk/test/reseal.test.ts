/** A tenant's keys are rotated and its cells sealed anew, on a real server, while an application reads, searches and writes. */
import { KeyProviderError, type Database, type KeyProvider } from "@wardline/isolation";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { revealRow, type Wardline } from "../src/index.ts";
import {
  exportAudit,
  planReseal,
  registryRows,
  resealTenant,
  verifyAudit,
  type ResealOptions,
  type ResealProgress,
} from "../src/operator/index.ts";
import { postgres } from "../src/postgres/index.ts";
import { meddled, openResealLibrary, searchableProgram, versionsIn } from "./reseal-library.ts";
import { books, codeOf, idOf, sessionOf, type ServerLibrary, type Tenant } from "./server-library.ts";

let library: ServerLibrary;
let database: Database;
let wardline: Wardline;
/** Every test has another tenant of its own in the state of versions, since versions never go back. */
const lease = 40;
const settle = 120;
const both = ["seal", "index"] as const;
const code = (wanted: string) => expect.objectContaining({ code: wanted });
const wait = (time: number) => new Promise((resolve) => setTimeout(resolve, time));

beforeAll(async () => {
  library = await openResealLibrary();
  database = postgres({ ...library.reach, pool: { max: 3 } });
});
afterAll(async () => {
  await database.close();
  await library.close();
});
beforeEach(async () => {
  await library.reset();
  wardline = await library.open(database, { keyBounds: { lease } });
});
afterEach(async () => {
  await wardline.close();
  // What a test left off is brought to its end, so that the next one begins with one version.
  await library.raw("truncate wardline.key_job");
  await library.reset();
  await reseal();
});

function reseal(
  options: ResealOptions = {},
  more: { readonly database?: Database; readonly keys?: KeyProvider; readonly tenant?: Tenant } = {},
) {
  const { tenant = "north", ...other } = more;
  const program = searchableProgram(tenant);
  const target = { database: library.operator, program, keys: library.keys, operator: "olga", ...other };
  return resealTenant(target, { settle, pageRows: 7, ...options });
}

const newest = async (tenant: Tenant = "north"): Promise<number> => {
  const rows = await library.operator.turn((session) => registryRows(session, tenant));
  return Math.max(...rows.filter(({ purpose }) => purpose === "seal").map(({ version }) => version));
};
const statesOf = async (tenant: Tenant = "north") =>
  (await library.operator.turn((session) => registryRows(session, tenant)))
    .filter(({ purpose, state }) => (purpose === "seal" || purpose === "index") && state !== "retired")
    .map(({ purpose, version, state }) => `${purpose} ${version} ${state}`);
const idsWith = async (value: string): Promise<readonly string[]> =>
  (
    await sessionOf(wardline, "north").db.selectFrom("books").select("id").where("code", "=", value).execute()
  ).map(({ id }) => id);
const codeAt = async (number: number): Promise<string> =>
  revealRow(
    await sessionOf(wardline, "north")
      .db.selectFrom("books")
      .select("code")
      .where("id", "=", idOf("book", "north", number))
      .executeTakeFirstOrThrow(),
  ).code;
const write = (number: number, value: string) =>
  sessionOf(wardline, "north")
    .db.updateTable("books")
    .set({ code: value })
    .where("id", "=", idOf("book", "north", number))
    .execute();
const onRecord = async () => {
  const chain = await library.operator.turn((session) => exportAudit(session, "north"));
  expect(verifyAudit(chain, { tenant: "north" })).toMatchObject({ ok: true });
  return chain.entries
    .map(({ entry }) => JSON.parse(entry) as { action: string; reason: string; principal: unknown })
    .filter(({ action }) => action.startsWith("keys."));
};

describe("resealing a tenant", () => {
  test("V79: while keys are rotated a search finds each row exactly once, at every moment, and writes go on", async () => {
    const before = await newest();
    const seen = { searches: 0, wrong: [] as string[], isOver: false };
    const values = Array.from({ length: books }, (_, number) => `north code ${number}`);
    const search = async (from: number): Promise<void> => {
      for (let turn = from; !seen.isOver; turn += 1) {
        const number = turn % 30;
        const ids = await idsWith(values[number] as string);
        seen.searches += 1;
        if (ids.length !== 1 || ids[0] !== idOf("book", "north", number))
          seen.wrong.push(`${number}: ${ids.length}`);
      }
    };
    const writing = async (): Promise<void> => {
      for (let turn = 0; !seen.isOver; turn += 1) {
        const number = 30 + (turn % 10);
        await write(number, `written ${turn}`);
        values[number] = `written ${turn}`;
        if ((await idsWith(`written ${turn}`)).length !== 1) seen.wrong.push(`written ${turn}`);
      }
    };
    const others = [search(0), search(15), writing()];
    const told: ResealProgress["kind"][] = [];
    const report = await reseal({
      rotate: both,
      pause: 5,
      onProgress: ({ kind }) => void told.push(kind),
    }).finally(() => (seen.isOver = true));
    await Promise.all(others);
    expect(seen.wrong).toEqual([]);
    expect(seen.searches).toBeGreaterThan(10);
    const now = before + 1;
    expect(report).toMatchObject({
      outcome: "done",
      target: { seal: now, index: now },
      added: { seal: now, index: now },
    });
    expect(report.retired).toEqual({ seal: [before], index: [before] });
    expect(told).toEqual(expect.arrayContaining(["added", "rows"]));
    expect(await versionsIn(library, "north")).toEqual([`seal ${now} index ${now} × ${books}`]);
    for (const [number, value] of values.entries()) expect(await codeAt(number)).toBe(value);
    expect(await statesOf()).toEqual([`index ${now} current`, `seal ${now} current`]);
  });

  test("V73: what was sealed under an older version is refused once the least version rose, and V79 it is found no more", async () => {
    const [old] = await library.raw(
      "select code, code_bidx from public.books where id = $1",
      idOf("book", "north", 1),
    );
    await reseal({ rotate: both, destroyRetired: true });
    await wait(lease + 20);
    expect(await codeAt(1)).toBe("north code 1");
    await library.raw(
      "update public.books set code = $2, code_bidx = $3 where id = $1",
      idOf("book", "north", 1),
      old?.["code"],
      old?.["code_bidx"],
    );
    expect(await codeOf(codeAt(1))).toMatch(/^SealBroken (wrong_key_version|destroyed)$/);
    expect(await idsWith("north code 1")).toEqual([]);
    // The operator is told of it as well.
    expect(await reseal()).toMatchObject({ outcome: "unfinished" });
  });

  test("keeps what the application writes between the reading of a cell and its writing", async () => {
    let writes = 0;
    const between = meddled(library.operator, async (_session, sql) => {
      if (!sql.startsWith("WITH g AS MATERIALIZED") || writes > 2) return;
      writes += 1;
      for (const number of [0, 1, 2]) await write(number, `meanwhile ${writes} ${number}`);
    });
    expect(await reseal({ rotate: both, pageRows: 40 }, { database: between })).toMatchObject({
      outcome: "done",
    });
    expect(writes).toBeGreaterThan(0);
    for (const number of [0, 1, 2]) expect(await codeAt(number)).toBe(`meanwhile ${writes} ${number}`);
    expect(await codeAt(3)).toBe("north code 3");
    expect(await idsWith(`meanwhile ${writes} 2`)).toEqual([idOf("book", "north", 2)]);
  });

  test("retires nothing before a transaction has ended that sealed under an older key, however long that takes", async () => {
    const before = await newest();
    let end: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (end = resolve));
    const late = { title: "late", note: null, price: "1.00", branch_id: idOf("branch", "north", 1) };
    const rest = { shelf: "open", holder_id: null, id: idOf("book", "north", 600), code: "late" };
    let long: Promise<void> | undefined;
    const begin = (): Promise<void> =>
      new Promise((resolve) => {
        long = sessionOf(wardline, "north")
          .db.transaction()
          .execute(async (transaction) => {
            // Nobody else sees the row before it is committed.
            await transaction
              .insertInto("books")
              .values({ ...late, ...rest })
              .execute();
            resolve();
            await held;
          });
      });
    let isDone = false;
    const rotation = reseal({
      rotate: both,
      settle: 700,
      destroyRetired: true,
      onProgress: async ({ kind }) => {
        // The key is there and not sealed under yet.
        if (kind === "added" && long === undefined) await begin();
      },
    }).finally(() => (isDone = true));
    await wait(3000);
    expect(isDone).toBe(false);
    expect(await statesOf()).toContain(`seal ${before} readable`);
    end();
    await long;
    expect(await rotation).toMatchObject({ outcome: "done", retired: { seal: [before] } });
    expect(await codeAt(600)).toBe("late");
    expect(await idsWith("late")).toEqual([idOf("book", "north", 600)]);
  });

  test("takes along what a restore puts back after its last pass", async () => {
    const id = idOf("book", "north", 12);
    const [old] = await library.raw("select code, code_bidx from public.books where id = $1", id);
    let isBack = false;
    const between = meddled(library.operator, async (_session, sql) => {
      if (isBack || !sql.startsWith('SELECT FROM "public"."books" AS t')) return;
      isBack = true;
      const back = "update public.books set code = $2, code_bidx = $3 where id = $1";
      await library.raw(back, id, old?.["code"], old?.["code_bidx"]);
    });
    expect(await reseal({ rotate: both }, { database: between })).toMatchObject({ outcome: "done" });
    expect(isBack).toBe(true);
    await wait(lease + 20);
    expect(await codeAt(12)).toBe("north code 12");
    expect(await idsWith("north code 12")).toEqual([id]);
  });

  test("makes the indexes of rows that were sealed before their field was searchable, with the keys that are there", async () => {
    await library.raw(
      "update public.books set code_bidx = null where tenant_id = 'north' and title like '%1'",
    );
    await library.raw("update public.books set code_bidx = null where tenant_id = 'south'");
    expect(await idsWith("north code 11")).toEqual([]);
    const at = await newest();
    const plan = await planReseal({
      database: library.operator,
      program: searchableProgram("north"),
      keys: library.keys,
      operator: "olga",
    });
    expect(plan).toMatchObject({
      resumes: false,
      adds: {},
      tables: [{ table: "books", rows: books, pending: 4 }],
    });
    const report = await reseal();
    expect(report).toMatchObject({ outcome: "done", added: {}, tables: [{ done: 4 }] });
    expect(await idsWith("north code 11")).toEqual([idOf("book", "north", 11)]);
    expect(await versionsIn(library, "north")).toEqual([`seal ${at} index ${at} × ${books}`]);
    // Another tenant's rows are nobody's business here.
    expect(await versionsIn(library, "south")).toEqual([`seal 1 index - × ${books}`]);
  });

  test("names the cell that does not open, does the others, and retires nothing", async () => {
    const before = await newest();
    await library.raw(
      "update public.books set code = set_byte(code, 90, get_byte(code, 90) # 1) where id = $1",
      idOf("book", "north", 4),
    );
    // A cell of another row: it would open there.
    await library.raw(
      "update public.books set code = (select code from public.books where id = $2) where id = $1",
      idOf("book", "north", 9),
      idOf("book", "north", 8),
    );
    const report = await reseal({ rotate: both, destroyRetired: true });
    expect(report).toMatchObject({
      outcome: "unfinished",
      retired: { seal: [], index: [] },
      tables: [{ left: 2 }],
    });
    expect(report.tables[0]?.faults).toEqual(
      [4, 9].map((number) => ({
        table: "books",
        column: "code",
        row: idOf("book", "north", number),
        code: "not_authentic",
      })),
    );
    expect(JSON.stringify(report)).not.toContain("north code");
    const now = before + 1;
    expect(await versionsIn(library, "north")).toEqual([
      `seal ${before} index ${before} × 2`,
      `seal ${now} index ${now} × ${books - 2}`,
    ]);
    // Run again with the same command it adds no other version; mended, it comes to its end.
    await write(4, "mended");
    await write(9, "mended too");
    expect(await reseal({ rotate: both, destroyRetired: true })).toMatchObject({
      outcome: "done",
      added: {},
      destroyed: { seal: expect.arrayContaining([before]), index: expect.arrayContaining([before]) },
    });
    expect(await newest()).toBe(now);
    expect(await codeAt(4)).toBe("mended");
  });

  test("is refused while another process is at it", async () => {
    let second: unknown;
    const report = await reseal({
      rotate: both,
      async onProgress({ kind }) {
        if (kind === "rows") second ??= await reseal({ rotate: both }).catch((error: unknown) => error);
      },
    });
    expect(report.outcome).toBe("done");
    expect(second).toEqual(code("keys/job-busy"));
  });

  test("stops at an outage of the provider with nothing lost, and goes on without another version", async () => {
    const fault: { it: Error | null } = { it: new KeyProviderError("keys/unavailable", "no answer") };
    const faulty = (method: "generate" | "unwrap"): KeyProvider => ({
      ...library.keys,
      [method]: async (...given: Parameters<KeyProvider["unwrap"]>) => {
        if (fault.it !== null) throw fault.it;
        return library.keys[method](...given);
      },
    });
    const before = await newest();
    await expect(reseal({ rotate: both }, { keys: faulty("generate") })).rejects.toEqual(
      code("keys/unavailable"),
    );
    expect(await newest()).toBe(before);
    await expect(reseal({ rotate: both }, { keys: faulty("unwrap") })).rejects.toEqual(
      code("keys/unavailable"),
    );
    expect(await newest()).toBe(before + 1);
    expect(await codeAt(1)).toBe("north code 1");
    // In the middle: the keys of the run have come to their end.
    fault.it = null;
    expect(await reseal({ rotate: both }, { keys: faulty("unwrap") })).toMatchObject({
      outcome: "done",
      added: {},
    });
    expect(await newest()).toBe(before + 1);
  });

  test("ends where it would have to wait, if it is told to, and goes on later", async () => {
    // Long enough that a slow machine has not passed the moment by itself as it is told to wait for it.
    const late = { rotate: both, wait: false, settle: 2000 };
    const before = await newest();
    const first = await reseal(late);
    expect(first).toMatchObject({ outcome: "waiting", tables: [], retired: { seal: [] } });
    expect(first.until?.getTime()).toBeGreaterThan(Date.now() - 1000);
    let last = first;
    let tries = 0;
    for (; tries < 20 && last.outcome === "waiting"; tries += 1) {
      await wait(Math.max(0, (last.until?.getTime() ?? 0) - Date.now()) + 20);
      last = await reseal(late);
      // Counts are of the whole reseal, however many runs and passes it took.
      expect(last).toMatchObject({ added: {}, tables: [{ complete: true, done: books, left: 0 }] });
    }
    expect(tries).toBeGreaterThan(1);
    expect(last).toMatchObject({ outcome: "done", retired: { seal: [before] } });
    expect((await onRecord()).at(-1)?.reason).toContain(`; ${books} rows sealed anew; `);
  });

  test("V73: a clock of the database that jumps ahead has no key retired under which a process still seals", async () => {
    const late = { rotate: both, wait: false, settle: 2_000 };
    const before = await newest();
    // The lease of this process is longer than what is left to it once the clock has jumped.
    const slow = await library.open(database, { keyBounds: { lease: 60_000 } });
    onTestFinished(() => slow.close());
    const write = (value: string) =>
      sessionOf(slow, "north")
        .db.updateTable("books")
        .set({ code: value })
        .where("id", "=", idOf("book", "north", 3))
        .execute();
    await write("before");
    await reseal(late);
    // As a clock does that is an hour ahead from now on.
    await library.raw("alter table wardline.tenant_key disable trigger advances");
    await library.raw("update wardline.tenant_key set writes_from = writes_from - interval '1 hour'");
    await library.raw("alter table wardline.tenant_key enable always trigger advances");
    const began = performance.now();
    expect(await reseal(late)).toMatchObject({ outcome: "waiting", retired: { seal: [] } });
    await write("acknowledged");
    expect(await reseal({ ...late, wait: true })).toMatchObject({
      outcome: "done",
      retired: { seal: [before] },
    });
    expect(performance.now() - began).toBeGreaterThan(3_000);
    expect(await codeAt(3)).toBe("acknowledged");
  });

  test("is on the tenant's record once, in the transaction in which older keys were refused", async () => {
    const before = (await onRecord()).length;
    await reseal({ rotate: both });
    const now = await newest();
    expect((await onRecord()).slice(before)).toMatchObject([
      {
        action: "keys.rotate",
        reason: `added seal ${now}, index ${now}`,
        principal: { type: "operator", id: "olga" },
      },
      {
        action: "keys.reseal",
        reason: `seal ${now}, index ${now}; ${books} rows sealed anew; retired: seal ${now - 1}, index ${now - 1}; destroyed: none`,
      },
    ]);
    // With nothing to do nothing is entered.
    await reseal();
    expect(await onRecord()).toHaveLength(before + 2);
  });

  test("asks for keys that are there and may be used, and for the tables of the model", async () => {
    await library.raw(
      "insert into wardline.tenant_key_state (tenant_id, state) values ('north', 'disabled')",
    );
    await expect(reseal({ rotate: both })).rejects.toEqual(code("keys/disabled"));
    await library.raw("update wardline.tenant_key_state set state = 'active' where tenant_id = 'north'");
    await library.raw("alter table public.books rename column code_bidx to other");
    await expect(reseal({ rotate: both })).rejects.toEqual(code("database/mismatch"));
    await library.raw("alter table public.books rename column other to code_bidx");
  });

  test("retires nothing while another schema of the database has cells of the tenant under older keys", async () => {
    const before = await newest();
    await library.raw("create schema aside");
    await library.raw(
      "create table aside.books as select * from public.books where id = $1",
      idOf("book", "north", 2),
    );
    try {
      await expect(reseal({ rotate: both })).rejects.toEqual(code("keys/elsewhere"));
      expect(await statesOf()).toContain(`seal ${before} readable`);
    } finally {
      await library.raw("drop schema aside cascade");
    }
    expect(await reseal({ rotate: both })).toMatchObject({
      outcome: "done",
      added: {},
      retired: { seal: [before] },
    });
  });

  test("V73: nor where that schema is of another model: without the index, or with one cell sealed of two", async () => {
    const before = await newest();
    await library.raw("create schema aside");
    await library.raw(
      "create table aside.books as select tenant_id, id, code from public.books where tenant_id = 'north'",
    );
    // Plaintext in a column of the name is no cell, and no error of the database's either.
    await library.raw("create schema plain");
    await library.raw(
      "create table plain.books as select tenant_id, id, 'a text'::text as code from public.books where tenant_id = 'north'",
    );
    try {
      await expect(reseal({ rotate: both })).rejects.toEqual(code("keys/elsewhere"));
      expect(await statesOf()).toContain(`seal ${before} readable`);
    } finally {
      await library.raw("drop schema aside cascade");
    }
    try {
      expect(await reseal({ rotate: both })).toMatchObject({
        outcome: "done",
        added: {},
        retired: { seal: [before] },
      });
    } finally {
      await library.raw("drop schema plain cascade");
    }
  });

  test("goes on after its connection was cut at any of its statements, without another version and with nothing lost", async () => {
    const before = await newest();
    let cuts = 0;
    for (let at = 1; ; at += 1) {
      const cut = meddled(library.operator, (session, sql, count) => {
        // It has been sent, or not, by the time that the connection is cut.
        if (count < at + 6 * cuts || sql === "") return;
        session.abort?.();
      });
      const outcome = await reseal({ rotate: both, pageRows: 5 }, { database: cut }).catch(
        (error: unknown) => error,
      );
      if (outcome instanceof Error) {
        cuts += 1;
        expect(await codeAt(cuts % books)).toBe(`north code ${cuts % books}`);
        expect(await idsWith(`north code ${cuts % books}`)).toHaveLength(1);
        continue;
      }
      expect(outcome).toMatchObject({ outcome: "done" });
      break;
    }
    expect(cuts).toBeGreaterThan(10);
    expect(await newest()).toBe(before + 1);
    expect(await versionsIn(library, "north")).toEqual([`seal ${before + 1} index ${before + 1} × ${books}`]);
  });
});
