/** The source map of a bundle: it must speak of the atoms and rules that the program has. */
import { decode, type AtomPlace, type Program, type SourceMap } from "@wardline/core";
import { refuse } from "./bundle-error.ts";

const shape = decode.record<SourceMap>({
  atoms: decode.list(
    decode.list(
      decode.record<AtomPlace>({
        rule: decode.index,
        file: decode.text,
        line: decode.index,
        column: decode.index,
        text: decode.text,
      }),
    ),
  ),
});

export function readSourceMap(value: unknown, program: Program): SourceMap {
  try {
    const map = shape(value, decode.root);
    if (map.atoms.length !== program.atoms.length)
      decode.refuse(decode.root, "must have a list for each atom of the program");
    if (map.atoms.flat().some(({ rule }) => rule >= program.rules.length))
      decode.refuse(decode.root, "names a rule that the program does not have");
    return map;
  } catch (error) {
    if (error instanceof decode.Refusal)
      return refuse("bundle/bad-program", `source-map.json: ${error.message}`);
    throw error;
  }
}
