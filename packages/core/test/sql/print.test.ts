import { describe, expect, test } from "vitest";
import { printSelect, printTemplate, type SqlExpression, type SqlSelect } from "../../src/index.ts";

const column = (name: string): SqlExpression => ({ kind: "column", table: "t", column: name });
const given = (value: string): SqlExpression => ({ kind: "parameter", value, type: "text" });
const is = (name: string, value: string): SqlExpression => ({
  kind: "binary",
  op: "=",
  left: column(name),
  right: given(value),
});

function select(where: SqlExpression | null, rest: Partial<SqlSelect> = {}): SqlSelect {
  return {
    kind: "select",
    columns: [{ expression: column("id"), as: "id" }],
    from: { kind: "table", schema: "lib", table: "books", alias: "t" },
    joins: [],
    where,
    fence: false,
    ...rest,
  };
}

function textOf(query: SqlSelect): string {
  const { fragments, parameters } = printSelect(query);
  expect(fragments).toHaveLength(parameters.length + 1);
  return fragments.reduce((text, fragment, index) => `${text}$${index}${fragment}`);
}

const whereOf = (where: SqlExpression) => textOf(select(where)).split(" WHERE ")[1];

describe("for a driver", () => {
  test("values are parameters with casts, in the order of the text", () => {
    const printed = printSelect(
      select({ kind: "and", of: [is("a", "x'; --"), is("b", "$1")] }, { fence: true }),
    );
    expect(printed.fragments).toEqual([
      'SELECT "t"."id" AS "id" FROM "lib"."books" AS "t" WHERE "t"."a" = ',
      '::text AND "t"."b" = ',
      "::text OFFSET 0",
    ]);
    expect(printed.parameters).toEqual([
      { value: "x'; --", type: "text" },
      { value: "$1", type: "text" },
    ]);
  });

  test("names are quoted whatever they hold", () => {
    const name = 'a"; drop table x; --';
    const query = select(null, {
      columns: [{ expression: column(name), as: name }],
      from: { kind: "table", schema: name, table: name, alias: "t" },
    });
    const quoted = '"a""; drop table x; --"';
    expect(textOf(query)).toBe(`SELECT "t".${quoted} AS ${quoted} FROM ${quoted}.${quoted} AS "t"`);
  });

  test.each(["", "a\0b", "\uD800", "n".repeat(64), "é".repeat(32)])("the name %j is refused", (name) => {
    expect(() => printSelect(select(column(name)))).toThrow(RangeError);
  });

  test("a name of 63 bytes is kept", () => {
    expect(whereOf(column("n".repeat(63)))).toBe(`"t"."${"n".repeat(63)}"`);
  });

  test("constants read the same under both settings of backslashes", () => {
    expect(whereOf({ kind: "text", value: "it's" })).toBe("'it''s'");
    expect(whereOf({ kind: "text", value: "\\1.'" })).toBe("E'\\\\1.'''");
  });

  test("a placeholder is refused", () => {
    expect(() => printSelect(select({ kind: "placeholder", name: "now", type: "timestamptz" }))).toThrow(
      TypeError,
    );
  });

  test("a statement never has more parameters than the protocol can count", () => {
    const many = (count: number): SqlExpression => ({
      kind: "or",
      of: Array.from({ length: count }, () => given("x")),
    });
    expect(printSelect(select(many(65_535))).parameters).toHaveLength(65_535);
    expect(() => printSelect(select(many(65_536)))).toThrow(RangeError);
  });

  test("notes are not printed", () => {
    expect(whereOf({ kind: "note", text: "a\n; drop", of: column("a") })).toBe('"t"."a"');
  });

  test.each<[SqlExpression, string]>([
    [{ kind: "not", of: { kind: "or", of: [column("a"), column("b")] } }, 'NOT ("t"."a" OR "t"."b")'],
    [{ kind: "not", of: is("a", "") }, 'NOT ("t"."a" = $1::text)'],
    [
      { kind: "and", of: [{ kind: "or", of: [column("a"), column("b")] }, column("c")] },
      '("t"."a" OR "t"."b") AND "t"."c"',
    ],
    [
      { kind: "or", of: [{ kind: "and", of: [column("a"), column("b")] }, column("c")] },
      '("t"."a" AND "t"."b") OR "t"."c"',
    ],
    [
      {
        kind: "is_true",
        negated: true,
        of: { kind: "binary", op: "<", left: column("a"), right: column("b") },
      },
      '("t"."a" < "t"."b") IS NOT TRUE',
    ],
    [
      { kind: "is_true", negated: true, of: { kind: "is_null", negated: true, of: column("a") } },
      '("t"."a" IS NOT NULL) IS NOT TRUE',
    ],
    [{ kind: "cast", type: "bigint", of: { kind: "integer", value: -5 } }, "(-5)::bigint"],
    [
      { kind: "binary", op: "=", left: column("a"), right: { kind: "byte_order", of: column("b") } },
      '"t"."a" = ("t"."b" COLLATE "C")',
    ],
    [
      { kind: "any", left: { kind: "coalesce", of: column("a"), otherwise: given("") }, array: column("b") },
      'coalesce("t"."a", $1::text) = ANY ("t"."b")',
    ],
    [
      { kind: "call", name: "right", args: [column("a"), { kind: "integer", value: 2 }] },
      'pg_catalog."right"("t"."a", 2)',
    ],
    [{ kind: "null", type: "uuid" }, "NULL::uuid"],
  ])("%j", (where, expected) => {
    expect(whereOf(where)).toBe(expected);
  });

  test("a recursive walk has its base in parentheses if that is a union", () => {
    const part = select(null);
    const walk: SqlSelect = {
      ...select(null),
      recursive: { name: "walk", columns: ["id"], base: { ...part, unionAll: [part] }, step: part },
      columns: [],
      from: { kind: "cte", name: "walk", alias: "w" },
    };
    const one = 'SELECT "t"."id" AS "id" FROM "lib"."books" AS "t"';
    expect(whereOf({ kind: "exists", negated: true, query: walk })).toBe(
      `NOT EXISTS ( WITH RECURSIVE "walk" ("id") AS ( (${one} UNION ALL ${one}) UNION ${one} ) SELECT 1 FROM "walk" AS "w" )`.replaceAll(
        "( ",
        "(",
      ),
    );
  });

  test("trees without a meaning are refused", () => {
    const part = select(null);
    expect(() => printSelect({ ...part, fence: true, unionAll: [part] })).toThrow(TypeError);
    expect(() => printSelect({ ...part, unionAll: [{ ...part, fence: true }] })).toThrow(TypeError);
    expect(() => printSelect(select({ kind: "and", of: [] }))).toThrow(TypeError);
    expect(() => printSelect(select({ kind: "case", when: [], otherwise: column("a") }))).toThrow(TypeError);
    expect(() => printSelect(select({ kind: "integer", value: 0.5 }))).toThrow(RangeError);
  });
});

describe("for people", () => {
  test("lines, placeholders, constants and notes", () => {
    const where: SqlExpression = {
      kind: "and",
      of: [
        {
          kind: "binary",
          op: "=",
          left: column("tenant_id"),
          right: { kind: "placeholder", name: "tenant.id", type: "text" },
        },
        { kind: "note", text: "forbid north/x (north.ward:3)", of: is("status", "it's") },
        {
          kind: "or",
          of: [
            { kind: "note", text: "permit a", of: column("rare") },
            {
              kind: "note",
              text: "permit b",
              of: {
                kind: "any",
                left: column("pages"),
                array: { kind: "parameter", value: ["1", "-2"], type: "bigint[]" },
              },
            },
          ],
        },
      ],
    };
    const query = select(where, {
      from: { kind: "table", schema: "", table: "Odd books", alias: "t" },
      fence: true,
    });
    expect(printTemplate(query)).toBe(
      [
        "SELECT",
        "  t.id AS id",
        'FROM "Odd books" AS t',
        "WHERE t.tenant_id = :tenant.id::text",
        "  -- forbid north/x (north.ward:3)",
        "  AND t.status = 'it''s'",
        "  AND (",
        "    -- permit a",
        "    t.rare",
        "    -- permit b",
        "    OR t.pages = ANY (ARRAY[1, (-2)])",
        "  )",
        "OFFSET 0",
      ].join("\n"),
    );
  });

  test("a note stays one comment whatever it says", () => {
    const text = printTemplate(
      select({
        kind: "and",
        of: [{ kind: "note", text: "a\n;\r\u2028\u2029\u0085drop table x", of: column("a") }, column("b")],
      }),
    );
    const comments = text.split(/[\n\r\u2028\u2029\u0085]/).filter((line) => line.includes("drop"));
    expect(comments).toHaveLength(1);
    expect(comments[0]?.trimStart().startsWith("--")).toBe(true);
  });
});
