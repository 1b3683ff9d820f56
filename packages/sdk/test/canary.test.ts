/** A text that stands nowhere else is put into a sealed field, and looked for in everything that could have kept it. */
import { format, inspect } from "node:util";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { revealRow, Sealed, type Session } from "../src/index.ts";
import { postgres } from "../src/postgres/index.ts";
import { idOf, openServerLibrary, sessionOf, type ServerLibrary, type Tables } from "./server-library.ts";

const canary = "canary-9c2e7b40";
const longer = `${canary} ${"x".repeat(70_000)}`;
const log: string[] = [];
let library: ServerLibrary;
beforeAll(async () => {
  // The server writes down each statement with all of its parameters, whatever they hold.
  const settings = {
    log_statement: "all",
    log_min_duration_statement: "0",
    log_parameter_max_length: "-1",
    log_parameter_max_length_on_error: "-1",
  };
  library = await openServerLibrary(settings, (text) => log.push(text));
});
afterAll(() => library.close());

/** Every form in which the text could have been kept. */
function forms(): readonly string[] {
  const bytes = Buffer.from(canary);
  return [
    canary,
    bytes.toString("hex"),
    bytes.toString("base64").slice(0, 18),
    bytes.toString("base64url").slice(0, 18),
  ];
}

test("V80: the text of a sealed field is in no result that is printed, no error, no log, no audit entry, no table", async () => {
  const printed: string[] = [];
  const keep = (...what: unknown[]): void => {
    for (const one of what)
      printed.push(
        inspect(one, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null }),
        format("%s %j", one, safely(one)),
      );
  };
  const spies = (["log", "info", "warn", "error", "debug"] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation(keep),
  );
  const onWarning = (warning: Error) => keep(warning);
  process.on("warning", onWarning);
  const database = postgres({ ...library.reach, pool: { max: 3 } });
  const wardline = await library.open(database, { onOperatorError: keep, onAlarm: keep });
  const session: Session<Tables> = sessionOf(wardline, "north");
  const { db } = session;
  const id = idOf("book", "north", 7);
  const row = {
    id: idOf("book", "north", 700),
    title: "new",
    note: null,
    price: "1.00",
    branch_id: idOf("branch", "north", 1),
    shelf: "open",
  };
  const failed = async (work: Promise<unknown>): Promise<void> => {
    await work.then(
      (answer) => keep(answer),
      (error: unknown) => {
        for (let cause = error; cause !== undefined; cause = (cause as Error).cause)
          keep(cause, (cause as Error).stack);
      },
    );
  };

  // It arrives, in every kind of write.
  const values = (more: object) => db.insertInto("books").values({ ...row, ...more } as never);
  keep(await values({ code: canary }).returningAll().execute());
  const wrapped = new Sealed(canary) as never;
  keep(await db.updateTable("books").set({ code: wrapped }).where("id", "=", id).returning("code").execute());
  keep(
    await values({ code: longer })
      .onConflict((on) => on.columns(["id"]).doUpdateSet({ code: (eb) => eb.ref("excluded.code") }))
      .returning("code")
      .execute(),
  );
  const found = await db
    .selectFrom("books")
    .select(["id", "code"])
    .where("id", "in", [id, row.id])
    .orderBy("id")
    .execute();
  keep(
    found,
    structuredClone(found),
    found.map((one) => `the value ${one.code}`),
    found.map((one) => one.code).join(),
    session,
    db,
    wardline,
    new Error("x", { cause: found }),
  );
  expect(found.map(revealRow).map(({ code }) => code)).toEqual([canary, longer]);
  for await (const one of db.selectFrom("books").select("code").stream(10)) keep(one);

  // What fails says nothing of it.
  const where = db.selectFrom("books").select("id");
  const refusals: readonly { execute(): Promise<unknown> }[] = [
    values({ code: canary }),
    values({ id: idOf("book", "north", 701), code: canary, price: "no number" }),
    values({ id: idOf("book", "north", 702), code: canary, branch_id: idOf("branch", "south", 1) }),
    values({ id: idOf("book", "north", 703), code: `${canary}\ud800` }),
    values({ id: idOf("book", "north", 704), code: { text: canary } }),
    values({ id: idOf("book", "north", 705), code: wrapped, title: wrapped }),
    db.updateTable("books").set({ title: wrapped }).where("id", "=", id),
    db
      .updateTable("books")
      .set({ code: (eb) => eb.val(canary) as never })
      .where("code", "=", canary),
    where.where("code", "=", canary),
    where.where("code", "like", `${canary}%`),
    where.where("title", "=", wrapped),
    where.where("id", "=", wrapped),
    where.orderBy("code"),
  ];
  for (const refusal of refusals) await failed(refusal.execute());
  expect(await db.selectFrom("books").select("id").where("title", "=", "new").execute()).toHaveLength(1);
  // A cell that does not open any more.
  await library.raw(
    "update public.books set code = set_byte(code, 90, get_byte(code, 90) # 1) where id = $1",
    id,
  );
  await failed(db.selectFrom("books").select("code").where("id", "=", id).execute());

  const tables = await library.raw(
    `select (select string_agg(b::text, ' ') from public.books b) as books,
       (select string_agg(a::text, ' ') from wardline.audit a) as audit,
       (select string_agg(s.query, ' ') from pg_catalog.pg_stat_activity s) as running`,
  );
  await wardline.close();
  await database.close();
  process.off("warning", onWarning);
  for (const spy of spies) spy.mockRestore();
  // What the server has written has arrived when a mark has.
  await library.raw("select 'mark-1f9d' as mark");
  await vi.waitFor(() => expect(log.join("")).toContain("mark-1f9d"), 60_000);
  const everything = [...printed, log.join(""), ...tables.flatMap((one) => Object.values(one).map(String))];
  // The net has no hole: what is not sealed is found, in the log with its parameters and in the tables.
  expect(log.join("")).toMatch(/parameters: /i);
  expect(log.join("")).toContain("574c5302");
  expect(log.join("")).toContain("Parameters: $1 = 'north'".slice(13));
  expect(printed.length).toBeGreaterThan(60);
  expect(printed.join("")).toContain("[sealed]");
  for (const form of forms())
    expect(everything.filter((text) => text.includes(form)).map((text) => around(text, form))).toEqual([]);
});

function around(text: string, form: string): string {
  const at = text.indexOf(form);
  return text.slice(Math.max(0, at - 120), at + 80);
}

function safely(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value)) as unknown;
  } catch {
    return null;
  }
}
