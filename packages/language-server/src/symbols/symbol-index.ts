/** All names of a project: what each declares or refers to. Made once for a snapshot; what was found in files that stayed is kept. Statements that do not parse are left out. */
import type { Snapshot } from "../workspace/snapshot.ts";
import { partsOf, type IndexPart } from "./index-parts.ts";
import type { ModelNames } from "./model-names.ts";
import type { Occurrence, ProjectSymbol } from "./symbol.ts";

export interface SymbolIndex {
  readonly model: ModelNames;
  readonly symbols: ReadonlyMap<string, ProjectSymbol>;
  /** In the order of the text. */
  readonly inFile: (file: string) => readonly Occurrence[];
  /** The name at an offset, or that ends there. */
  readonly at: (file: string, offset: number) => Occurrence | undefined;
  /** Where a symbol stands, its declarations first. */
  readonly of: (key: string) => readonly Occurrence[];
}

const known = new WeakMap<Snapshot, SymbolIndex>();

export function symbolIndex(snapshot: Snapshot): SymbolIndex {
  const before = known.get(snapshot);
  if (before !== undefined) return before;
  const { model, parts } = partsOf(snapshot);
  const index = joinedIndex(model, parts);
  known.set(snapshot, index);
  return index;
}

function joinedIndex(model: ModelNames, parts: readonly IndexPart[]): SymbolIndex {
  const symbols = new Map<string, ProjectSymbol>();
  for (const part of parts)
    for (const [key, symbol] of part.symbols) if (!symbols.has(key)) symbols.set(key, symbol);
  const files = new Map<string, readonly Occurrence[]>();
  const inFile = (file: string): readonly Occurrence[] => {
    let found = files.get(file);
    if (found === undefined)
      files.set(file, (found = inOrder(parts.flatMap((part) => part.files.get(file) ?? []))));
    return found;
  };
  return {
    model,
    symbols,
    inFile,
    at: (file, offset) => atOffset(inFile(file), offset),
    of: (key) =>
      parts
        .flatMap((part) => part.keys.get(key) ?? [])
        .toSorted((a, b) => Number(b.declares) - Number(a.declares)),
  };
}

/** In the order of the text. One file may be of two tenants: each place counts once. */
function inOrder(occurrences: readonly Occurrence[]): readonly Occurrence[] {
  const first = new Map<number, Occurrence>();
  for (const one of occurrences) if (!first.has(one.span.start)) first.set(one.span.start, one);
  return [...first.values()].toSorted((a, b) => a.span.start - b.span.start);
}

/** The `#` of a class belongs to it. */
function atOffset(sorted: readonly Occurrence[], offset: number): Occurrence | undefined {
  const touching = sorted.filter(({ span }) => span.start <= offset && offset <= span.end);
  return (
    touching.find(({ span }) => offset < span.end) ??
    sorted.find(({ span, keys }) => span.start === offset + 1 && keys[0]?.startsWith("class ") === true) ??
    touching[0]
  );
}
