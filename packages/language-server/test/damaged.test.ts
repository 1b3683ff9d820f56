/** Whatever one token does to a text, every feature answers, and what is told of other statements stays. */
import { parseFile, tokenize } from "@wardline/compiler";
import { withTexts } from "@wardline/compiler/project";
import type { Finding } from "@wardline/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { definitionAt, referencesAt, typeDefinitionAt } from "../src/navigate/definition.ts";
import { outlineOf } from "../src/navigate/document-symbols.ts";
import { hoverAt } from "../src/navigate/hover.ts";
import { foldsOf, selectionsAt } from "../src/navigate/ranges.ts";
import { prepareRename } from "../src/navigate/rename.ts";
import { semanticTokens } from "../src/navigate/semantic-tokens.ts";
import { snapshotOf, type Snapshot } from "../src/workspace/snapshot.ts";
import { smallProject } from "./named-projects.ts";

const seed = Number(process.env["WARDLINE_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const runs = Number(process.env["WARDLINE_DAMAGES"] ?? 150);

const project = smallProject();
const whole = snapshotOf(project);

const withText = (file: string, text: string) => snapshotOf(withTexts(project, new Map([[file, text]])));

/** Every feature at every offset of some; what they tell must lie in the texts. */
function askAll(snapshot: Snapshot, file: string, offsets: readonly number[]): void {
  const inText = ({ file: of, start, end }: { file: string; start: number; end: number }) => {
    expect(start).toBeGreaterThanOrEqual(0);
    expect(end).toBeGreaterThanOrEqual(start);
    expect(end).toBeLessThanOrEqual(snapshot.text(of)?.length ?? -1);
  };
  for (const offset of offsets) {
    const hover = hoverAt(snapshot, file, offset);
    if (hover !== undefined) inText(hover.span);
    for (const { span, whole: all } of definitionAt(snapshot, file, offset)) [span, all].forEach(inText);
    for (const { span } of typeDefinitionAt(snapshot, file, offset)) inText(span);
    for (const { span } of referencesAt(snapshot, file, offset, { declarations: true })) inText(span);
    const name = prepareRename(snapshot, file, offset);
    if (name !== undefined && "span" in name) inText(name.span);
  }
  for (const around of selectionsAt(snapshot, file, offsets))
    for (const [index, { start, end }] of around.entries()) {
      const outer = around[index + 1];
      if (outer !== undefined) expect(outer.start <= start && end <= outer.end).toBe(true);
    }
  for (const fold of foldsOf(snapshot, file)) inText({ file, ...fold });
  for (const item of outlineOf(snapshot, file)) {
    inText(item.span);
    expect(item.span.start <= item.nameSpan.start && item.nameSpan.end <= item.span.end).toBe(true);
  }
  let last = 0;
  for (const { start, end } of semanticTokens(snapshot, file)) {
    expect(start).toBeGreaterThanOrEqual(last);
    last = end;
  }
}

test(`one token is deleted: other statements keep what is told of how they are written (seed ${seed})`, () => {
  const broken = `${whole.text("north.ward") ?? ""}
permit a reader to read Loan
forbid twice: reader to read
role 7
let half = resource. and
permit fine: reader to read Loan
`;
  const written = (file: string, text: string) =>
    parseFile({ name: file, text }).findings.filter(({ severity }) => severity === "error");
  const { tokens } = tokenize({ name: "north.ward", text: broken });
  const before = written("north.ward", broken);
  expect(before.length).toBeGreaterThanOrEqual(3);
  const lineOf = (finding: Finding, text: string) =>
    text.slice(text.lastIndexOf("\n", finding.labels[0].span.start - 1) + 1).split("\n")[0];
  fc.assert(
    fc.property(fc.nat(tokens.length - 1), (index) => {
      const token = tokens[index];
      if (token === undefined) return;
      const end = token.startOffset + token.image.length;
      const text = broken.slice(0, token.startOffset) + broken.slice(end);
      const snapshot = withText("north.ward", text);
      askAll(snapshot, "north.ward", [token.startOffset, Math.max(0, token.startOffset - 1)]);
      const told = snapshot.findings().filter(({ labels: [{ span }] }) => span.file === "north.ward");
      const lines = new Set(told.map((finding) => lineOf(finding, text)));
      // The statements at the end have one line each.
      for (const finding of before) {
        const start = broken.lastIndexOf("\n", finding.labels[0].span.start - 1) + 1;
        const line = broken.slice(start).split("\n")[0] ?? "";
        if (token.startOffset >= start && token.startOffset < start + line.length) continue;
        // What was deleted may be the word with which the statement before this one ended.
        if (tokens[index + 1]?.startOffset === start) continue;
        const without = `without ${token.image} at ${token.startOffset}`;
        // A statement that lost its first word goes on the one before it: what is told of that one may move into it.
        if (start + line.length + 1 === token.startOffset) {
          const rest = text.slice(token.startOffset).split("\n")[0];
          expect(
            [line, rest].some((one) => lines.has(one)),
            without,
          ).toBe(true);
        } else expect([...lines], without).toContain(line);
      }
    }),
    { seed, numRuns: runs },
  );
});

test(`texts that are cut and mixed: every feature answers (seed ${seed})`, () => {
  const files = whole.files;
  const scraps = fc.constantFrom(
    "{",
    "}",
    '"',
    "///",
    "\r\n",
    "𝒳",
    "\uFEFF",
    " and ",
    "resource.",
    "#",
    "\0",
    "permit",
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...files),
      fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(12), scraps), {
        minLength: 1,
        maxLength: 4,
      }),
      (file, cuts) => {
        let text = whole.text(file) ?? "";
        for (const [share, length, scrap] of cuts) {
          const at = Math.floor(share * text.length);
          text = text.slice(0, at) + scrap + text.slice(at + length);
        }
        const snapshot = withText(file, text);
        snapshot.findings();
        askAll(snapshot, file, [
          0,
          Math.floor((cuts[0]?.[0] ?? 0) * text.length),
          text.length,
          text.length + 10,
        ]);
      },
    ),
    { seed, numRuns: Math.ceil(runs / 2) },
  );
});
