import { applyEdits } from "@wardline/compiler";
import type { TextEdit } from "@wardline/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { unifiedDiff } from "../../src/report/unified-diff.ts";

const edit = (start: number, end: number, text: string): TextEdit => ({
  span: { file: "a", start, end },
  text,
});

/** Carries a unified diff out, refusing one whose lines or numbers do not fit the text. */
function patch(text: string, diff: string): string {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const result: string[] = [];
  let at = 0;
  const rows = diff.split("\n").slice(2, -1);
  for (let i = 0; i < rows.length;) {
    const [, from, count = "1", to, put = "1"] =
      /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@$/.exec(rows[i] as string) ?? [];
    const start = Number(count) === 0 ? Number(from) : Number(from) - 1;
    result.push(...lines.slice(at, start));
    at = start;
    expect(Number(put) === 0 ? Number(to) : Number(to) - 1).toBe(result.length);
    const [before, after] = [at, result.length];
    for (i += 1; i < rows.length && !(rows[i] as string).startsWith("@@"); i += 1) {
      const row = rows[i] as string;
      if (row.startsWith("\\")) continue;
      const end = rows[i + 1]?.startsWith("\\") === true ? "" : "\n";
      const line = row.slice(1) + end;
      if (!row.startsWith("+")) {
        expect(lines[at]).toBe(line);
        at += 1;
      }
      if (!row.startsWith("-")) result.push(line);
    }
    expect([at - before, result.length - after]).toEqual([Number(count), Number(put)]);
  }
  return [...result, ...lines.slice(at)].join("");
}

test("shows the lines around a change, and joins changes whose lines meet", () => {
  const text = Array.from({ length: 30 }, (_, i) => `line ${i + 1}\n`).join("");
  const at = (line: number) => text.indexOf(`line ${line}\n`);
  const edits = [edit(at(3), at(3) + 4, "LINE"), edit(at(10), at(11), ""), edit(at(25), at(25), "new\n")];
  expect(unifiedDiff("a.ward", text, edits)).toBe(
    [
      "--- a.ward",
      "+++ a.ward",
      "@@ -1,13 +1,12 @@",
      " line 1",
      " line 2",
      "-line 3",
      "+LINE 3",
      ...[4, 5, 6, 7, 8, 9].map((n) => ` line ${n}`),
      "-line 10",
      " line 11",
      " line 12",
      " line 13",
      "@@ -22,6 +21,7 @@",
      " line 22",
      " line 23",
      " line 24",
      "+new",
      " line 25",
      " line 26",
      " line 27",
      "",
    ].join("\n"),
  );
});

test("edits that change nothing have no diff", () => {
  expect(unifiedDiff("a", "x\ny\n", [])).toBe("");
  expect(unifiedDiff("a", "x\ny\n", [edit(0, 1, "x")])).toBe("");
});

test("carried out, a diff gives what the edits give", () => {
  const texts = fc.array(fc.constantFrom("a", "b", "\n", "\n", "\r\n", "+", "-", "@@"), { maxLength: 60 });
  const cuts = fc.array(fc.tuple(fc.nat(60), fc.nat(6), fc.constantFrom("", "\n", "x", "x\ny", "a")), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(texts, cuts, (parts, places) => {
      const text = parts.join("");
      const edits: TextEdit[] = [];
      let free = 0;
      for (const [start, length, put] of places.toSorted((a, b) => a[0] - b[0])) {
        const from = Math.max(free, Math.min(start, text.length));
        const to = Math.min(text.length, from + length);
        edits.push(edit(from, to, put));
        free = to + 1;
        if (free > text.length) break;
      }
      const wanted = applyEdits(text, edits);
      const diff = unifiedDiff("a", text, edits);
      expect(diff === "" ? text : patch(text, diff)).toBe(wanted);
    }),
    { numRuns: 2000 },
  );
});
