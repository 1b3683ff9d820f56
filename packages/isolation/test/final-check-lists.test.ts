/** The lists of the final check, held against the catalogue of a real server. */
import { connect, startPostgres, type Connection, type PostgresServer } from "@wardline/database-testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { collations } from "../src/final-check/expression.ts";
import { functions } from "../src/final-check/functions.ts";
import { operators } from "../src/final-check/operators.ts";
import { becomes, isListedCast, listedTypes } from "../src/final-check/types.ts";

let server: PostgresServer;
let connection: Connection;
beforeAll(async () => {
  server = await startPostgres();
  connection = await connect(server);
});
afterAll(async () => {
  await connection.close();
  await server.stop();
});

const internal: Readonly<Record<string, string>> = {
  any: "any",
  "any*": "any",
  element: "anyelement",
  "element[]": "anyarray",
};

/** The name of a type in pg_type: arrays begin with an underscore there. */
function typname(type: string): string {
  return internal[type] ?? (type.endsWith("[]") ? `_${type.slice(0, -2)}` : type);
}

interface Routine {
  readonly name: string;
  readonly args: readonly string[];
  readonly result: string;
  readonly kind: string;
  readonly volatility: string;
}

async function routines(): Promise<readonly Routine[]> {
  const { rows } = await connection.query(
    `select p.proname::text as name, p.prokind::text as kind, p.provolatile::text as volatility, r.typname::text as result,
      coalesce((select json_agg(t.typname::text order by a.n) from unnest(p.proargtypes) with ordinality as a(oid, n)
        join pg_type t on t.oid = a.oid), '[]')::text as args
     from pg_proc p join pg_type r on r.oid = p.prorettype where p.pronamespace = 'pg_catalog'::regnamespace`,
    [],
  );
  return rows.map(
    ({ args, ...row }) => ({ ...row, args: JSON.parse(String(args)) as string[] }) as unknown as Routine,
  );
}

test("V17, V99: every function that is listed has just this signature, and none is volatile", async () => {
  const all = await routines();
  const kinds = { scalar: "f", aggregate: "a", window: "w" };
  for (const { name, kind, args, result } of functions) {
    const wanted = args.map(typname);
    const found = all.filter((of) => of.name === name && of.args.length === wanted.length);
    const exact = found.find(({ args: given }) =>
      given.every(
        (type, index) =>
          type === wanted[index] ||
          (type.startsWith("anycompat") && wanted[index] === "anyelement") ||
          (type === "anynonarray" && wanted[index] === "anyelement") ||
          (type === "anyarray" && wanted[index]?.startsWith("_")),
      ),
    );
    expect(exact, `${name}(${args.join(", ")})`).toBeDefined();
    expect(exact?.kind, name).toBe(kinds[kind]);
    if (!exact?.result.startsWith("any"))
      expect(exact?.result, `${name}(${args.join(", ")})`).toBe(typname(result));
    // Invariant: whatever the server takes for an argument without a type, it is none that is volatile.
    for (const overload of all.filter((of) => of.name === name))
      expect(overload.volatility, `${name}(${overload.args.join(", ")})`).not.toBe("v");
  }
});

test("V17, V100: no listed function reads the server, its settings or its files, or writes the session's state", () => {
  const reads =
    /^(pg_|lo_|txid_|inet_|current_|has_|set_|setseed|nextval|currval|lastval|query_to|table_to|database_to|schema_to|cursor_to|ts_|dblink|version|random|gen_random|clock_|now|statement_timestamp|transaction_timestamp|timeofday)/;
  expect(functions.filter(({ name }) => reads.test(name))).toEqual([]);
});

test("V58, V93: every operator that is listed is the server's, and leakproof only where the server says so", async () => {
  const { rows } = await connection.query(
    `select o.oprname::text as name, l.typname::text as left, r.typname::text as right, t.typname::text as result,
      p.proleakproof::text as leakproof, p.provolatile::text as volatility
     from pg_operator o join pg_proc p on p.oid = o.oprcode left join pg_type l on l.oid = o.oprleft
     join pg_type r on r.oid = o.oprright join pg_type t on t.oid = o.oprresult where o.oprnamespace = 'pg_catalog'::regnamespace`,
    [],
  );
  for (const { name, left, right, result, leakproof } of operators) {
    const found = rows.find((of) => of["name"] === name && of["left"] === left && of["right"] === right);
    expect(found, `${left} ${name} ${right}`).toMatchObject({ result });
    if (leakproof) expect(found?.["leakproof"], `${left} ${name} ${right}`).toBe("true");
    for (const overload of rows.filter((of) => of["name"] === name))
      expect(overload["volatility"]).not.toBe("v");
  }
});

test("V98: every type that is listed is a base type of the catalogue whose input reads nothing", async () => {
  const { rows } = await connection.query(
    `select t.typname::text as name, t.typtype::text as kind, p.provolatile::text as volatility
     from pg_type t join pg_proc p on p.oid = t.typinput where t.typnamespace = 'pg_catalog'::regnamespace and t.typname::text = any($1::text[])`,
    [listedTypes],
  );
  expect(rows.map(({ name }) => String(name)).toSorted()).toEqual([...listedTypes].toSorted());
  for (const { kind, volatility } of rows) expect([kind, volatility === "v"]).toEqual(["b", false]);
});

test("V98: every collation that is listed is the catalogue's and deterministic", async () => {
  const { rows } = await connection.query(
    `select c.collname::text as name, c.collisdeterministic::text as same from pg_collation c
     where c.collnamespace = 'pg_catalog'::regnamespace and c.collname::text = any($1::text[])`,
    [collations],
  );
  expect(new Set(rows.map(({ name }) => name))).toEqual(new Set(collations));
  expect(rows.filter(({ same }) => same !== "true")).toEqual([]);
});

test("what the list says becomes another type by itself does so on the server, and each listed cast is one", async () => {
  const { rows } = await connection.query(
    `select s.typname::text as source, t.typname::text as target, c.castcontext::text as context
     from pg_cast c join pg_type s on s.oid = c.castsource join pg_type t on t.oid = c.casttarget`,
    [],
  );
  const cast = (from: string, to: string) =>
    rows.find(({ source, target }) => source === from && target === to);
  for (const from of listedTypes)
    for (const to of listedTypes) {
      if (from !== to && becomes(from, to)) expect(cast(from, to)?.["context"], `${from} to ${to}`).toBe("i");
      // To and from text a value goes by the output and input of its type.
      if (from !== to && from !== "text" && to !== "text" && isListedCast(from, to))
        expect(cast(from, to), `${from} to ${to}`).toBeDefined();
    }
});
