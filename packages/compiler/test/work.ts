/** Counts what the parser does over a text, so that a bound on its time needs no clock. */
import { parseFile } from "../src/index.ts";
import type { ParsedFile, TextLimits } from "../src/index.ts";
import { theParser } from "../src/parse/grammar/parser.ts";
import { Layout } from "../src/parse/layout.ts";

export interface Worked extends ParsedFile {
  /** Tokens that the grammar was run on and tokens that recovery looked at; each as often as that was done. */
  readonly work: number;
}

/** Parses a text and counts the work. Throws what the parser throws. */
export function parseCounting(text: string, limits: TextLimits): Worked {
  const parser = theParser();
  const prototype = Layout.prototype;
  // The methods are called on their own objects below.
  // oxlint-disable-next-line typescript/unbound-method
  const { load } = parser;
  // oxlint-disable-next-line typescript/unbound-method
  const { isFirstOnLine } = prototype;
  let work = 0;
  parser.load = (...given) => {
    work += given[2] - given[1];
    load.apply(parser, given);
  };
  prototype.isFirstOnLine = function counted(this: Layout, index) {
    work += 1;
    return isFirstOnLine.call(this, index);
  };
  try {
    return { ...parseFile({ name: "counted", text }, limits), work };
  } finally {
    parser.load = load;
    prototype.isFirstOnLine = isFirstOnLine;
  }
}
