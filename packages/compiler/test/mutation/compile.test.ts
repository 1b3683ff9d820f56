/** No text makes the compiler throw, in whichever file it stands: nonsense that parses, and texts with several slips. */
import { randomFrom } from "@wardline/core/testing";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/index.ts";
import type { CompileInput } from "../../src/index.ts";
import { libraryModel, openPlatform } from "../check/library.ts";
import { allTexts } from "../texts.ts";
import { generatedTexts } from "./generated-texts.ts";
import { apply, mutate, mutationKinds, piecesOf } from "./mutate.ts";

const random = Number(process.env["WARDLINE_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const plainPolicy = "policy north for library\npermit a: reader to read Book\n";

/** A text as the file that its header says it is, beside plain ones. */
function inputOf(text: string): CompileInput {
  const [, kind, name = "north", version = "1.0"] = /^(\w+) (\w+)(?: ([\d.]+))?/.exec(text) ?? [];
  const use = kind === "pack" ? `use ${name} ${version}\n` : "";
  return {
    model: { name: "model", text: kind === "model" ? text : libraryModel },
    platform: [{ name: "platform", text: kind === "platform" ? text : openPlatform }],
    policy: { name: "policy", text: kind === "policy" ? text : plainPolicy + use },
    packs: kind === "pack" ? [{ name: "pack", text }] : [],
    tenant: kind === "policy" ? name : "north",
  };
}

/** Compiles, and tells whether the answer is one: a program, or an error. */
function isAnswered(text: string): boolean {
  const { program, findings } = compile(inputOf(text));
  return (program === null) === findings.some(({ severity }) => severity === "error");
}

describe.each([1, random])("seed %i (WARDLINE_SEED repeats it)", (seed) => {
  test("statements that the grammar writes, in each kind of file", () => {
    for (const text of generatedTexts(seed, 60)) {
      const statements = text.slice(text.indexOf("\n"));
      for (const header of [
        "model library",
        "platform for library",
        "pack guide 1.0",
        "policy north for library",
      ])
        expect(isAnswered(header + statements)).toBe(true);
    }
  });

  test("texts with up to three slips", () => {
    const from = randomFrom(seed, "slips");
    const texts = allTexts.filter(({ text }) => /^(?:policy|model|platform|pack) /.test(text));
    const pool = texts.flatMap(({ text }) => piecesOf(text));
    let programs = 0;
    for (let done = 0; done < 500; done += 1) {
      let { text } = from.pick(texts);
      for (let slips = from.between(0, 3); slips > 0; slips -= 1) {
        const pieces = piecesOf(text);
        const slip = mutate(text, pieces, from.below(pieces.length), from.pick(mutationKinds), pool, from);
        if (slip !== null) text = apply(text, slip);
      }
      expect(isAnswered(text)).toBe(true);
      if (compile(inputOf(text)).program !== null) programs += 1;
    }
    // Some slips leave a policy that compiles, and most do not.
    expect(programs).toBeGreaterThan(10);
    expect(programs).toBeLessThan(450);
  });
});
