import { expect, test } from "vitest";
import { parseFile, tokenize } from "../../src/index.ts";
import type { ParsedFile } from "../../src/index.ts";
import { corpus, samples, textsIn } from "./texts.ts";
import type { TextFile } from "./texts.ts";

/** Takes a run out of a text; or blanks it, so that nothing after it moves. */
type Cut = (text: string, start: number, end: number) => { readonly text: string; readonly shift: number };
const remove: Cut = (text, start, end) => ({
  text: text.slice(0, start) + text.slice(end),
  shift: end - start,
});
const blank: Cut = (text, start, end) => ({
  text: text.slice(0, start) + " ".repeat(end - start) + text.slice(end),
  shift: 0,
});

/** What is wrong outside the damaged statement when a token of a text is gone. */
function harm(text: string, whole: ParsedFile, start: number, end: number, cut: Cut): string[] {
  const without = cut(text, start, end);
  const moved = (at: number) => (at >= end ? at - without.shift : at);
  const { ast, findings } = parseFile({ name: "cut", text: without.text });
  const all = whole.ast.statements;
  const own = all.findIndex(({ span }) => span.start <= start && end <= span.end);
  const kept = new Set(ast.statements.map(({ kind, span }) => `${kind} ${span.start}-${span.end}`));
  const lost = all.filter(
    ({ kind, span }, index) => index !== own && !kept.has(`${kind} ${moved(span.start)}-${moved(span.end)}`),
  );
  const from = moved(all[own]?.span.start ?? 0);
  // A statement that lost its last token is reported at the one before it.
  const to = moved((own < 0 ? whole.ast.header?.span.end : all[own]?.span.end) ?? text.length);
  const place = `${text.slice(start, end)} at ${start}`;
  const outside = findings.filter(({ labels: [{ span }] }) => span.start < from || span.start > to);
  return [
    ...lost.map(({ span }) => `without ${place}: lost ${text.slice(span.start, span.start + 30)}`),
    ...outside.map((found) => `without ${place}: ${found.code} outside, at ${found.labels[0].span.start}`),
    ...(own >= 0 && ast.header === null ? [`without ${place}: lost the header`] : []),
  ];
}

function harms({ name, text }: TextFile): string[] {
  const whole = parseFile({ name, text });
  expect(whole.findings).toEqual([]);
  const { tokens } = tokenize({ name, text });
  return tokens.flatMap(({ startOffset, image }) =>
    [remove, blank].flatMap((cut) => harm(text, whole, startOffset, startOffset + image.length, cut)),
  );
}

// Its statements share lines and margins, which recovery goes by.
const laidOut = textsIn(`${corpus}valid/`, ".ward").filter(({ name }) => name !== "layout.ward");

test.each(laidOut)("deleting any token of $name leaves what is outside its statement in place", (file) => {
  expect(harms(file)).toEqual([]);
});

test.skipIf(samples === null).each(samples === null ? [] : textsIn(samples, ".ward"))(
  "deleting any token of the sample $name leaves what is outside its statement in place",
  (file) => {
    expect(harms(file)).toEqual([]);
  },
);

test("a deletion is seen as harm where it does harm", () => {
  const text = "policy north for library\nrole a\n role b\nrole c";
  const whole = parseFile({ name: "whole", text });
  // The second role is indented, so it goes with the first when that one is damaged.
  expect(harm(text, whole, text.indexOf("a\n"), text.indexOf("a\n") + 1, remove)).not.toEqual([]);
});

test("a statement that parses is accepted whatever its layout", () => {
  const { text, name } = textsIn(`${corpus}valid/`, ".ward").find((file) => file.name === "policy.ward") ?? {
    name: "",
    text: "",
  };
  const flat = tokenize({ name, text }).tokens.map(({ image }) => image);
  const kinds = (parsed: ParsedFile) => parsed.ast.statements.map(({ kind }) => kind);
  const whole = kinds(parseFile({ name, text }));
  for (const between of [" ", "\n", "\n\n    "]) {
    const parsed = parseFile({ name, text: flat.join(between) });
    expect(parsed.findings).toEqual([]);
    expect(kinds(parsed)).toEqual(whole);
  }
});

test("a damaged statement is not in the AST", () => {
  const text =
    "policy north for library\npermit a: reader to read Book when a b\npermit b: reader to read Book";
  const { ast, findings } = parseFile({ name: "x", text });
  expect(findings.map(({ code }) => code)).toEqual(["syntax/expected"]);
  expect(ast.statements.map((statement) => ("name" in statement ? statement.name.text : ""))).toEqual(["b"]);
});
