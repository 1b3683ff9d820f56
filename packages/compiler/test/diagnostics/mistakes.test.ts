/** Each mistake, made alone in a policy as an administrator keeps it: one finding, in its place, that says what to do. */
import type { Finding } from "@wardline/core";
import { describe, expect, test } from "vitest";
import { unmark } from "../check/library.ts";
import { checkFirm, firmPolicy } from "./firm.ts";
import type { Mistake } from "./mistake.ts";
import { ruleMistakes } from "./rule-mistakes.ts";
import { shapeMistakes } from "./shape-mistakes.ts";
import { typeMistakes } from "./type-mistakes.ts";
import { wordMistakes } from "./word-mistakes.ts";

const all = [...wordMistakes, ...shapeMistakes, ...typeMistakes, ...ruleMistakes];

/** The policy with the mistake in it, marked. */
function seeded({ from, to }: Mistake): string {
  if (from === "") return `${firmPolicy}\n${to}`;
  expect(firmPolicy.split(from).length, `\`${from}\` stands in the policy`).toBeGreaterThan(1);
  return firmPolicy.replace(from, () => to);
}

function mended(text: string, { fixes: [fix] }: Finding): string | null {
  if (fix === undefined) return null;
  return fix.edits
    .toSorted((a, b) => b.span.start - a.span.start)
    .reduce((before, { span, text }) => before.slice(0, span.start) + text + before.slice(span.end), text);
}

test("the policy without a mistake has no finding", () => {
  expect(checkFirm(firmPolicy).findings).toEqual([]);
});

describe.each(all.map((mistake) => [mistake.name, mistake] as const))("%s", (_, mistake) => {
  const { text, marks } = unmark(seeded(mistake));
  const { findings } = checkFirm(text);

  test("is found, under the words that are wrong, and nothing else is", () => {
    expect(marks).toHaveLength(1);
    expect(
      findings.map(({ code, labels: [{ span }] }) => [code, text.slice(span.start, span.end), span.start]),
    ).toEqual(marks.map(([start, end]) => [mistake.code, text.slice(start, end), start]));
  });

  test("is found with what to do", () => {
    const [found] = findings;
    expect(found?.help ?? found?.labels[0].message).toBe(mistake.cure);
    const after = found === undefined ? null : mended(text, found);
    if (mistake.fix === "mends") expect(checkFirm(after ?? "").findings).toEqual([]);
  });
});

test("there are enough of them, and none is another", () => {
  expect(all.length).toBeGreaterThanOrEqual(60);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  expect(new Set(all.map(({ from, to }) => `${from} → ${to}`)).size).toBe(all.length);
});
