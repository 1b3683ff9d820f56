/** The facts of a row, read from a document of own keys and checked. */
import { entityPathKey, referenceSource, type Pair, type RowDocument, type SlotSource } from "@wardline/core";
import type { Attributes } from "@wardline/core";
import { ownValue } from "./own-value.ts";
import { isPairList } from "./pairs.ts";
import { compileValueTest } from "./value-test.ts";
import type { RowFact } from "../residual.ts";

/**
 * A row with all that comes with it: what the request document has under `resource` (`prior`, `next`), and of `ancestors`,
 * `references` and `relations` what concerns it, under the same keys.
 */
export interface ListedRow extends RowDocument {
  readonly ancestors?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly references?: Readonly<Record<string, Attributes>>;
  readonly relations?: Readonly<Record<string, readonly Pair[]>>;
}

/** Fills in the facts by their numbers; false if one is malformed, or absent without leave. */
export type RowReader = (row: unknown, into: unknown[]) => boolean;

/** `numbers`: where each fact goes. */
export function compileRowReader(facts: readonly RowFact[], numbers: readonly number[]): RowReader {
  const readings = facts.map((fact, i) => readingOf(fact, numbers[i] as number));
  return (row, into) => {
    for (const read of readings) if (!read(row, into)) return false;
    return true;
  };
}

function readingOf({ source, type, optional }: RowFact, number: number): RowReader {
  const at = pathOf(source);
  const reference = source.from === "reference" ? referenceSource(source.of) : null;
  const behind = reference === null ? null : pathOf(reference);
  const test = source.from === "relation" ? isPairList : compileValueTest(type);
  return (row, into) => {
    const value = at(row);
    if (value === undefined || value === null) {
      into[number] = undefined;
      return optional || (behind !== null && (behind(row) ?? null) === null);
    }
    into[number] = value;
    return test(value);
  };
}

function pathOf(source: SlotSource): (row: unknown) => unknown {
  switch (source.from) {
    case "row": {
      const { part } = source;
      return (row) => ownValue(row, part);
    }
    case "row_attribute": {
      const { name } = source;
      return (row) => ownValue(ownValue(row, "attributes"), name);
    }
    case "reference": {
      const key = entityPathKey(source.of);
      const { name } = source;
      return (row) => ownValue(ownValue(ownValue(row, "references"), key), name);
    }
    case "ancestors": {
      const key = entityPathKey(source.of);
      const { entity } = source;
      return (row) => ownValue(ownValue(ownValue(row, "ancestors"), key), entity);
    }
    case "relation": {
      const { name } = source;
      return (row) => ownValue(ownValue(row, "relations"), name);
    }
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
