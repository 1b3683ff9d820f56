/** The parts of *Who can*, *Review* and *Artefacts* that need no page: links, keys, folds, tables for other programs, colours. */
import type { AccessCell, AccessColumn, AccessWho, DiffRow } from "@wardline/language-server";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lineSpan } from "../src/evidence/line-span.ts";
import { scenarioIn, tryHref } from "../src/evidence/try-link.ts";
import { highlight } from "../src/screens/artefacts/highlight.ts";
import { sizeText } from "../src/screens/artefacts/sizes.ts";
import { decisionWords } from "../src/screens/review/decision-words.ts";
import { foldedRows, isFold } from "../src/difference/folded-rows.ts";
import { moved } from "../src/screens/who-can/grid-keys.ts";
import { matrixCsv } from "../src/screens/who-can/matrix-csv.ts";

describe("links to Try it", () => {
  test("a question comes back as it was, whatever is in it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.jsonValue(), (id, value) => {
        const request = { principal: { id: id.toWellFormed() }, context: { value } } as never;
        expect(scenarioIn(tryHref("north", request))).toEqual({
          tenant: "north",
          request: JSON.parse(JSON.stringify(request)) as unknown,
        });
      }),
    );
  });

  test.each([
    "#/try",
    "#/try?",
    "#/try?scenario=",
    "#/try?scenario={",
    "#/try?scenario=null",
    "#/try?scenario=%",
    '#/try?scenario={"tenant":"north","request":null}',
    '#/try?scenario={"tenant":1,"request":{}}',
  ])("%s holds none", (hash) => {
    expect(scenarioIn(hash)).toBeNull();
  });
});

test("a line is found by its number, without its end", () => {
  const text = "a\nbb\n\nccc";
  const words = [1, 2, 3, 4].map((line) => {
    const { start, end } = lineSpan(text, line);
    return text.slice(start, end);
  });
  expect(words).toEqual(["a", "bb", "", "ccc"]);
  expect(lineSpan(text, 9)).toEqual({ start: text.length, end: text.length });
});

test("keys lead through a grid and never out of it", () => {
  const size = { rows: 3, columns: 4 };
  const at = (key: string, isCtrl = false) => moved(key, isCtrl, { row: 1, column: 1 }, size);
  expect(at("ArrowDown")).toEqual({ row: 2, column: 1 });
  expect(at("ArrowLeft")).toEqual({ row: 1, column: 0 });
  expect(at("End")).toEqual({ row: 1, column: 3 });
  expect(at("Home", true)).toEqual({ row: 0, column: 0 });
  expect(at("End", true)).toEqual({ row: 2, column: 3 });
  expect(at("ArrowUp", true)).toEqual({ row: 0, column: 1 });
  expect(at("PageDown")).toEqual({ row: 2, column: 1 });
  expect(at("Tab")).toBeNull();
});

describe("folds", () => {
  const row = (line: number, kind: "same" | "changed" = "same"): DiffRow => {
    const one = { line, text: "", changed: null };
    return { kind, before: one, after: one };
  };

  test("what is far from a change is folded, and opens", () => {
    const rows = [...Array.from({ length: 12 }, (_, i) => row(i + 1)), row(13, "changed"), row(14)];
    const shown = foldedRows(rows, new Set());
    expect(shown[0]).toEqual({ from: 0, count: 9 });
    expect(shown).toHaveLength(1 + 3 + 1 + 1);
    expect(foldedRows(rows, new Set([0]))).toEqual(rows);
  });

  test("no line is lost, and none is twice", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (changes) => {
        const all = changes.map((isChanged, i) => row(i, isChanged ? "changed" : "same"));
        const shown = foldedRows(all, new Set()).flatMap((one) =>
          isFold(one) ? all.slice(one.from, one.from + one.count) : [one],
        );
        expect(shown).toEqual(all);
      }),
    );
  });
});

test("a table for other programs quotes what must be, and holds no formula", () => {
  const who: AccessWho = { id: "x", principal: "Member", role: "a", home: false, label: '=SUM("a"), b' };
  const column: AccessColumn = { action: "read", resource: "Loan", kind: "reads" };
  const cell: AccessCell = {
    who: "x",
    access: "always",
    certain: true,
    tries: 0,
    rules: ["north/a", "north/b"],
    text: "",
    permitted: null,
    refused: null,
  };
  const cells = new Map([["read Loan", new Map([["x", cell]])]]);
  const csv = matrixCsv({ who: [who], columns: [column] }, cells);
  expect(csv.split("\r\n")[1]).toBe(
    `"'=SUM(""a""), b",Member,a,another,read,Loan,always,yes,0,north/a north/b`,
  );
});

describe("colours", () => {
  test.each([
    ["rego", 'allow if decision.outcome == "permit" # why', ["keyword if", 'text "permit"', "comment # why"]],
    [
      "sql",
      "WHERE t.id = $1::text AND t.name = 'it''s' -- note",
      ["keyword WHERE", "name $1", "keyword AND", "text 'it''s'", "comment -- note"],
    ],
    ["sql", ":tenant.id::text", ["name :tenant.id"]],
    ["json", '  "a": [1, true, "b: c"]', ['name "a"', "number 1", "keyword true", 'text "b: c"']],
  ] as const)("%s: %s", (language, line, parts) => {
    const found = highlight(language, line);
    expect(found.flatMap(({ kind, text }) => (kind === null ? [] : [`${kind} ${text}`]))).toEqual(parts);
  });

  test("the parts of any line are the line", () => {
    const languages = fc.constantFrom("rego" as const, "sql" as const, "json" as const);
    fc.assert(
      fc.property(languages, fc.string(), (language, line) => {
        const parts = highlight(language, line);
        expect(parts.map(({ text }) => text).join("")).toBe(line);
      }),
    );
  });
});

test.each([
  ["permit by north/desk", "by north/desk"],
  ["deny as not_granted", "nothing grants it"],
  ["deny as forbidden by platform/lost_stays", "forbidden by platform/lost_stays"],
  ["challenge by north/x with reason", "by north/x with reason"],
  ["deny as out_of_scope", "refused as out_of_scope"],
])("%s beside its outcome is: %s", (text, words) => {
  expect(decisionWords({ text })).toBe(words);
});

test("sizes are for people", () => {
  const sizes = [0, 1, 999, 1000, 17_352, 2_500_000].map(sizeText);
  expect(sizes).toEqual(["0 bytes", "1 byte", "999 bytes", "1.0 kB", "17.4 kB", "2.5 MB"]);
});
