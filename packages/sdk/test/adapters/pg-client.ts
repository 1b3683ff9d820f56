/** What the adapter for `pg` promises beside the contract: the shape of results, and transactions by their words. */
import { expect, onTestFinished, test } from "vitest";
import { pgAdapter } from "../../src/pg/index.ts";
import { codeOf, idOf, titleOf } from "../server-library.ts";
import type { ContractParts } from "./contract.ts";

export function pgClient({ as }: ContractParts): void {
  const own = idOf("book", "north", 3);

  test("a result has the shape of pg's; of columns with one name none is lost", async () => {
    const pool = pgAdapter(as("north"));
    const text =
      "select b.id, b.title, p.id from books b join branches p on p.id = b.branch_id where b.id = $1";
    const expected = [own, titleOf("north", 3), idOf("branch", "north", 1)];
    expect(await pool.query({ text, values: [own], rowMode: "array" })).toEqual({
      command: "SELECT",
      rowCount: 1,
      rows: [expected],
      fields: [{ name: "id" }, { name: "title" }, { name: "id:2" }],
    });
    const { rows } = await pool.query(text, [own]);
    expect(rows).toEqual([{ id: expected[0], title: expected[1], "id:2": expected[2] }]);
    const numbered = { text: 'select title, id as "1" from books', rowMode: "array" } as const;
    expect(await codeOf(pool.query(numbered))).toBe("UnsupportedQuery query/duplicate-name");
  });

  test("callbacks, cursors and what is no query are TypeErrors, before anything is asked", async () => {
    const pool = pgAdapter(as("north"));
    const text = "select title from books";
    for (const asking of [
      () => pool.query(text, (() => undefined) as never),
      () => pool.query(text, [], () => undefined),
      () => pool.query({ text, submit: () => undefined } as never),
      () => pool.query({ text: 7 } as never),
      () => pool.query(text, "north" as never),
      () => pool.query({ text, rowMode: "object" } as never),
      () => pool.query(null as never),
    ])
      await expect(asking()).rejects.toThrow(TypeError);
  });

  test("V46: words begin and end a client's transaction, and nothing else does", async () => {
    const client = await pgAdapter(as("north")).connect();
    onTestFinished(() => client.release());
    const outside = "IsolationViolation transaction/ended";
    for (const word of ["commit", "ROLLBACK;", "savepoint a"])
      expect(await codeOf(client.query(word))).toBe(outside);
    expect(await client.query(" Start  Transaction ; ")).toMatchObject({ command: "BEGIN", rowCount: 0 });
    expect(await codeOf(client.query("begin"))).toBe(outside);
    await client.query("savepoint a");
    for (const text of [
      "begin isolation level serializable",
      "commit and chain",
      "commit; begin",
      "set transaction read write",
      "savepoint a; delete from books",
      `savepoint "a"`,
      "/* */ commit",
      "commit prepared 'x'",
    ]) {
      expect([text, await codeOf(client.query(text))]).toEqual([
        text,
        "IsolationViolation query/raw-statement",
      ]);
      // A failure leaves the savepoint alone to go on from.
      expect(await codeOf(client.query("select id from books"))).toBe(outside);
      await client.query("rollback to savepoint a");
    }
    expect((await client.query("select id from books where id = $1", [own])).rows).toEqual([{ id: own }]);
    expect(await client.query("commit")).toMatchObject({ command: "COMMIT" });
  });

  test("V47: a client that was given back answers nothing, and leaves its connection to others", async () => {
    for (let turn = 0; turn < 3; turn++) {
      const client = await pgAdapter(as("north")).connect();
      await client.query("begin");
      const asked = client.query("select title from books where id = $1", [own]);
      const released = client.release();
      const late = codeOf(client.query("select title from books"));
      expect((await asked).rows).toEqual([{ title: titleOf("north", 3) }]);
      expect(await late).toBe("IsolationViolation handle/revoked");
      await released;
      await client.release();
    }
    const { rows } = await pgAdapter(as("south")).query("select title from books order by id limit 1");
    expect(rows).toEqual([{ title: titleOf("south", 0) }]);
  });

  test("V45: clients of two tenants, both within transactions, see their own", async () => {
    const clients = await Promise.all(
      (["north", "south"] as const).map((tenant) => pgAdapter(as(tenant)).connect()),
    );
    onTestFinished(async () => void (await Promise.all(clients.map((client) => client.release()))));
    await Promise.all(clients.map((client) => client.query("begin")));
    const answers = await Promise.all(
      clients.map((client) => client.query("select title from books order by id limit 1")),
    );
    expect(answers.map(({ rows }) => rows)).toEqual([
      [{ title: titleOf("north", 0) }],
      [{ title: titleOf("south", 0) }],
    ]);
  });
}
