/** Scopes: the handle of the call that one is in, never of another, and none where there is none. */
import type { AsyncLocalStorage } from "node:async_hooks";
import { execFileSync } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { parseTenantId, Wardline, type Session } from "../src/index.ts";
import { createSchema, createTenantKeys } from "../src/operator/index.ts";
import { pglite } from "../src/pglite.ts";
import { bundleFolder, programOf, keysOfFile } from "./library-bundles.ts";

const coded = (code: string) => expect.objectContaining({ code });
const database = pglite();
const keys = keysOfFile();
beforeAll(async () => {
  await createSchema(database, ["north", "south"].map(programOf));
  for (const tenant of ["north", "south"]) await createTenantKeys({ database, keys }, tenant);
});
afterAll(() => database.close());

async function open(): Promise<Wardline> {
  const bundles = await bundleFolder(["north", "south"]);
  return Wardline.open({ bundles, trust: "unsigned-development", database, keys });
}

const ada = { type: "Member", id: "ada", roles: ["reader"], attributes: { level: 1 } };
const north = { tenant: "north", principal: ada };
const books = (session: Session) => session.db.selectFrom("books").select("id").execute();

describe("a scope", () => {
  test("gives its handle inside, and revokes it at the end", async () => {
    const wardline = await open();
    const kept = await wardline.run(north, async (session) => {
      expect(wardline.current()).toBe(session);
      await new Promise((done) => setImmediate(done));
      expect(wardline.current()).toBe(session);
      expect(await books(session)).toEqual([]);
      return session;
    });
    await expect(books(kept)).rejects.toEqual(coded("handle/revoked"));
  });

  test("is revoked when its work fails, too", async () => {
    const wardline = await open();
    let kept: Session | undefined;
    const work = async (session: Session): Promise<void> => {
      kept = session;
      throw new RangeError("mine");
    };
    await expect(wardline.run(north, work)).rejects.toThrow("mine");
    await expect(books(kept as Session)).rejects.toEqual(coded("handle/revoked"));
  });

  test("V26: outside of one there is no handle, and none to fall back to", async () => {
    const wardline = await open();
    expect(() => wardline.current()).toThrow(coded("handle/no-context"));
    const bus = new EventEmitter();
    bus.on("asked", () =>
      bus.emit(
        "answered",
        answer(() => wardline.current()),
      ),
    );
    const outside = once(bus, "answered");
    setImmediate(() => bus.emit("asked"));
    await wardline.run(north, async () => undefined);
    expect((await outside)[0]).toEqual(coded("handle/no-context"));
  });

  test("V26: what it left behind finds its own handle, revoked, and never a later one's", async () => {
    const wardline = await open();
    const late = Promise.withResolvers<unknown>();
    await wardline.run(north, async (session) => {
      setTimeout(() => {
        const found = wardline.current();
        late.resolve(found === session ? books(found) : new Error("another's"));
      }, 20);
    });
    const refused = expect(late.promise).rejects.toEqual(coded("handle/revoked"));
    await wardline.run({ ...north, tenant: "south" }, () => new Promise((done) => setTimeout(done, 40)));
    await refused;
  });

  test("side by side, each finds its own", async () => {
    const wardline = await open();
    const runs = Array.from({ length: 20 }, (_, n) =>
      wardline.run({ tenant: n % 2 === 0 ? "north" : "south", principal: ada }, async (session) => {
        for (let turn = 0; turn < 5; turn++) {
          await (turn % 2 === 0 ? books(wardline.current()) : new Promise((done) => setTimeout(done, turn)));
          expect(wardline.current()).toBe(session);
        }
      }),
    );
    await Promise.all(runs);
  });

  test("V32: of another tenant does not open inside; one of another principal does", async () => {
    const wardline = await open();
    await wardline.run(north, async (outer) => {
      await expect(wardline.run({ ...north, tenant: "south" }, books)).rejects.toEqual(
        coded("handle/nested-scope"),
      );
      await wardline.run({ ...north, principal: { ...ada, id: "bob" } }, async (inner) => {
        expect(wardline.current()).toBe(inner);
        expect(inner).not.toBe(outer);
      });
      expect(wardline.current()).toBe(outer);
    });
  });

  test("of one instance is none of another's", async () => {
    const [first, second] = [await open(), await open()];
    await first.run(north, async () => {
      expect(() => second.current()).toThrow(coded("handle/no-context"));
      await expect(second.run(north, books)).rejects.toEqual(coded("handle/nested-scope"));
    });
  });
});

const answer = (ask: () => unknown): unknown => {
  try {
    return ask();
  } catch (error) {
    return error;
  }
};

describe("V27 two copies of the package", () => {
  test("of one version share the scope", async () => {
    const second: string = "../src/scope/scope-registry.ts?copy";
    const copy = (await import(second)) as { readonly scopes: () => AsyncLocalStorage<unknown> };
    const { scopes } = await import("../src/scope/scope-registry.ts");
    expect(copy.scopes).not.toBe(scopes);
    expect(copy.scopes()).toBe(scopes());
  });

  test.each([
    ["another version's", "{ version: 2, storage: new AsyncLocalStorage() }"],
    ["something else's", "{ version: 1, storage: { run: (_, work) => work() } }"],
    ["nobody's", "null"],
  ])("%s place is refused, and there is no second", (_, found) => {
    const registry = new URL("../src/scope/scope-registry.ts", import.meta.url).href;
    const script = `
      const { AsyncLocalStorage } = require("node:async_hooks");
      Object.defineProperty(globalThis, Symbol.for("wardline.scope"), { value: ${found} });
      import(${JSON.stringify(registry)}).then(({ scopes }) => {
        try { scopes(); console.log("taken"); } catch (error) { console.log(error.code); }
      });`;
    const node = ["--no-warnings", "--conditions=@wardline/source", "-e", script];
    const said = execFileSync(process.execPath, node, { encoding: "utf8" });
    expect(said.trim()).toBe("handle/other-copy");
  });
});

describe("V29 a changed Object.prototype", () => {
  const polluted = Object.prototype as unknown as Record<string | symbol, unknown>;
  afterEach(() => {
    delete polluted["tenant"];
    delete polluted[Symbol.for("x")];
  });

  test.each<[string, () => void]>([
    ["a key that is listed", () => (polluted["tenant"] = "south")],
    [
      "a key that is hidden",
      () => Object.defineProperty(polluted, "tenant", { value: "south", configurable: true }),
    ],
    ["a symbol", () => (polluted[Symbol.for("x")] = 1)],
    ["a getter", () => Object.defineProperty(polluted, "tenant", { get: () => "south", configurable: true })],
  ])("%s lets no scope begin", async (_, change) => {
    const wardline = await open();
    change();
    await expect(wardline.run({ principal: ada } as never, books)).rejects.toEqual(coded("handle/polluted"));
  });

  test("an inherited scope is none", async () => {
    const wardline = await open();
    await expect(wardline.run(Object.create(north) as never, books)).rejects.toEqual(
      coded("handle/bad-tenant"),
    );
  });
});

describe("V30 a tenant's id", () => {
  test.each<[string, unknown]>([
    ["a list of a query string", ["north"]],
    ["an object", { toString: () => "north" }],
    ["a boxed text", Object("north")],
    ["a number", 1],
    ["nothing", undefined],
    ["empty", ""],
    ["capitals", "North"],
    ["a space after", "north "],
    ["a line after", "north\n"],
    ["a zero byte", "north\0"],
    ["full width", "ｎｏｒｔｈ"],
    ["a letter that looks the same", "nоrth"],
    ["a mark of the writing direction", "\u202Enorth"],
    ["a combining mark", "nor\u0301th"],
    ["a number first", "01"],
    ["a path", "../south"],
    ["a quote", "north'--"],
    ["too long", "n".repeat(64)],
  ])("is not %s", async (_, id) => {
    expect(() => parseTenantId(id)).toThrow(coded("handle/bad-tenant"));
    const wardline = await open();
    expect(() => wardline.tenant(id as string)).toThrow(coded("handle/bad-tenant"));
  });

  test("is what it says, and no other text is the same", () => {
    expect(parseTenantId("north_1")).toBe("north_1");
    expect(parseTenantId("n".repeat(63))).toHaveLength(63);
  });
});
