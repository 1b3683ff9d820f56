/** On any text, at any place: nothing throws, what is offered lies within the text, and everything is answered quickly. */
import { filesOf } from "@wardline/compiler/project";
import fc from "fast-check";
import { expect, test } from "vitest";
import { actionsAt } from "../../src/actions/actions-at.ts";
import { complete } from "../../src/complete/complete.ts";
import { documentationOf } from "../../src/complete/documentation.ts";
import { signatureAt } from "../../src/complete/signature.ts";
import { hintsIn } from "../../src/hints/hints.ts";
import { lensesOf } from "../../src/lenses/lenses.ts";
import { lendingProject } from "./lending-project.ts";
import { withText } from "./texts.ts";

const project = lendingProject();
const files = filesOf(project);
const runs = Number(process.env["WARDLINE_BROKEN_RUNS"] ?? 150);
const pieces = [
  "",
  "\n",
  " ",
  "(",
  ")",
  "{",
  "}",
  "[",
  "]",
  ".",
  "..",
  ":",
  ",",
  "#",
  '"',
  "//",
  "@",
  "not ",
  "in ",
  "to ",
  "permit x: ",
  "\u{1f600}",
  "ä",
  "let ",
  "é\u0301",
  "??",
  "==",
];

/** A text with parts cut out, put in and moved. */
const damaged = fc
  .tuple(
    fc.constantFrom(...files),
    fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(60), fc.constantFrom(...pieces)), {
      minLength: 1,
      maxLength: 4,
    }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  )
  .map(([{ name, text }, cuts, place]) => {
    let after = text;
    for (const [at, length, piece] of cuts) {
      const start = Math.floor(at * after.length);
      after = after.slice(0, start) + piece + after.slice(start + length);
    }
    return { file: name, text: after, offset: Math.floor(place * after.length) };
  });

test("nothing throws on damaged texts, and what is offered lies at the place", () => {
  fc.assert(
    fc.property(damaged, ({ file, text, offset }) => {
      const snapshot = withText(project, file, text);
      for (const item of complete(snapshot, file, offset)) {
        expect(item.start).toBeLessThanOrEqual(offset);
        expect(item.end).toBeGreaterThanOrEqual(offset);
        expect(text.slice(item.start, item.end)).not.toContain("\n");
        documentationOf(snapshot, item.data);
      }
      const signature = signatureAt(snapshot, file, offset);
      if (signature !== null) expect(signature.active).toBeLessThan(signature.parameters.length);
      for (const action of actionsAt(
        snapshot,
        file,
        { start: offset, end: Math.min(offset + 20, text.length) },
        ["refactor"],
      ))
        action.edits();
      hintsIn(snapshot, file, { start: 0, end: text.length });
      lensesOf(snapshot, file);
    }),
    { numRuns: runs, seed: Number(process.env["WARDLINE_SEED"] ?? 8) },
  );
});

test("places outside of a text, and files outside of the project, have nothing", () => {
  const snapshot = withText(project, "north.ward", "policy north for lending\n");
  expect(complete(snapshot, "north.ward", -1)).toEqual([]);
  expect(complete(snapshot, "north.ward", 10_000)).toEqual([]);
  expect(complete(snapshot, "none.ward", 0)).toEqual([]);
  expect(actionsAt(snapshot, "none.ward", { start: 0, end: 0 })).toEqual([]);
  expect(hintsIn(snapshot, "none.ward", { start: 0, end: 0 })).toEqual([]);
  expect(lensesOf(snapshot, "none.ward")).toEqual([]);
});

test("no reserved word is offered as a name, and nothing inside of comments and texts", () => {
  const at = (text: string) => complete(withText(project, "north.ward", text), "north.ward", text.length);
  const header = "policy north for lending\n\n";
  for (const declared of ["permit ", "let ", "role ", 'test "a" {\n  let ', "require ", "forbid "])
    expect(at(`${header}${declared}`)).toEqual([]);
  expect(at(`${header}// permit `)).toEqual([]);
  expect(at(`${header}forbid a: reader to read Loan because "`)).toEqual([]);
  expect(at(`${header}per`).map(({ label }) => label)).toContain("permit");
});

test("a deep text and a long one are answered all the same", () => {
  const deep = `policy north for lending\n\npermit a: reader to read Loan\n  when ${"(".repeat(5000)}`;
  expect(complete(withText(project, "north.ward", deep), "north.ward", deep.length)).toEqual([]);
  const long = `policy north for lending\n\npermit a: reader to read Loan\n  when resource.pages in [${"1, ".repeat(20_000)}`;
  complete(withText(project, "north.ward", long), "north.ward", long.length);
});
