/** The documentation above a statement: its lines that begin with `///`. */
import { isDocumentation, type Block } from "../text/blocks.ts";
import type { Change, Splice } from "../text/change.ts";

/** The lines of its documentation that stand directly above a block's statement. */
export const documentationOf = (block: Block) =>
  block.comments.filter(({ start, text }) => start < block.start && isDocumentation(text));

/** Other documentation: none takes it away. Comments between its lines stay. */
export function setDocumentation(block: Block, source: string, text: string): Change {
  const lines = documentationOf(block);
  const wanted = text
    .replaceAll("\r\n", "\n")
    .split("\n")
    .map((line) => line.trimEnd());
  while (wanted.at(-1) === "") wanted.pop();
  while (wanted[0] === "") wanted.shift();
  const written = wanted.map((line) => (line === "" ? "///" : `/// ${line}`));
  const [first] = lines;
  if (first === undefined)
    return written.length === 0
      ? []
      : [{ start: block.start, end: block.start, text: `${written.join("\n")}\n` }];
  const drop = (index: number): Splice => {
    const { start, text: line } = lines[index] as (typeof lines)[number];
    const end = start + line.length;
    const next = /^[^\S\n]*\n[^\S\n]*/.exec(source.slice(end));
    return { start, end: end + (next?.[0].length ?? 0), text: "", drops: true };
  };
  if (written.length === 0) return lines.map((_, index) => drop(index));
  const replaced: Splice = {
    start: first.start,
    end: first.start + first.text.length,
    text: written.join("\n"),
    drops: true,
  };
  return [replaced, ...lines.slice(1).map((_, index) => drop(index + 1))];
}
