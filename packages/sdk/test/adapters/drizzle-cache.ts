/** Why the adapter for Drizzle takes no cache: an entry is found by text and values, which two tenants have in common. */
import { drizzle } from "drizzle-orm/pg-proxy";
import { Cache } from "drizzle-orm/cache/core";
import { expect, test } from "vitest";
import { drizzleAdapter } from "../../src/drizzle.ts";
import { pgAdapter } from "../../src/pg/index.ts";
import { titleOf } from "../server-library.ts";
import type { ContractParts } from "./contract.ts";
import { books } from "./drizzle-path.ts";

class SharedCache extends Cache {
  readonly #entries = new Map<string, unknown[]>();
  override strategy(): "all" {
    return "all";
  }
  override async get(key: string): Promise<unknown[] | undefined> {
    return this.#entries.get(key);
  }
  override async put(key: string, rows: unknown): Promise<void> {
    this.#entries.set(key, rows as unknown[]);
  }
  override async onMutate(): Promise<void> {}
}

export function drizzleCache({ as }: ContractParts): void {
  test("a cache of Drizzle's that tenants share shows one the rows of the other; the adapter takes none", async () => {
    const cache = new SharedCache();
    const cached = (tenant: "north" | "south") => {
      const pool = pgAdapter(as(tenant));
      return drizzle((text, values) => pool.query({ text, values, rowMode: "array" }), { cache });
    };
    const ask = (db: Pick<ReturnType<typeof cached>, "select">) =>
      db.select({ title: books.title }).from(books).orderBy(books.id).limit(1);
    expect(await ask(cached("north"))).toEqual([{ title: titleOf("north", 0) }]);
    expect(await ask(cached("south"))).toEqual([{ title: titleOf("north", 0) }]);
    // @ts-expect-error There is no second argument; one that is given in spite of that is not looked at.
    const south = drizzleAdapter(as("south"), { cache });
    expect(await ask(south)).toEqual([{ title: titleOf("south", 0) }]);
  });

  test("a write does not compile", () => {
    const db = drizzleAdapter(as("north"));
    // @ts-expect-error
    expect(() => db.insert(books)).not.toThrow();
    // @ts-expect-error
    expect(() => db.with().insert(books)).not.toThrow();
    // @ts-expect-error
    expect(() => db.transaction).not.toThrow();
  });
}
