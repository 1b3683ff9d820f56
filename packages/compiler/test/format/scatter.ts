/** The same text in another layout: white space, line ends and comments between its tokens, clauses in any order. */
import type { Random } from "@wardline/core/testing";
import { parseCst } from "../../src/index.ts";
import type { CstElement, CstToken } from "../../src/index.ts";

function leavesIn(element: CstElement, random: Random): CstToken[] {
  if (element.kind === "token") return [element];
  const parts = element.children.map((child) => leavesIn(child, random));
  const moves = element.rule === "clauses" && random.chance(0.5);
  return (moves ? shuffled(parts, random) : parts).flat();
}

function shuffled<T>(all: readonly T[], random: Random): T[] {
  return all
    .map((value) => ({ value, key: random.between(0, 1_000_000) }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ value }) => value);
}

const blanks = [" ", "  ", "\t", "\n", "\r\n", "\n\n", "\n\n\n   ", "\n      ", " \n \n", "            "];

/** `density` is the share of gaps between tokens that are written anew. */
export function scatter(text: string, random: Random, density: number): string {
  const { cst } = parseCst({ name: "x", text });
  let comments = 0;
  const comment = () => {
    comments += 1;
    const end = random.pick(["", "", " ", "  \t"]);
    return `${random.pick(["//", "// ", "///", "/// ", "////", "//  - "])}c${comments}${end}${random.pick(["\n", "\r\n", "\n\n", "\n  "])}`;
  };
  const space = () => random.pick(blanks);
  const gap = (written: string): string => {
    if (!random.chance(density)) return written;
    if (random.chance(0.6)) return written === "" && random.chance(0.4) ? "" : space();
    const many = random.pick([1, 1, 1, 2, 3]);
    return (
      random.pick(["", space()]) + Array.from({ length: many }, comment).join(random.pick(["", space()]))
    );
  };
  const written = (leaf: CstToken) => leaf.leading.map((trivia) => trivia.text).join("");
  const leaves = cst.children.flatMap((child) => leavesIn(child, random));
  const end = cst.end.map((trivia) => trivia.text).join("");
  return leaves.map((leaf) => gap(written(leaf)) + leaf.token.image).join("") + gap(end);
}
