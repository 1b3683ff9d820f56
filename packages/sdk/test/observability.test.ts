/** What leaves the process by traces, metrics and logs: everything that is of use to operators, and nothing that is a tenant's. */
import { cpSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from "@opentelemetry/sdk-trace-base";
import type { Program } from "@wardline/core";
import {
  AccessDenied,
  IsolationViolation,
  TenantBusy,
  type Database,
  type KeyProvider,
} from "@wardline/isolation";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OpenOptions, Session, Wardline } from "../src/index.ts";
import { openTelemetry } from "../src/otel/index.ts";
import { outcomeOf } from "../src/telemetry/outcome-of.ts";
import { postgres } from "../src/postgres/index.ts";
import { bundleFolder } from "./library-bundles.ts";
import {
  codeOf,
  idOf,
  openServerLibrary,
  sessionOf,
  type ServerLibrary,
  type Tables,
} from "./server-library.ts";

const canary = "kanarienvogel";
const reason = `${canary}-reason`;
const principal = `${canary}-principal`;
const book = idOf("book", "north", 1);

/** Deletes ask for a second factor, and nobody creates. */
function challenging(program: Program): Program {
  const [rule] = program.rules;
  return {
    ...program,
    rules: [
      ...program.rules,
      { ...(rule as Program["rules"][0]), id: `${program.tenant}/factor`, kind: "require", because: reason },
    ],
    conditions: [...program.conditions, { kind: "constant", value: false }],
    tables: program.tables.map((table) => ({
      ...table,
      passes: table.passes.map((pass) => {
        const factor = { type: "step_up", factor: "token", within: null } as const;
        if (table.action === "create") return { ...pass, grants: [] };
        if (table.action !== "delete") return pass;
        const preconditions = [{ obligation: factor, met: program.conditions.length }];
        return { ...pass, requires: [{ rule: 1, when: 0, effects: [], preconditions }] };
      }),
    })),
  };
}

let library: ServerLibrary;
let database: Database;
let bundles: string;
beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  library = await openServerLibrary({}, undefined, challenging);
  await library.raw(
    `alter table public.books add constraint books_title_check check (title not like 'forbidden%')`,
  );
  await library.raw(`update public.books set title = $1 || title where tenant_id = 'north'`, `${canary} `);
  database = postgres({ ...library.reach, pool: { max: 4 }, limits: { lock: 50 } });
  bundles = await mkdtemp(join(tmpdir(), "wardline-observed-"));
  await bundleFolder(["north", "south"], (program) => library.programs[program.tenant as "north"], bundles);
});
afterAll(async () => {
  context.disable();
  await database.close();
  await library.close();
  rmSync(bundles, { recursive: true, force: true });
});

interface Watched {
  readonly wardline: Wardline;
  readonly spans: () => readonly ReadableSpan[];
  /** All that left: spans, metrics and logs, as texts. */
  exported(): Promise<string>;
  logs(): string;
  readonly originals: unknown[];
}

async function watched(
  more: { readonly tenantAttribute?: boolean } & Partial<OpenOptions> = {},
): Promise<Watched> {
  const { tenantAttribute, ...options } = more;
  const spans = new InMemorySpanExporter();
  const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: metrics, exportIntervalMillis: 3_600_000 });
  let lines = "";
  const originals: unknown[] = [];
  const wardline = await library.open(database, {
    bundles,
    telemetry: openTelemetry({
      tracerProvider: new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }),
      meterProvider: new MeterProvider({ readers: [reader] }),
      ...(tenantAttribute === undefined ? {} : { tenantAttribute }),
    }),
    log: pino({ level: "debug", base: null }, { write: (line: string) => (lines += line) }),
    onOperatorError: (error) => originals.push(error),
    ...options,
  });
  return {
    wardline,
    originals,
    spans: () => spans.getFinishedSpans(),
    logs: () => lines,
    async exported() {
      await reader.forceFlush();
      const told = spans
        .getFinishedSpans()
        .map(({ name, attributes, events, status, links, resource, kind }) => ({
          name,
          attributes,
          events,
          status,
          links,
          resource: resource.attributes,
          kind,
        }));
      return JSON.stringify([told, metrics.getMetrics().map(({ scopeMetrics }) => scopeMetrics), lines]);
    },
  };
}

/** Work of every outcome, with canaries wherever a caller may put one. */
async function workOf(wardline: Wardline): Promise<Session<Tables>> {
  const session = sessionOf(wardline, "north", principal);
  const { db } = session;
  expect(
    (await db.selectFrom("books").selectAll().where("title", "=", `${canary} north title 1`).execute())
      .length,
  ).toBe(1);
  expect(await session.get("Book", book)).not.toBeNull();
  expect((await session.decide("read", { type: "Book", id: book })).outcome).toBe("permit");
  expect((await session.decide("delete", { type: "Book", id: book })).outcome).toBe("challenge");
  await session.query("select title from books where title = $1", [canary]);
  for await (const row of db.selectFrom("books").select("title").stream(7)) expect(row).toBeDefined();
  await db.transaction().execute(async (trx) => {
    await trx
      .updateTable("books")
      .set({ note: `${canary} note` })
      .where("id", "=", book)
      .execute();
  });
  const refusals: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["ChallengeRequired access/challenge", () => db.deleteFrom("books").where("id", "=", book).execute()],
    [
      "AccessDenied access/denied",
      () =>
        db
          .insertInto("books")
          .values({
            id: idOf("book", "north", 900),
            title: canary,
            code: canary,
            price: "1.00",
            branch_id: idOf("branch", "north", 1),
            shelf: "open",
          })
          .execute(),
    ],
    [
      "UnsupportedQuery write/constraint",
      () =>
        db
          .updateTable("books")
          .set({ title: `forbidden ${canary}` })
          .where("id", "=", book)
          .execute(),
    ],
    [
      "UnsupportedQuery query/unsupported-value",
      () => session.query("select title from books where cast(title as integer) = 1"),
    ],
    [
      "UnsupportedQuery query/unknown-table",
      () =>
        db
          .selectFrom(`${canary}_table` as "books")
          .selectAll()
          .execute(),
    ],
    [
      "UnsupportedQuery write/no-action",
      () => session.decide(`${canary}_action`, { type: "Book", id: book }),
    ],
    [
      "UnsupportedQuery query/unknown-table",
      () => session.decide("read", { type: `${canary}Type`, id: book }),
    ],
    ["UnsupportedQuery query/unknown-table", () => session.get(`${canary}Type`, book)],
    [
      "UnsupportedQuery write/no-action",
      () => session.reading(`${canary}_action`).selectFrom("books").selectAll().execute(),
    ],
    [
      "IsolationViolation database/timeout",
      () =>
        library.operator.turn(async (held) => {
          await held.query("begin", []);
          await held.query("lock table public.books in access exclusive mode", []);
          try {
            await db.selectFrom("books").select("id").where("title", "=", canary).execute();
          } finally {
            await held.query("rollback", []);
          }
        }),
    ],
    [
      `Error undefined`,
      () =>
        db.transaction().execute(async (trx) => {
          await trx.selectFrom("books").select("id").execute();
          throw new Error(canary);
        }),
    ],
  ];
  for (const [code, act] of refusals) expect(await codeOf(act())).toBe(code);
  session.end();
  expect(await codeOf(db.selectFrom("books").selectAll().execute())).toBe(
    "IsolationViolation handle/revoked",
  );
  return session;
}

const ids = /north|0000-7000-8001|[0-9a-f]{8}-[0-9a-f]{4}-7/;

describe("telemetry", () => {
  test("V92: no value, no id, no claim, no reason and no tenant stands in spans, metrics or logs", async () => {
    const seen = await watched();
    await workOf(seen.wardline);
    // The canaries were where they could have come from.
    expect(
      JSON.stringify(seen.originals.map((error) => ({ ...(error as object), text: String(error) }))),
    ).toContain(canary);
    await seen.wardline.close();
    const all = await seen.exported();
    expect(all).not.toContain(canary);
    expect(all).not.toMatch(ids);
    // It is there, and says what it should.
    const queries = seen.spans().filter(({ name }) => name === "wardline.query");
    const outcomes = new Set(queries.map(({ attributes }) => String(attributes["wardline.outcome"])));
    expect([...outcomes].toSorted()).toEqual(["challenged", "denied", "ok", "refused", "timeout"]);
    expect(queries[0]?.attributes).toMatchObject({
      "db.system.name": "postgresql",
      "db.operation.name": "select",
      "db.collection.name": "books",
      "db.response.returned_rows": 1,
      "wardline.challenged": false,
    });
    const names = new Set(seen.spans().map(({ name }) => name));
    for (const name of ["decide", "transaction", "key.unwrap", "audit.append"])
      expect(names).toContain(`wardline.${name}`);
    for (const { events, status } of seen.spans()) {
      expect(events).toEqual([]);
      expect(status.message).toBeUndefined();
    }
    expect(all).toContain("wardline.query.duration");
    expect(seen.logs()).toContain('"sqlstate":"23514"');
    expect(seen.logs()).toContain('"constraint":"books_title_check"');
    const lines = seen
      .logs()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    for (const line of lines)
      expect(line).toMatchObject({ level: expect.any(Number), msg: expect.any(String) });
  });

  test("V92: the tenant stands in spans where the operator says so, and in no metric", async () => {
    const seen = await watched({ tenantAttribute: true });
    await sessionOf(seen.wardline, "north").db.selectFrom("books").select("id").execute();
    const [span] = seen.spans().filter(({ name }) => name === "wardline.query");
    expect(span?.attributes["wardline.tenant"]).toBe("north");
    const all = JSON.parse(await seen.exported()) as [unknown, unknown, unknown];
    expect(JSON.stringify(all[1])).not.toContain("north");
    await seen.wardline.close();
    const careless = await watched({ tenantAttribute: "yes" as never });
    await sessionOf(careless.wardline, "north").db.selectFrom("books").select("id").execute();
    expect(await careless.exported()).not.toContain("north");
    await careless.wardline.close();
  });

  test("what a statement does is a part of it, and it of its transaction", async () => {
    const seen = await watched();
    const { db } = sessionOf(seen.wardline, "north");
    await db
      .transaction()
      .execute((trx) => trx.updateTable("books").set({ note: "x" }).where("id", "=", book).execute());
    const find = (name: string) => seen.spans().find((span) => span.name === name);
    const transaction = find("wardline.transaction");
    expect(transaction?.attributes["wardline.outcome"]).toBe("ok");
    expect(find("wardline.query")?.parentSpanContext?.spanId).toBe(transaction?.spanContext().spanId);
    expect(find("wardline.query")?.attributes["db.response.returned_rows"]).toBe(1);
    expect(find("wardline.audit.append")?.parentSpanContext?.traceId).toBe(
      transaction?.spanContext().traceId,
    );
    await seen.wardline.close();
  });

  test("V92: whatever names callers make up, there are no more series for them", async () => {
    const seen = await watched();
    const session = sessionOf(seen.wardline, "north");
    const count = async (): Promise<number> => {
      const told = JSON.parse(await seen.exported()) as [
        unknown,
        { metrics: { descriptor: { name: string }; dataPoints: unknown[] }[] }[][],
      ];
      const metrics = told[1].at(-1)?.flatMap((scope) => scope.metrics) ?? [];
      return metrics.reduce((sum, { dataPoints }) => sum + dataPoints.length, 0);
    };
    const ask = async (name: string): Promise<void> => {
      await expect(
        session.db
          .selectFrom(name as "books")
          .selectAll()
          .execute(),
      ).rejects.toThrow();
      await expect(session.decide(name, { type: name, id: name })).rejects.toThrow();
      await expect(session.get(name, name)).rejects.toThrow();
    };
    await ask("first");
    const before = await count();
    expect(before).toBeGreaterThan(3);
    for (let n = 0; n < 20; n += 1) await ask(`made up ${n}`);
    expect(await count()).toBe(before);
    await seen.wardline.close();
  });

  test("a stream that is left is over, and says how many rows left", async () => {
    const seen = await watched();
    for await (const row of sessionOf(seen.wardline, "north").db.selectFrom("books").select("id").stream(7)) {
      expect(row).toBeDefined();
      break;
    }
    const [span] = seen.spans().filter(({ name }) => name === "wardline.query");
    expect(span?.attributes).toMatchObject({ "wardline.outcome": "ok", "db.response.returned_rows": 7 });
    await seen.wardline.close();
  });

  test.each([
    [
      new AccessDenied("read", "Book", null, [], null, { code: "access/limit", retryAfter: 1 }),
      "limited",
      "access/limit",
    ],
    [new TenantBusy(1), "busy", "tenant/busy"],
    [new IsolationViolation("database/lost", canary), "failed", "database/lost"],
    [Object.assign(new Error(canary), { code: canary }), "failed", "other"],
    [canary, "failed", "other"],
  ])("%o is counted by its class and code", (error, outcome, code) => {
    expect(outcomeOf(error)).toEqual({ outcome, code });
  });

  test("whoever observes and throws changes nothing", async () => {
    const thrown = () => {
      throw new Error("observer");
    };
    const wardline = await library.open(database, {
      bundles,
      telemetry: {
        begin: (work) => (work.kind === "query" ? thrown() : { within: (run) => run(), end: thrown }),
        levels: () => () => undefined,
      },
      log: { debug: thrown, info: thrown, warn: thrown, error: thrown },
    });
    const { db } = sessionOf(wardline, "north");
    const { rows } = await db
      .transaction()
      .execute(async (trx) => ({ rows: await trx.selectFrom("books").select("id").execute() }));
    expect(rows.length).toBe(40);
    await wardline.close();
  });
});

describe("logs and health", () => {
  test("V92: a refused load is logged by its code, and its tenant where that was asked for", async () => {
    const folder = await mkdtemp(join(tmpdir(), "wardline-observed-"));
    cpSync(bundles, folder, { recursive: true });
    const seen = await watched({ bundles: folder });
    expect(await seen.wardline.health()).toMatchObject({
      status: "ok",
      ready: true,
      checks: {
        policies: { tenants: 2, loaded: 2, inForceUntil: null },
        database: { contextAccepted: true },
      },
    });
    writeFileSync(join(folder, "north", "ir.json"), `{"${canary}":1}`);
    expect(await seen.wardline.reload()).toHaveProperty("refused");
    const health = await seen.wardline.health();
    // What is in force still is.
    expect(health).toMatchObject({
      status: "degraded",
      ready: true,
      checks: { policies: { status: "degraded" } },
    });
    expect(health.checks.policies.refused).toMatch(/^bundle\//);
    expect(seen.logs()).toContain('"event":"wardline.alarm","code":"bundle/');
    for (const text of [await seen.exported(), JSON.stringify(health)]) {
      expect(text).not.toContain(canary);
      expect(text).not.toContain("north");
    }
    expect(seen.spans().find(({ name }) => name === "wardline.reload")?.attributes["error.type"]).toMatch(
      /^bundle\//,
    );
    await seen.wardline.close();
    expect(await seen.wardline.health()).toMatchObject({ status: "down", ready: false });
    rmSync(folder, { recursive: true, force: true });
  });

  test("a provider of keys that fails is seen, and a tenant whose keys were destroyed is not an outage", async () => {
    let fails = true;
    const provided = library.keys;
    const keys: KeyProvider = {
      ...provided,
      name: provided.name,
      unwrap: (of, wrapped) => (fails ? Promise.reject(new Error(canary)) : provided.unwrap(of, wrapped)),
    };
    const seen = await watched({ keys });
    const { db } = sessionOf(seen.wardline, "north");
    await expect(db.selectFrom("books").selectAll().execute()).rejects.toThrow();
    expect((await seen.wardline.health()).checks.keys).toMatchObject({
      status: "degraded",
      failure: { code: "other" },
    });
    expect(await seen.exported()).not.toContain(canary);
    fails = false;
    seen.wardline.forgetKeys("north");
    await db.selectFrom("books").selectAll().execute();
    expect((await seen.wardline.health()).checks.keys).toMatchObject({
      status: "ok",
      failure: null,
      tenants: 1,
    });
    await seen.wardline.close();
  });

  test("a database that does not answer is waited for only so long, and asked one thing at a time", async () => {
    let asked = 0;
    const { promise, resolve } = Promise.withResolvers<never[]>();
    const silent: Database = {
      ...database,
      kind: "server",
      schema: database.schema,
      turn: (run) => database.turn(run),
      batch: (statements) => {
        asked += 1;
        return asked === 1 ? promise : database.batch(statements);
      },
      close: () => Promise.resolve(),
    };
    const wardline = await library.open(silent, { bundles });
    const all = await Promise.all([wardline.health(), wardline.health(), wardline.health()]);
    expect(all.map(({ status, ready }) => [status, ready])).toEqual(all.map(() => ["down", false]));
    expect(asked).toBe(1);
    resolve([]);
    await wardline.close();
  });

  test("a context that the database does not accept makes it unready", async () => {
    const wardline = await library.open(database, {
      bundles,
      contextKey: { ...library.contextKey, secret: new Uint8Array(32).fill(7) },
    });
    expect(await wardline.health()).toMatchObject({
      ready: false,
      checks: { database: { status: "down", contextAccepted: false } },
    });
    await wardline.close();
  });
});
