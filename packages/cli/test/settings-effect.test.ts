/** That a line of settings changes what happens: from the text of a policy to what an application meets. */
import { join } from "node:path";
import { rmSync, writeFileSync } from "node:fs";
import { localKeys } from "@wardline/isolation";
import { Wardline, type Session, type SessionInput } from "@wardline/sdk";
import {
  applySchema,
  createTenantKeys,
  exportAudit,
  keysDue,
  loadRows,
  registryRows,
  rotateDue,
  setTenantKeyState,
} from "@wardline/sdk/operator";
import { pglite } from "@wardline/sdk/pglite";
import { system } from "@wardline/sdk/system";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { programOf } from "./bare-rows.ts";
import { policy, run, writeProject } from "./project.ts";

const coded = (code: string) => expect.objectContaining({ code });
const folder = writeProject();
const database = pglite();
const keys = localKeys(join(folder, "keys.json"));
const loan = "00000000-0000-4000-8000-000000000001";
let revision = 0;
let now = Date.UTC(2026, 0, 5, 12);
const opened: Wardline[] = [];

beforeAll(async () => {
  const program = programOf("north", policy);
  await applySchema(database, [program]);
  await createTenantKeys({ database, keys }, "north");
  const attributes = { borrower: "ada", title: "saga", fee: "1.00" };
  const rows = [loan, loan.replace(/1$/, "2")].map((id) => ({ id, attributes }));
  await loadRows({ database, program, keys }, "Loan", rows);
});
beforeEach(() => {
  now = Date.UTC(2026, 0, 5, 12);
});
afterAll(async () => {
  for (const one of opened) await one.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Builds the project with these settings, as the tenant's own or as the platform's. */
async function build(settings: string): Promise<void> {
  const text = settings === "" ? policy : `${policy}\nsettings { ${settings} }\n`;
  writeFileSync(join(folder, "north.ward"), text);
  rmSync(join(folder, "dist"), { recursive: true, force: true });
  const built = await run(folder, ["build", "--out", "dist", "--revision", String((revision += 1))]);
  expect(built).toMatchObject({ code: 0, err: expect.not.stringContaining("not-enforced") });
}

async function open(settings: string): Promise<Wardline> {
  await build(settings);
  const wardline = await Wardline.open({
    bundles: join(folder, "dist"),
    trust: "unsigned-development",
    database,
    keys,
    clock: () => new Date(now),
  });
  opened.push(wardline);
  return wardline;
}

const ada = { type: "Member", id: "ada", roles: ["reader"], attributes: { level: 3 } };
const clerk = { ...ada, roles: ["librarian"] };
const minutes = (count: number) => count * 60_000;
const ago = (milliseconds: number) => new Date(now - milliseconds);
const times = (begun: number, used: number): SessionInput => ({ begunAt: ago(begun), usedAt: ago(used) });
const loans = (session: Session) => session.db.selectFrom("loans").select("id").execute();

/** Everything that a handle can be asked, each by itself. */
const ways: Readonly<Record<string, (session: Session) => Promise<unknown>>> = {
  select: loans,
  update: (session) => session.db.updateTable("loans").set({ fee: "2.00" }).execute(),
  transaction: (session) => session.db.transaction().execute(async () => 1),
  decide: (session) => session.decide("read", { type: "Loan", id: loan }),
  filter: (session) => session.filter("list", "Loan"),
  stream: async (session) => {
    for await (const row of session.db.selectFrom("loans").select("id").stream(1)) expect(row).toBeDefined();
  },
  touch: async (session) => session.touch(),
};

describe("session", () => {
  let free: Wardline;
  let bound: Wardline;
  beforeAll(async () => {
    free = await open("");
    bound = await open("session: { idle: 15m, longest: 8h }");
  });

  test.each(Object.entries(ways))("a bound ends %s, and without one it goes on", async (_, way) => {
    await way(free.tenant("north").as(clerk, { mfa: true }));
    await way(free.tenant("north").as(clerk, { mfa: true }, times(minutes(9_000), minutes(9_000))));
    const as = (session?: SessionInput) => bound.tenant("north").as(clerk, { mfa: true }, session);
    await way(as(times(minutes(479), minutes(14))));
    await expect(way(as())).rejects.toEqual(coded("session/unknown"));
    await expect(way(as(times(minutes(480), 0)))).rejects.toEqual(coded("session/over"));
    await expect(way(as(times(minutes(60), minutes(15))))).rejects.toEqual(coded("session/idle"));
    // Each time may be ahead by what two clocks are apart, and by no more.
    await way(as(times(-minutes(1), -minutes(1))));
    await expect(way(as(times(-minutes(2), 0)))).rejects.toEqual(coded("session/unknown"));
    await expect(way(as(times(0, -minutes(2))))).rejects.toEqual(coded("session/unknown"));
  });

  test("either bound stands alone, and the platform's holds where the tenant says more", async () => {
    const old = times(minutes(600), minutes(20));
    const idle = await open("session: { idle: 15m }");
    await expect(loans(idle.tenant("north").as(ada, {}, old))).rejects.toEqual(coded("session/idle"));
    expect(await loans(idle.tenant("north").as(ada, {}, times(minutes(600), 0)))).toHaveLength(2);
    const longest = await open("session: { longest: 8h }");
    await expect(loans(longest.tenant("north").as(ada, {}, old))).rejects.toEqual(coded("session/over"));
    expect(await loans(longest.tenant("north").as(ada, {}, times(minutes(479), minutes(400))))).toHaveLength(
      2,
    );
  });

  test("runs out in a handle that is in use, in its transaction, in its stream, and nothing is stored", async () => {
    const session = bound.tenant("north").as(clerk, { mfa: true }, times(0, 0));
    const fees = () =>
      database.turn(async (one) => (await one.query("select fee::text as fee from public.loans", [])).rows);
    const before = await fees();
    const late = session.db.transaction().execute(async (trx) => {
      await trx.updateTable("loans").set({ fee: "7.00" }).execute();
      now += minutes(15);
    });
    await expect(late).rejects.toEqual(coded("session/idle"));
    expect(await fees()).toEqual(before);
    const next = bound.tenant("north").as(clerk, { mfa: true }, times(0, 0));
    const shown: unknown[] = [];
    const streamed = (async () => {
      for await (const row of next.db.selectFrom("loans").select("id").stream(1)) {
        shown.push(row);
        now += minutes(15);
      }
    })();
    await expect(streamed).rejects.toEqual(coded("session/idle"));
    expect(shown).toHaveLength(1);
  });

  test("is used again by a touch alone, and is not brought back by one", async () => {
    const session = bound.tenant("north").as(ada, {}, times(0, 0));
    for (let at = 0; at < 470; at += 10) {
      expect(await loans(session)).toHaveLength(2);
      session.touch();
      now += minutes(10);
    }
    now += minutes(5);
    expect(() => session.touch()).toThrow(coded("session/idle"));
    await expect(loans(session)).rejects.toEqual(coded("session/idle"));
    now -= minutes(10);
    session.touch();
    now += minutes(15);
    await expect(loans(session)).rejects.toEqual(coded("session/over"));
  });

  test("is shortened by a policy that is loaded while it is in use, in a transaction too", async () => {
    const wardline = await open("session: { longest: 8h }");
    const session = wardline.tenant("north").as(clerk, { mfa: true }, times(minutes(60), 0));
    expect(await loans(session)).toHaveLength(2);
    const begun = session.db.transaction().execute(async (trx) => {
      await trx.updateTable("loans").set({ fee: "8.00" }).execute();
      await build("session: { longest: 30m }");
      expect(await wardline.reload()).toEqual({ loaded: ["north"] });
    });
    await expect(begun).rejects.toEqual(coded("session/over"));
    await expect(loans(session)).rejects.toEqual(coded("session/over"));
    await build("");
    await wardline.reload();
    expect(await loans(session)).toHaveLength(2);
  });

  test("reaches a scope, and not the work of the system", async () => {
    const wardline = await open("session: { idle: 15m }");
    const scope = { tenant: "north", principal: ada };
    await expect(wardline.run(scope, loans)).rejects.toEqual(coded("session/unknown"));
    expect(await wardline.run({ ...scope, session: times(minutes(60), 0) }, loans)).toHaveLength(2);
    const work = { tenant: "north", as: ada, reason: "a repair", ttl: 60_000 };
    expect(await system(wardline, work, loans)).toHaveLength(2);
  });

  test("that is over puts nothing on record: it asked for nothing", async () => {
    const head = async () => (await database.turn((one) => exportAudit(one, "north"))).head;
    const before = await head();
    for (const way of Object.values(ways))
      await expect(way(bound.tenant("north").as(clerk, { mfa: true }))).rejects.toEqual(
        coded("session/unknown"),
      );
    expect(await head()).toEqual(before);
  });

  test.each([
    ["no dates", { begunAt: 1, usedAt: 2 }],
    ["texts", { begunAt: "2026-01-05", usedAt: "2026-01-05" }],
    ["dates that are none", { begunAt: new Date("x"), usedAt: new Date() }],
    ["one date", { begunAt: new Date() }],
    ["dates of a prototype", Object.create({ begunAt: new Date(), usedAt: new Date() }) as object],
    ["an empty id", { id: "", begunAt: new Date(), usedAt: new Date() }],
  ])("%s are no session", (_, given) => {
    expect(() => free.tenant("north").as(ada, {}, given as never)).toThrow(TypeError);
  });

  test("is what was handed in, whatever becomes of the dates", async () => {
    const given = { id: "s1", ...times(minutes(30), minutes(30)) };
    const session = bound.tenant("north").as(ada, {}, given);
    given.usedAt.setTime(now);
    expect(session.sessionId).toBe("s1");
    await expect(loans(session)).rejects.toEqual(coded("session/idle"));
  });
});

describe("keys.rotate", () => {
  const target = (settings: string) => ({
    database,
    program: programOf("north", settings === "" ? policy : `${policy}\nsettings { ${settings} }\n`),
    keys,
    operator: "olga",
  });
  const made = async () => {
    const rows = await database.turn((session) => registryRows(session, "north"));
    return Math.max(...rows.map(({ madeAt }) => madeAt.getTime()));
  };
  const newest = async () =>
    (await database.turn((session) => registryRows(session, "north")))
      .filter(({ state }) => state === "current")
      .map(({ purpose, version }) => `${purpose} ${version}`);
  const day = 24 * 60 * 60_000;

  test("rotates the keys that are older than the policy says, and none of another policy", async () => {
    const from = await made();
    const at = (days: number) => ({ now: new Date(from + days * day), settle: 1 });
    expect(await rotateDue(target(""), at(10_000))).toBeNull();
    expect(await rotateDue(target("keys: { rotate: 90d }"), at(89))).toBeNull();
    expect(await newest()).toEqual(["audit 1", "index 1", "mask 1", "seal 1"]);
    const due = await keysDue(target("keys: { rotate: 90d }"), at(90).now);
    expect(due.keys.map(({ purpose, isDue }) => [purpose, isDue])).toEqual([
      ["audit", true],
      ["index", true],
      ["seal", true],
    ]);
    expect(await rotateDue(target("keys: { rotate: 90d }"), at(90))).toMatchObject({
      outcome: "done",
      added: { audit: 2, index: 2, seal: 2 },
      retired: { seal: [1], index: [1] },
    });
    expect(await newest()).toEqual(["audit 2", "index 2", "mask 1", "seal 2"]);
    // The same again finds keys that are new.
    const again = { ...at(0), now: new Date((await made()) + 89 * day) };
    expect(await rotateDue(target("keys: { rotate: 90d }"), again)).toBeNull();
    // A shorter time is asked for at once.
    const shorter = await rotateDue(target("keys: { rotate: 30d }"), again);
    expect(shorter).toMatchObject({ outcome: "done", added: { audit: 3, index: 3, seal: 3 } });
  });

  test("brings what was left off to its end, and adds a key after it where one is still due", async () => {
    const later = { now: new Date((await made()) + 90 * day), settle: 60_000, wait: false };
    const first = await rotateDue(target("keys: { rotate: 90d }"), later);
    expect(first).toMatchObject({ outcome: "waiting", added: { seal: 4 } });
    // It is not begun twice, however late it is.
    const second = await rotateDue(target("keys: { rotate: 90d }"), later);
    expect(second).toMatchObject({ outcome: "waiting", added: {}, target: { seal: 4 } });
    expect(await newest()).toContain("seal 4");
    // What is disabled seals nothing.
    await database.turn((session) => setTenantKeyState(session, "north", "disabled"));
    expect(await rotateDue(target("keys: { rotate: 90d }"), later)).toBeNull();
    await database.turn((session) => setTenantKeyState(session, "north", "active"));
  });
});

describe("features", () => {
  test("are off where the policy says so, and on otherwise, by the policy of now", async () => {
    const wardline = await open("features: { summaries: off, notes: on }");
    const tenant = wardline.tenant("north");
    expect(["summaries", "notes", "other"].map((name) => tenant.feature(name))).toEqual([false, true, true]);
    await build("");
    await wardline.reload();
    expect(tenant.feature("summaries")).toBe(true);
    await wardline.close();
    expect(() => tenant.feature("summaries")).toThrow(coded("handle/revoked"));
  });

  test("what is no name of one is an error, and no name reaches a prototype", async () => {
    const tenant = (await open("features: { summaries: off }")).tenant("north");
    for (const name of ["", "Summaries", "constructor ", "__proto__", 7, null, ["summaries"]])
      expect(() => tenant.feature(name as never)).toThrow(TypeError);
    expect(tenant.feature("constructor")).toBe(true);
  });
});
