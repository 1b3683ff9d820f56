/** Keys of tenants through the whole guarded way, on a real server: leases, states, streams, and a provider that fails. */
import { KeyProviderError, setTenantKeyState, type Database, type KeyProvider } from "@wardline/isolation";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { padded, revealRow, type OpenOptions, type Wardline } from "../src/index.ts";
import { postgres } from "../src/postgres/index.ts";
import { codeOf, idOf, openServerLibrary, sessionOf, type ServerLibrary } from "./server-library.ts";

let library: ServerLibrary;
let database: Database;
const opened: Wardline[] = [];
const wait = (time: number) => new Promise((resolve) => setTimeout(resolve, time));

beforeAll(async () => {
  library = await openServerLibrary();
  database = postgres({ ...library.reach, pool: { max: 2 } });
});
afterAll(async () => {
  await database.close();
  await library.close();
});
afterEach(async () => {
  for (const wardline of opened.splice(0)) await wardline.close();
  await setState("active");
});

const setState = (state: "active" | "disabled") =>
  library.operator.turn(async (session) => {
    await session.query("begin", []);
    await setTenantKeyState(session, "north", state);
    await session.query("commit", []);
  });

async function open(more: Partial<OpenOptions> = {}): Promise<Wardline> {
  const wardline = await library.open(database, { keyBounds: { lease: 300 }, ...more });
  opened.push(wardline);
  return wardline;
}

const first = (wardline: Wardline) =>
  sessionOf(wardline, "north")
    .db.selectFrom("books")
    .select("code")
    .where("id", "=", idOf("book", "north", 0))
    .executeTakeFirstOrThrow()
    .then((row) => revealRow(row));
const titles = (wardline: Wardline) =>
  sessionOf(wardline, "north").db.selectFrom("books").select("title").limit(1).execute();

/** The provider of the library, whose unwrapping can be made to fail, and is counted. */
function faulty(): { keys: KeyProvider; fault: { it: KeyProviderError | Error | null }; asked: string[] } {
  const fault: { it: KeyProviderError | Error | null } = { it: null };
  const asked: string[] = [];
  const keys: KeyProvider = {
    ...library.keys,
    async unwrap(context, wrapped) {
      asked.push(`${context.tenant}/${context.purpose}/${context.version}`);
      if (fault.it !== null) throw fault.it;
      return library.keys.unwrap(context, wrapped);
    },
  };
  return { keys, fault, asked };
}

describe("keys of a tenant in use", () => {
  test("are asked for once for many who come at the same time, and not again within the lease", async () => {
    const { keys, asked } = faulty();
    const wardline = await open({ keys, keyBounds: {} });
    const all = await Promise.all(Array.from({ length: 20 }, () => first(wardline)));
    expect(new Set(all.map(({ code }) => code))).toEqual(new Set(["north code 0"]));
    expect(asked.toSorted()).toEqual(["north/audit/1", "north/index/1", "north/mask/1", "north/seal/1"]);
  });

  test("V82: padded, store short and long texts alike, which open with and without padding", async () => {
    const [plain, hiding] = [await open(), await open({ keys: padded(library.keys) })];
    const id = idOf("book", "north", 2);
    const lengths = async (by: Wardline, codes: readonly string[]): Promise<unknown[]> => {
      const found = [];
      for (const code of codes) {
        await sessionOf(by, "north").db.updateTable("books").set({ code }).where("id", "=", id).execute();
        found.push(
          (await library.raw("select octet_length(code) as n from public.books where id = $1", id))[0]?.["n"],
        );
        for (const reader of [plain, hiding]) {
          const row = await sessionOf(reader, "north")
            .db.selectFrom("books")
            .select("code")
            .where("id", "=", id)
            .executeTakeFirstOrThrow();
          expect(revealRow(row).code).toBe(code);
        }
      }
      return found;
    };
    const codes = ["", "no", "4711-4711-4711-4711"];
    expect(await lengths(hiding, codes)).toEqual([152, 152, 152]);
    expect(await lengths(plain, codes)).toEqual([88, 90, 107]);
  });

  test("disabled, open nothing after the lease, while the rest goes on; and can be taken back", async () => {
    const wardline = await open();
    expect((await first(wardline)).code).toBe("north code 0");
    await setState("disabled");
    await wait(350);
    expect(await codeOf(first(wardline))).toBe("KeyProviderError keys/disabled");
    expect(await titles(wardline)).toHaveLength(1);
    const write = sessionOf(wardline, "north")
      .db.updateTable("books")
      .set({ code: "another" })
      .where("id", "=", idOf("book", "north", 1));
    expect(await codeOf(write.execute())).toBe("KeyProviderError keys/disabled");
    await setState("active");
    await wait(350);
    expect((await first(wardline)).code).toBe("north code 0");
  });

  test("a stream stops at the page after the one at which they were disabled, though it holds the connection", async () => {
    const wardline = await open();
    let rows = 0;
    const stream = async (): Promise<void> => {
      for await (const row of sessionOf(wardline, "north")
        .db.selectFrom("books")
        .select(["id", "code"])
        .stream(5)) {
        expect(revealRow(row).code).toMatch(/^north code/);
        rows += 1;
        if (rows === 5) {
          await setState("disabled");
          await wait(350);
        }
      }
    };
    expect(await codeOf(stream())).toBe("KeyProviderError keys/disabled");
    expect(rows).toBe(5);
  });

  test("of streams that hold every connection are read again by each in its own", async () => {
    const wardline = await open();
    const stream = async (): Promise<number> => {
      let rows = 0;
      for await (const row of sessionOf(wardline, "north")
        .db.selectFrom("books")
        .select(["id", "code"])
        .stream(20)) {
        rows += row.id === "" ? 0 : 1;
        if (rows === 20) await wait(350);
      }
      return rows;
    };
    expect(await Promise.all([stream(), stream()])).toEqual([40, 40]);
  });

  test("in an outage serve who has them, and fail closed for who has not", async () => {
    const { keys, fault } = faulty();
    const errors: unknown[] = [];
    const wardline = await open({ keys, onOperatorError: (error) => errors.push(error) });
    expect((await first(wardline)).code).toBe("north code 0");
    fault.it = new Error("the vault says: token s.4711 is not known");
    await wait(350);
    expect((await first(wardline)).code).toBe("north code 0");
    const fresh = await open({ keys, onOperatorError: (error) => errors.push(error) });
    const refused = await first(fresh).catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: "KeyProviderError", code: "keys/unavailable" });
    // The provider's own words are for the operator.
    expect(JSON.stringify(refused, Object.getOwnPropertyNames(refused))).not.toContain("4711");
    expect(errors.some((error) => String(error).includes("4711"))).toBe(true);
    expect(await titles(fresh)).toHaveLength(1);
    fault.it = null;
    await wait(350);
    expect((await first(fresh)).code).toBe("north code 0");
  });

  test("are let go of at once when a process is told to", async () => {
    const { keys, fault } = faulty();
    const wardline = await open({ keys });
    await first(wardline);
    fault.it = new KeyProviderError("keys/destroyed", "it is gone");
    wardline.forgetKeys("north");
    expect(await codeOf(first(wardline))).toBe("KeyProviderError keys/destroyed");
  });
});

test("V72: a wrapped key that was put into another tenant's row opens nothing", async () => {
  await library.raw(
    `UPDATE wardline.tenant_key k SET wrapped = o.wrapped, wraps = k.wraps + 1
FROM wardline.tenant_key o WHERE o.tenant_id = 'south' AND o.purpose = k.purpose AND k.tenant_id = 'north' AND k.purpose = 'seal'`,
  );
  const wardline = await open();
  expect(await codeOf(first(wardline))).toBe("KeyProviderError keys/not-authentic");
  expect(await titles(wardline)).toHaveLength(1);
});
