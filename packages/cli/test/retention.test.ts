/** Retention, from a line of a policy to the rows that go: which, in which order, up to when, and what stops it. */
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "@wardline/compiler";
import { canonicalJson, type Program } from "@wardline/core";
import { connect, startPostgres, type Connection, type PostgresServer } from "@wardline/database-testing";
import { createNoteSigner, type Database, type Estate } from "@wardline/isolation";
import {
  addCell,
  createCatalogue,
  createTenant,
  exportAudit,
  holdTenant,
  lastRetentionReceipt,
  openEstate,
  planRetention,
  planRetentionPlaced,
  readRetentionReceipt,
  releaseTenant,
  sweepRetention,
  sweepRetentionPlaced,
  verifyAudit,
  type SweepReport,
} from "@wardline/sdk/operator";
import { postgresOperator } from "@wardline/sdk/postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { projectFolder, run } from "./project.ts";

const model = `model library

principal Member {
  level: Int(0..5)
}

role reader for Member

entity Loan stored in loans {
  borrower: Member
  previous: Loan?
  returned: Date? #ended
  marks: Set<String> via loan_marks(loan_id, mark)
}

entity Fine stored in fines {
  loan: Loan
  paid: Instant? #ended
}

entity Shelf stored in shelves {
  best: Loan?
}

action read, list reads Loan, Fine, Shelf
`;
const platform = `platform for library

ceiling all: anyone to read, list anything
`;

function programOf(tenant: string, settings: string, platformSettings = ""): Program {
  const block = (text: string) => (text === "" ? "" : `\nsettings { ${text} }\n`);
  const { program, findings } = compile({
    model: { name: "library.ward", text: model },
    platform: [{ name: "platform.ward", text: platform + block(platformSettings) }],
    policy: {
      name: `${tenant}.ward`,
      text: `policy ${tenant} for library\n\npermit all: reader to read, list Loan, Fine, Shelf\n${block(settings)}`,
    },
    tenant,
  });
  return program ?? expect.fail(findings.map(({ message }) => message).join("; "));
}

const sign = createNoteSigner("sweeps.example.com");
const day = 24 * 60 * 60_000;
const ago = (days: number) => new Date(Date.now() - days * day);
const dateAgo = (days: number) => ago(days).toISOString().slice(0, 10);
const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

let server: PostgresServer;
let here: Connection;
let estate: Estate;
let catalogue: Database;
let operator: Database;
const north = "retention: { Loan: 30d, Fine: 30d }";

beforeAll(async () => {
  server = await startPostgres();
  const admin = await connect(server);
  for (const name of ["catalogue", "here"]) await admin.exec(`CREATE DATABASE ${name}`);
  await admin.exec(`CREATE ROLE wardline_app LOGIN PASSWORD '${randomBytes(12).toString("hex")}'`);
  await admin.close();
  const { host, port, user, password } = server;
  const at = (database: string) => postgresOperator({ host, port, user, password, database });
  catalogue = at("catalogue");
  operator = at("here");
  estate = estateOf(north);
  await createCatalogue(catalogue);
  await addCell(catalogue, { name: "here", region: "eu" });
  for (const tenant of ["north", "south"]) await createTenant(estate, tenant, { tier: "pool", cell: "here" });
  here = await connect({ ...server, database: "here" });
});
afterAll(async () => {
  await here.close();
  await operator.close();
  await catalogue.close();
  await server.stop();
});
beforeEach(async () => {
  await here.exec("TRUNCATE public.loans, public.fines, public.shelves, public.loan_marks CASCADE");
});

function estateOf(settings: string): Estate {
  return openEstate({
    catalogue,
    cells: { here: () => operator },
    programs: new Map([
      ["north", programOf("north", settings)],
      ["south", programOf("south", "")],
    ]),
    operator: "olga",
  });
}

interface Loan {
  readonly returned?: string | null;
  readonly previous?: number | null;
}

async function loan(number: number, { returned = null, previous = null }: Loan = {}, tenant = "north") {
  await here.query(
    "INSERT INTO public.loans (tenant_id, id, borrower_id, previous_id, returned) VALUES ($1, $2, 'ada', $3, $4)",
    [tenant, idOf(number), previous === null ? null : idOf(previous), returned],
  );
  await here.query("INSERT INTO public.loan_marks (tenant_id, loan_id, mark) VALUES ($1, $2, 'worn')", [
    tenant,
    idOf(number),
  ]);
}
const fine = (number: number, of: number, paid: Date | null) =>
  here.query("INSERT INTO public.fines (tenant_id, id, loan_id, paid) VALUES ('north', $1, $2, $3)", [
    idOf(number),
    idOf(of),
    paid?.toISOString() ?? null,
  ]);

async function left(table: string, tenant = "north"): Promise<readonly number[]> {
  const { rows } = await here.query(
    `SELECT right(id::text, 12)::int AS n FROM public.${table} WHERE tenant_id = $1 ORDER BY 1`,
    [tenant],
  );
  return rows.map(({ n }) => Number(n));
}

const sweep = (settings = north, more = {}): Promise<SweepReport> =>
  sweepRetention(
    { database: operator, program: programOf("north", settings), operator: "olga" },
    { sign, patience: 500, ...more },
  );

async function actions(): Promise<readonly string[]> {
  const chain = await operator.turn((session) => exportAudit(session, "north"));
  expect(verifyAudit(chain, { tenant: "north" })).toMatchObject({ ok: true });
  return chain.entries.map(({ entry }) => (JSON.parse(entry) as { action: string }).action);
}

describe("a line of the policy", () => {
  test("says which rows go: without it none do, and the platform's is the least", async () => {
    for (const [number, days] of [29, 31, 400].entries()) await loan(number, { returned: dateAgo(days) });
    await loan(9);
    expect(await sweep("")).toMatchObject({ outcome: "nothing", receipt: null });
    expect(await sweep("retention: { Loan: 2y }")).toMatchObject({ outcome: "nothing" });
    expect(await left("loans")).toEqual([0, 1, 2, 9]);
    const longer = programOf("north", "", "retention: { Loan: 1y }");
    const swept = await sweepRetention({ database: operator, program: longer, operator: "olga" }, { sign });
    expect(swept).toMatchObject({ outcome: "done", deleted: { Loan: 1 } });
    expect(await left("loans")).toEqual([0, 1, 9]);
    expect(await sweep("retention: { Loan: 30d }")).toMatchObject({ deleted: { Loan: 1 } });
    // What did not come to its end is kept for as long as that is so.
    expect(await left("loans")).toEqual([0, 9]);
    const { rows } = await here.query("SELECT right(loan_id::text, 12)::int AS n FROM public.loan_marks");
    expect(rows.map(({ n }) => Number(n)).toSorted((a, b) => a - b)).toEqual([0, 9]);
  });

  test("is counted back in the calendar, to the end of a day, and never early", async () => {
    const cases: readonly (readonly [number, string, boolean])[] = [
      [1, "6mo", false],
      [182, "6mo", false],
      [186, "6mo", true],
      [30, "30d", false],
      [32, "30d", true],
      [1, "1000000y", false],
    ];
    for (const [days, period, goes] of cases) {
      await loan(1, { returned: dateAgo(days) });
      const { outcome } = await sweep(`retention: { Loan: ${period} }`);
      expect([days, period, outcome]).toEqual([days, period, goes ? "done" : "nothing"]);
      await here.exec("TRUNCATE public.loans CASCADE");
    }
    await loan(1);
    await fine(1, 1, new Date(Date.now() - 30 * day + 60_000));
    expect(await sweep()).toMatchObject({ outcome: "nothing" });
    await here.exec("UPDATE public.fines SET paid = paid - interval '2 minutes'");
    expect(await sweep()).toMatchObject({ outcome: "done", deleted: { Fine: 1, Loan: 0 } });
  });

  test("is not taken for what nothing says the end of", async () => {
    await loan(1, { returned: dateAgo(400) });
    await here.query("INSERT INTO public.shelves (tenant_id, id) VALUES ('north', $1)", [idOf(1)]);
    const report = await sweep("retention: { Loan: 30d, Shelf: 30d, audit: 30d }");
    expect(report).toMatchObject({
      outcome: "done",
      unswept: [
        { entity: "Shelf", why: "no-end" },
        { entity: "audit", why: "audit" },
      ],
    });
    expect(await left("shelves")).toEqual([1]);
  });
});

describe("a sweep", () => {
  test("takes children before parents, keeps what others refer to, and is one tenant's", async () => {
    const returned = dateAgo(100);
    for (const number of [1, 2, 3, 4]) await loan(number, { returned });
    await loan(5, { returned, previous: 4 });
    await loan(6, { returned: dateAgo(1), previous: 5 });
    await loan(1, { returned }, "south");
    await fine(1, 1, ago(100));
    await fine(2, 2, ago(1));
    await here.query("INSERT INTO public.shelves (tenant_id, id, best_id) VALUES ('north', $1, $2)", [
      idOf(1),
      idOf(3),
    ]);
    const plan = await planRetention({
      database: operator,
      program: programOf("north", north),
      operator: "olga",
    });
    expect(plan).toMatchObject({ resumes: false, isHeld: false });
    expect(
      plan.entities.map(({ entity, rows, expired, referred }) => [entity, rows, expired, referred]),
    ).toEqual([
      ["Fine", 2, 1, 0],
      ["Loan", 6, 5, 5],
    ]);
    const report = await sweep(north, { pageRows: 1 });
    expect(report).toMatchObject({ outcome: "done", deleted: { Fine: 1, Loan: 1 } });
    expect(await left("fines")).toEqual([2]);
    expect(await left("loans")).toEqual([2, 3, 4, 5, 6]);
    expect(await left("loans", "south")).toEqual([1]);
    // A chain goes from its end, in one sweep.
    await here.exec("UPDATE public.loans SET returned = '2020-01-01' WHERE tenant_id = 'north'");
    expect(await sweep(north, { pageRows: 1 })).toMatchObject({ outcome: "done", deleted: { Loan: 3 } });
    expect(await left("loans")).toEqual([2, 3]);
  });

  test("gives a signed receipt, whose digest is on record, and tells how far it is", async () => {
    for (let number = 0; number < 12; number += 1) await loan(number, { returned: dateAgo(100) });
    const told: number[] = [];
    const before = (await actions()).length;
    const report = await sweep(north, {
      pageRows: 5,
      onProgress: ({ done }: { done: number }) => told.push(done),
    });
    expect(told.slice(0, 3)).toEqual([5, 10, 12]);
    const read = readRetentionReceipt(report.receipt ?? "", [sign]);
    if (!read.ok) return expect.fail(read.fault);
    expect(read.receipt).toMatchObject({
      tenant: "north",
      kept: {},
      runs: [
        {
          operator: "olga",
          rows: [
            { entity: "Fine", deleted: 0 },
            { entity: "Loan", period: { count: 30, unit: "d" }, cut: dateAgo(30), deleted: 12 },
          ],
        },
      ],
    });
    expect((await actions()).slice(before)).toEqual(["retention.begin", "retention.sweep"]);
    const { entries } = await operator.turn((session) => exportAudit(session, "north"));
    expect(JSON.parse(entries.at(-1)?.entry ?? "{}")).toMatchObject({
      reason: `sha256:${read.sha256}`,
      id: read.receipt.operation,
    });
    expect(read.receipt.chain).toEqual({ seq: entries.length - 1, hash: entries.at(-2)?.hash });
    expect(await lastRetentionReceipt(operator, "north")).toBe(report.receipt);
    // Whoever changes a count, or signs it anew, is not believed.
    const forged = (report.receipt ?? "").replace('"deleted":12', '"deleted":11');
    expect(forged).not.toBe(report.receipt);
    expect(readRetentionReceipt(forged, [sign])).toEqual({ ok: false, fault: "bad_signature" });
    expect(
      readRetentionReceipt(report.receipt ?? "", [createNoteSigner("sweeps.example.com")]),
    ).toMatchObject({
      ok: false,
    });
    expect(canonicalJson(read.receipt)).toBe((report.receipt ?? "").split("\n")[1]);
  });

  test("goes on after it was cut off, counts what went before, and counts nothing twice", async () => {
    for (let number = 0; number < 9; number += 1) await loan(number, { returned: dateAgo(100) });
    const cut = sweep(north, {
      pageRows: 2,
      onProgress: ({ done }: { done: number }) => {
        if (done === 4) throw new Error("killed");
      },
    });
    await expect(cut).rejects.toThrow("killed");
    expect(await left("loans")).toHaveLength(5);
    expect((await actions()).at(-1)).toBe("retention.begin");
    // By the policy of then: one that keeps rows for longer stops what is left.
    const longer = await sweep("retention: { Loan: 1y }", { pageRows: 2 });
    expect(longer).toMatchObject({ outcome: "done", deleted: { Loan: 4 } });
    expect(await left("loans")).toHaveLength(5);
    expect(await sweep()).toMatchObject({ outcome: "done", deleted: { Loan: 5 } });
    const read = readRetentionReceipt(longer.receipt ?? "", [sign]);
    expect(read).toMatchObject({
      receipt: {
        runs: [
          { rows: [{ entity: "Fine" }, { entity: "Loan", deleted: 4 }] },
          { rows: [{ entity: "Loan", period: { count: 1, unit: "y" }, deleted: 0 }] },
        ],
      },
    });
  });

  test("counts no row of a page whose connection was lost before it stood", async () => {
    for (let number = 0; number < 9; number += 1) await loan(number, { returned: dateAgo(100) });
    let pages = 0;
    const lossy: Database = {
      ...operator,
      turn: (act) =>
        operator.turn((session) =>
          act({
            ...session,
            async query(sql, parameters) {
              const result = await session.query(sql, parameters);
              if (sql.startsWith("DELETE") && (pages += 1) === 2) session.abort?.();
              return result;
            },
          }),
        ),
    };
    const program = programOf("north", north);
    const lost = sweepRetention({ database: lossy, program, operator: "olga" }, { sign, pageRows: 2 });
    await expect(lost).rejects.toThrow();
    expect([pages, (await left("loans")).length]).toEqual([2, 7]);
    expect((await planRetention({ database: operator, program, operator: "olga" })).resumes).toBe(true);
    const report = await sweep(north, { pageRows: 2 });
    expect(report).toMatchObject({ outcome: "done", deleted: { Loan: 9 } });
    expect(readRetentionReceipt(report.receipt ?? "", [sign])).toMatchObject({
      receipt: { runs: [{ rows: [{}, { deleted: 2 }] }, { rows: [{}, { deleted: 7 }] }] },
    });
  });

  test("is stopped by a legal hold, before it and within it, until that is released", async () => {
    for (let number = 0; number < 6; number += 1) await loan(number, { returned: dateAgo(100) });
    const held = expect.objectContaining({ name: "RetentionRefused", code: "retention/held" });
    await holdTenant(estate, "north", "a lawsuit");
    expect(await planRetentionPlaced(estate, "north")).toMatchObject({ isHeld: true });
    await expect(sweepRetentionPlaced(estate, "north", { sign })).rejects.toEqual(held);
    await releaseTenant(estate, "north");
    let seen = 0;
    const within = sweepRetentionPlaced(estate, "north", {
      sign,
      pageRows: 2,
      onProgress: async ({ done }) => {
        if (done === 2) await holdTenant(estate, "north", "another one");
        seen = done;
      },
    });
    await expect(within).rejects.toEqual(held);
    expect([seen, (await left("loans")).length]).toEqual([2, 4]);
    await releaseTenant(estate, "north");
    expect(await sweepRetentionPlaced(estate, "north", { sign })).toMatchObject({
      outcome: "done",
      deleted: { Loan: 6 },
    });
  });

  test("leaves rows that others hold, or that something unknown refers to, and then gives no receipt", async () => {
    for (const number of [1, 2, 3]) await loan(number, { returned: dateAgo(100) });
    await here.exec(
      "CREATE TABLE public.other (tenant_id text, loan uuid, FOREIGN KEY (tenant_id, loan) REFERENCES public.loans (tenant_id, id))",
    );
    await here.query("INSERT INTO public.other VALUES ('north', $1)", [idOf(2)]);
    const report = await sweep();
    expect(report).toMatchObject({ outcome: "unfinished", deleted: { Loan: 2 }, receipt: null });
    expect(report.tables.flatMap(({ faults }) => faults)).toEqual([
      { table: "loans", column: "returned", row: idOf(2), code: "referred" },
    ]);
    await here.exec("DROP TABLE public.other");
    const other = await connect({ ...server, database: "here" });
    await other.exec("BEGIN");
    await other.query("UPDATE public.loans SET borrower_id = 'bo' WHERE id = $1", [idOf(2)]);
    expect(await sweep()).toMatchObject({ outcome: "unfinished" });
    await other.exec("COMMIT");
    await other.close();
    expect(await sweep()).toMatchObject({ outcome: "done", deleted: { Loan: 3 } });
  });

  test("lets one run at a tenant at a time", async () => {
    await loan(1, { returned: dateAgo(100) });
    const refused: unknown[] = [];
    await sweep(north, {
      pageRows: 1,
      onProgress: async () => {
        await sweep().catch((error: unknown) => refused.push((error as { code: string }).code));
      },
    });
    expect(refused[0]).toBe("keys/job-busy");
    expect(await left("loans")).toEqual([]);
  });

  test("finds its place in a database that was made before there were sweeps", async () => {
    await here.exec(
      "TRUNCATE wardline.key_job; ALTER TABLE wardline.key_job DROP CONSTRAINT key_job_kind_check, ADD CONSTRAINT key_job_kind_check CHECK (kind IN ('reseal', 'adopt'))",
    );
    await loan(1, { returned: dateAgo(100) });
    expect(await sweep()).toMatchObject({ outcome: "done" });
  });
});

test("on the command line: a plan, a sweep with its receipt, and the receipt again", async () => {
  const folder = projectFolder({
    "library.ward": model,
    "platform.ward": platform,
    "north.ward": `policy north for library\n\npermit all: reader to read, list Loan\n\nsettings { retention: { Loan: 30d, audit: 6y } }\n`,
  });
  const url = (database: string) =>
    `postgres://${server.user}:${server.password}@${server.host}:${server.port}/${database}`;
  const places = {
    catalogue: url("catalogue"),
    cells: { here: { region: "eu", at: url("here") } },
    operator: "olga",
  };
  writeFileSync(join(folder, "places.json"), JSON.stringify(places));
  const made = await run(folder, ["keys", "audit", "sweep.key", "--name", "sweeps.example.com"]);
  const [publicKey = ""] = /sweeps\.example\.com\+\S+/.exec(made.out) ?? [];
  const tenant = (...words: string[]) =>
    run(folder, ["tenant", "sweep", "north", "--places", "places.json", ...words]);
  const receipt = (...words: string[]) => run(folder, ["tenant", "receipt", "one.txt", ...words]);
  await loan(1, { returned: dateAgo(100) });
  await loan(2, { returned: dateAgo(100), previous: 1 });
  await loan(3, { previous: 2 });
  await loan(4, { returned: dateAgo(100) });
  expect(await tenant("--plan")).toEqual({
    code: 0,
    err: "",
    out: `north:\n  Loan, kept for 30d: 1 of 4 rows would go, over by ${dateAgo(30)}; 2 more stay while others refer to them\n  audit: the audit log is kept whole\n`,
  });
  expect(await tenant()).toMatchObject({ code: 2, out: "" });
  expect(await left("loans")).toEqual([1, 2, 3, 4]);
  expect(await tenant("--sign", "sweep.key", "--out", "one.txt")).toEqual({
    code: 0,
    err: "",
    out: "north: done\n  Loan: 1 row deleted\n  audit: the audit log is kept whole\n  receipt in one.txt\n",
  });
  expect(await left("loans")).toEqual([1, 2, 3]);
  const read = await receipt("--key", publicKey);
  expect(read).toMatchObject({ code: 0, err: "" });
  expect(read.out).toContain(
    `    Loan, kept for 30d: 1 row deleted, over by ${dateAgo(30)}\n  Loan: 2 rows stay`,
  );
  const text = readFileSync(join(folder, "one.txt"), "utf8");
  expect((await tenant("--last")).out).toBe(text);
  writeFileSync(join(folder, "one.txt"), text.replace('"deleted":1', '"deleted":9'));
  const forged = await receipt("--key", publicKey);
  expect(forged).toMatchObject({ code: 6, out: "" });
  expect(forged.err).toContain("error[retention/bad-receipt]");
  expect((await tenant("--sign", "sweep.key", "--format", "json")).out).toContain('"outcome": "nothing"');
  await holdTenant(estate, "north", "a lawsuit");
  const held = await tenant("--sign", "sweep.key");
  await releaseTenant(estate, "north");
  expect(held).toMatchObject({ code: 2, out: "" });
  expect(held.err).toContain("error[retention/held]");
});
