/** The facts of a row, read from a document of own keys and checked. */
import {
  referenceSource,
  slotPath,
  type Attributes,
  type Pair,
  type RowDocument,
  type SlotSource,
} from "@wardline/core";
import { compileFactReader, type FactReader, type FactReading } from "./fact-levels.ts";
import { isPairList } from "./pairs.ts";
import type { RowFact } from "../residual.ts";
import { compileValueTest } from "./value-test.ts";

/**
 * A row with all that comes with it: what the request document has under `resource` (`prior`, `next`), and of `ancestors`,
 * `references` and `relations` what concerns it, under the same keys.
 */
export interface ListedRow extends RowDocument {
  readonly ancestors?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly references?: Readonly<Record<string, Attributes>>;
  readonly relations?: Readonly<Record<string, readonly Pair[]>>;
}

/** `numbers`: where each fact goes. */
export function compileRowReader(facts: readonly RowFact[], numbers: readonly number[]): FactReader {
  return compileFactReader(
    facts.map(({ source, type, optional }, i): FactReading => {
      const reference = source.from === "reference" ? referenceSource(source.of) : null;
      return {
        path: pathInRow(source),
        number: numbers[i] as number,
        test: source.from === "relation" ? isPairList : compileValueTest(type),
        absent: undefined,
        optional,
        behind: reference === null ? null : pathInRow(reference),
      };
    }),
  );
}

/** Where a fact stands in a {@link ListedRow}. */
function pathInRow(source: SlotSource): readonly string[] {
  const path = slotPath(source);
  switch (source.from) {
    case "row":
    case "row_attribute":
      return path.slice(1);
    case "reference":
    case "ancestors":
    case "relation":
      return path;
    case "principal":
    case "principal_attribute":
    case "tenant":
    case "tenant_attribute":
    case "context":
    case "now":
    case "clock":
    case "limit":
      throw new RangeError(`${source.from} comes with no row`);
  }
}
