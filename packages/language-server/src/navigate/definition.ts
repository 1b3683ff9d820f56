/** Where what a name means is declared, where it stands elsewhere, and where its type is declared. */
import type { Span } from "@wardline/core";
import { meantBy } from "../symbols/model-names.ts";
import type { Occurrence } from "../symbols/symbol.ts";
import { symbolIndex, type SymbolIndex } from "../symbols/symbol-index.ts";
import type { Snapshot } from "../workspace/snapshot.ts";

export interface Target {
  /** The name. */
  readonly span: Span;
  /** All that declares it. */
  readonly whole: Span;
}

/** Where what stands at an offset is declared: several places where it means several things. */
export function definitionAt(snapshot: Snapshot, file: string, offset: number): readonly Target[] {
  const index = symbolIndex(snapshot);
  return targetsOf(index, index.at(file, offset)?.keys ?? []);
}

function targetsOf(index: SymbolIndex, keys: readonly string[]): readonly Target[] {
  return keys.flatMap((key) => {
    const symbol = index.symbols.get(key);
    if (symbol?.kind === "class") return carriersOf(index, symbol.name);
    if (symbol === undefined || symbol.declared === null) return [];
    return [{ span: symbol.declared, whole: symbol.whole ?? symbol.declared }];
  });
}

/** A class is declared nowhere: it is what the fields that carry it are. */
function carriersOf({ model }: SymbolIndex, name: string): readonly Target[] {
  const fields = [...model.fields.values()].flatMap((all) => [...all.values()]);
  return fields.flatMap(({ classes, span: whole }) =>
    classes.flatMap(({ text, span }) =>
      text === name ? [{ span: { ...span, start: span.end - name.length }, whole }] : [],
    ),
  );
}

/** The declaration of the type of a field, a fact, a value or an instance. */
export function typeDefinitionAt(snapshot: Snapshot, file: string, offset: number): readonly Target[] {
  const index = symbolIndex(snapshot);
  const { model } = index;
  const types = (index.at(file, offset)?.keys ?? []).flatMap((key): readonly string[] => {
    const symbol = index.symbols.get(key);
    if (symbol === undefined) return [];
    const fields = symbol.within === null ? undefined : model.fields.get(symbol.within);
    const field =
      symbol.kind === "field"
        ? fields?.get(symbol.name)
        : symbol.kind === "tenant_fact" || symbol.kind === "context_fact"
          ? model.facts[symbol.kind === "tenant_fact" ? "tenant" : "context"].get(symbol.name)
          : undefined;
    if (field !== undefined) {
      const { entities, enums } = meantBy(model, field);
      return [...[...entities].map((name) => `type ${name}`), ...[...enums].map((name) => `enum ${name}`)];
    }
    if (symbol.kind === "value") return [`enum ${symbol.within}`];
    if (symbol.kind === "relation") {
      const relation = model.relations.get(symbol.name);
      return relation === undefined ? [] : [`type ${relation.from.text}`, `type ${relation.to.text}`];
    }
    if (symbol.kind === "binding" && symbol.whole !== null)
      return index
        .inFile(symbol.whole.file)
        .filter(({ span }) => span.start > (symbol.whole?.start ?? 0) && span.end <= (symbol.whole?.end ?? 0))
        .flatMap(({ keys }) => keys.filter((one) => one.startsWith("type ")))
        .slice(0, 1);
    return [];
  });
  return targetsOf(index, [...new Set(types)]);
}

/** Every place where what stands at an offset is named, its declarations first. */
export function referencesAt(
  snapshot: Snapshot,
  file: string,
  offset: number,
  { declarations }: { readonly declarations: boolean },
): readonly Occurrence[] {
  const index = symbolIndex(snapshot);
  const all = new Set((index.at(file, offset)?.keys ?? []).flatMap((key) => index.of(key)));
  return [...all].filter(({ declares }) => declarations || !declares);
}
