/** Prisma, which is refused: what its client sends, and what leaks where one stands beside Wardline on the same tables. */
import { PrismaPg } from "@prisma/adapter-pg";
import { describe, expect, onTestFinished, test } from "vitest";
import { codeOf, idOf, tenants, titleOf } from "../server-library.ts";
import type { ContractParts } from "./contract.ts";

type Connection = Awaited<ReturnType<PrismaPg["connect"]>>;
type Query = Parameters<Connection["queryRaw"]>[0];

const columns = `"public"."books"."id", "public"."books"."title", "public"."books"."note"`;
const [own] = [idOf("book", "north", 0)];

/** What the client of Prisma 7.10 gave to its driver adapter, for a model `books` of these three fields. */
const sent: readonly (readonly [call: string, sql: string, values: readonly unknown[], code: string])[] = [
  [
    "findMany",
    `SELECT ${columns} FROM "public"."books" WHERE 1=1 OFFSET $1`,
    ["0"],
    "query/schema-qualified",
  ],
  [
    "findMany by a field",
    `SELECT ${columns} FROM "public"."books" WHERE "public"."books"."title" = $1 ORDER BY "public"."books"."id" ASC LIMIT $2 OFFSET $3`,
    ["x", "3", "0"],
    "query/schema-qualified",
  ],
  [
    "findUnique",
    `SELECT ${columns} FROM "public"."books" WHERE ("public"."books"."id" = $1 AND 1=1) LIMIT $2 OFFSET $3`,
    [own, "1", "0"],
    "query/schema-qualified",
  ],
  [
    "count",
    `SELECT COUNT(*) AS "_count$_all" FROM (SELECT "public"."books"."id" FROM "public"."books" WHERE 1=1 OFFSET $1) AS "sub"`,
    ["0"],
    "query/schema-qualified",
  ],
  [
    "create",
    `INSERT INTO "public"."books" ("id","title") VALUES ($1,$2) RETURNING ${columns}`,
    [own, "x"],
    "query/raw-statement",
  ],
  ["updateMany", `UPDATE "public"."books" SET "title" = $1 WHERE 1=1`, ["x"], "query/raw-statement"],
  ["deleteMany", `DELETE FROM "public"."books" WHERE 1=1`, [], "query/raw-statement"],
];

export function prismaRefused({ library, as }: ContractParts): void {
  describe("Prisma", () => {
    test.each(sent)(
      "V16: what %s sends is refused by a handle, and nothing of it is executed",
      async (_call, sql, values, code) => {
        const before = await library().raw("select * from public.books order by tenant_id, id");
        expect(await codeOf(as("north").query(sql, values))).toBe(`IsolationViolation ${code}`);
        expect(await library().raw("select * from public.books order by tenant_id, id")).toEqual(before);
      },
    );

    test("a client beside Wardline, as whoever owns the tables, reads and changes the rows of every tenant", async () => {
      const { host, port, database, user, password } = library().server;
      const prisma = await connect({ host, port, database, user, password });
      const { rows } = await prisma.queryRaw(queryOf("findMany"));
      const titles = rows.map(([, title]) => title);
      for (const tenant of tenants) expect(titles).toContain(titleOf(tenant, 0));
      // Neither filtered nor masked.
      expect(titles).toContain(titleOf("south", 39));
      expect(rows.map(([, , note]) => note)).toContain("south note 0");
      const recorded = () => library().raw("select count(*) from wardline.audit");
      const before = await recorded();
      const transaction = await prisma.startTransaction();
      try {
        expect(await transaction.executeRaw(queryOf("updateMany"))).toBe(rows.length);
      } finally {
        await transaction.executeRaw({ sql: "ROLLBACK", args: [], argTypes: [] });
        await transaction.rollback();
      }
      expect(await recorded()).toEqual(before);
    });

    test("a client beside Wardline, as the application's own login, gets and changes nothing", async () => {
      const { host, port, database, user, password } = library().reach;
      const prisma = await connect({ host, port, database, user, password });
      for (const [call] of sent) await expect(prisma.queryRaw(queryOf(call)), call).rejects.toThrow();
      for (const tenant of tenants)
        expect(await as(tenant).db.selectFrom("books").select("title").execute()).toHaveLength(38);
    });
  });
}

async function connect(reach: ConstructorParameters<typeof PrismaPg>[0]): Promise<Connection> {
  const connection = await new PrismaPg(reach).connect();
  onTestFinished(() => connection.dispose());
  return connection;
}

function queryOf(call: string): Query {
  const [, sql = "", args = []] = sent.find(([name]) => name === call) ?? [];
  return { sql, args: [...args], argTypes: args.map(() => ({ scalarType: "unknown", arity: "scalar" })) };
}
