/** From an example to the files that it stands for. */
import type { Finding, SourceFile } from "@wardline/core";
import { compile } from "../../compile.ts";
import type { LintLevels } from "../../lint/lint-code.ts";
import { compilePack } from "../../pack/compile-pack.ts";
import { library, plainPolicy, tenant } from "./library.ts";
import type { Example, ExampleFile, ExampleSet, WrongExample } from "./page.ts";

export interface Compiled {
  /** The file that the example says. */
  readonly source: SourceFile;
  /** Where the example's own text begins in it. */
  readonly start: number;
  /** The marked places in it, in order. */
  readonly marks: readonly { readonly start: number; readonly end: number }[];
  readonly findings: readonly Finding[];
}

/** Compiles an example of the page of a code with the rest of the library. */
export function compileExample(example: Example | WrongExample, code: string): Compiled {
  const set = setOf(example);
  const file = set.file ?? "policy";
  const isWhole = set.whole ?? /^⟪?⟫?(?:model|platform|pack|policy)\b/.test(set.text);
  const before = isWhole ? "" : `${library[file]}${file === "policy" ? "" : "\n"}`;
  const { text, marks } = unmark(`${before}${set.text}`);
  const texts = { ...library, policy: plainPolicy, ...set.beside, [file]: text };
  const source = (kind: ExampleFile) => ({ name: names[kind], text: texts[kind] });
  const packs = [{ name: "guide.ward", text: library.pack }];
  const { findings } =
    file === "pack"
      ? compilePack(source("pack"))
      : compile({
          model: source("model"),
          platform: [source("platform")],
          policy: source("policy"),
          tenant,
          packs: texts.pack === library.pack ? packs : [...packs, source("pack")],
          ...lintsFor(code),
        });
  return { source: source(file), start: before.length, marks, findings };
}

/** Lints that every small example would give, whatever it shows. */
const everywhere = [
  "lint/forbid-without-because",
  "lint/uncovered-action",
  "lint/unprotected-class",
  "lint/unused-enum",
];

/** The page of a lint is about the whole set; other pages leave the lints over it out. */
function lintsFor(code: string): { readonly lints?: LintLevels } {
  if (!code.startsWith("lint/")) return {};
  return { lints: Object.fromEntries(everywhere.filter((c) => c !== code).map((c) => [c, "off"])) };
}

const names: { readonly [File in ExampleFile]: string } = {
  model: "library.ward",
  platform: "platform.ward",
  policy: "north.ward",
  pack: "pack.ward",
};

export function setOf(example: Example | WrongExample): ExampleSet {
  return typeof example === "string" ? { text: example } : example;
}

/** A text without its marks, and the places that they stood around. */
function unmark(marked: string): Pick<Compiled, "marks"> & { readonly text: string } {
  const pieces = marked.split(/([⟪⟫])/);
  const marks: { start: number; end: number }[] = [];
  let text = "";
  for (const piece of pieces)
    if (piece === "⟪") marks.push({ start: text.length, end: text.length });
    else if (piece === "⟫") marks[marks.length - 1] = { start: marks.at(-1)?.start ?? 0, end: text.length };
    else text += piece;
  return { text, marks };
}
