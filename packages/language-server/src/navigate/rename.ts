/** Renames what a name means in all files of a project, or says why not. Must never change what a policy means. */
import { isReservedWord } from "@wardline/compiler";
import { checkProject, withTexts } from "@wardline/compiler/project";
import { applyEdits } from "@wardline/compiler";
import type { Span, TextEdit } from "@wardline/core";
import type { Occurrence, ProjectSymbol, SymbolKind } from "../symbols/symbol.ts";
import { symbolIndex, type SymbolIndex } from "../symbols/symbol-index.ts";
import { snapshotOf, type Snapshot } from "../workspace/snapshot.ts";
import { columnEdits } from "./rename-column.ts";

export type Renamed = { readonly edits: readonly TextEdit[] } | { readonly refused: string };

/** The name at an offset that can be renamed, or why it cannot; undefined where no name stands. */
export function prepareRename(
  snapshot: Snapshot,
  file: string,
  offset: number,
): { readonly span: Span; readonly name: string } | { readonly refused: string } | undefined {
  const index = symbolIndex(snapshot);
  const place = index.at(file, offset);
  if (place === undefined) return undefined;
  const symbol = theSymbol(index, place);
  if ("refused" in symbol) return symbol;
  const refused = fixedBecause(snapshot, index, symbol);
  return refused === null ? { span: place.span, name: symbol.name } : { refused };
}

export function rename(snapshot: Snapshot, file: string, offset: number, name: string): Renamed {
  const index = symbolIndex(snapshot);
  const place = index.at(file, offset);
  if (place === undefined) return { refused: "there is no name here" };
  const symbol = theSymbol(index, place);
  if ("refused" in symbol) return symbol;
  const text = symbol.kind === "class" ? name.replace(/^#/, "") : name;
  if (text === symbol.name) return { edits: [] };
  const refused = fixedBecause(snapshot, index, symbol) ?? badName(symbol.kind, text);
  if (refused !== null) return { refused };
  const places = index.of(symbol.key);
  const mixed = places.find(({ keys }) => keys.length > 1);
  if (mixed !== undefined) return { refused: alsoMeans(index, mixed, symbol.key) };
  const edits = [
    ...places.map(({ span }) => ({ span, text })),
    ...columnEdits(snapshot, index, symbol, text),
  ].toSorted((a, b) => a.span.start - b.span.start);
  return harmless(snapshot, index, symbol, text, edits);
}

function theSymbol(index: SymbolIndex, place: Occurrence): ProjectSymbol | { readonly refused: string } {
  const [key = ""] = place.keys;
  if (place.keys.length > 1) return { refused: alsoMeans(index, place, key) };
  return index.symbols.get(key) ?? { refused: "what this name means is declared nowhere" };
}

function alsoMeans({ symbols }: SymbolIndex, { keys }: Occurrence, key: string): string {
  const others = keys.filter((other) => other !== key).map((other) => `\`${qualified(symbols.get(other))}\``);
  const own = symbols.get(key);
  return `where \`${own?.name ?? key}\` stands for \`${qualified(own)}\` it also stands for ${others.join(", ")}: name the types in rules of their own first`;
}

function qualified(symbol: ProjectSymbol | undefined): string {
  if (symbol === undefined) return "something else";
  return symbol.within === null ? symbol.name : `${symbol.within}.${symbol.name}`;
}

/** Names that the engine asks for, or reads from a model, as they are. */
const askedFor: { readonly [Kind in SymbolKind]?: readonly string[] } = {
  action: ["read", "list", "create", "update", "delete"],
  evidence: ["reason"],
  enum: ["Region", "Feature"],
  class: ["ended"],
};

function fixedBecause(snapshot: Snapshot, index: SymbolIndex, symbol: ProjectSymbol): string | null {
  const { kind, name } = symbol;
  if (kind === "setting") return `\`${name}\` is a setting of the language`;
  if (kind === "tenant")
    return `\`${name}\` is a tenant: the configuration and the application know it by this name`;
  if (symbol.declared === null && kind !== "class") return `\`${name}\` is declared nowhere in this project`;
  if (askedFor[kind]?.includes(name) === true)
    return `\`${name}\` is asked for by this name: what it means would be another`;
  if (kind === "value") return storedValue(index, symbol);
  return sharedPack(snapshot, symbol);
}

/** The database holds values of an enum by their names. */
function storedValue({ model }: SymbolIndex, { within, name }: ProjectSymbol): string | null {
  for (const [entity, fields] of model.fields)
    if (model.entities.get(entity)?.storedIn !== null)
      for (const field of fields.values())
        if ((field.type.of ?? field.type.name).text === within)
          return `rows hold \`${name}\` by this name, in \`${entity}.${field.name.text}\`: rows that are there would not be found any more`;
  return null;
}

/** A pack that several files use has readers that do not know of one another. */
function sharedPack(snapshot: Snapshot, { kind, within, name, declared }: ProjectSymbol): string | null {
  if (declared === null || snapshot.roleOf(declared.file)?.kind !== "pack") return null;
  const pack = kind === "pack" ? name : within;
  const users = snapshot.files.filter((file) =>
    snapshot
      .parsed(file)
      ?.ast.statements.some((statement) => statement.kind === "use" && statement.name.text === pack),
  );
  return users.length < 2
    ? null
    : `the pack \`${pack}\` is used by ${users.join(" and ")}: give the pack a new version instead`;
}

function badName(kind: SymbolKind, name: string): string | null {
  const isType = kind === "enum" || kind === "entity" || kind === "principal";
  if (isReservedWord(name)) return `\`${name}\` is a word of the language`;
  if (isType)
    return /^[A-Z][A-Za-z0-9]*$/.test(name)
      ? null
      : `\`${name}\` is no type name: write it like \`LibraryCard\``;
  return /^[a-z][a-z0-9_]*$/.test(name) ? null : `\`${name}\` is no name: write it like \`library_card\``;
}

/** The edits, if after them every name means what it meant before and there is no new error. */
function harmless(
  snapshot: Snapshot,
  index: SymbolIndex,
  symbol: ProjectSymbol,
  name: string,
  edits: readonly TextEdit[],
): Renamed {
  const texts = new Map<string, string>();
  for (const file of new Set(edits.map(({ span }) => span.file)))
    texts.set(
      file,
      applyEdits(
        snapshot.text(file) ?? "",
        edits.filter(({ span }) => span.file === file),
      ),
    );
  const after = snapshotOf(withTexts(snapshot.project, texts));
  const errors = errorsOf(snapshot);
  for (const finding of checkProject(after.project).findings) {
    if (finding.severity !== "error") continue;
    const left = errors.get(finding.code) ?? 0;
    if (left === 0) return { refused: finding.message };
    errors.set(finding.code, left - 1);
  }
  const renamed = symbolIndex(after);
  for (const file of snapshot.files) {
    const [before, now] = [index.inFile(file), renamed.inFile(file)];
    if (before.length !== now.length) return { refused: `\`${name}\` would mean something else in ${file}` };
    for (const [at, one] of before.entries()) {
      const other = now[at];
      const isOwn = one.keys.includes(symbol.key);
      const [old, fresh] = [one.keys.join(" "), other?.keys.join(" ") ?? ""];
      const moved = after.text(file)?.slice(other?.span.start, other?.span.end);
      const written = isOwn ? name : snapshot.text(file)?.slice(one.span.start, one.span.end);
      if (
        moved !== written ||
        one.keys.length !== other?.keys.length ||
        (isOwn && index.symbols.has(fresh) && fresh !== old)
      )
        return { refused: `\`${name}\` would mean something else in ${file}` };
    }
  }
  return { edits };
}

/** Errors by code, so that a project that has some already can be mended by a rename too. */
function errorsOf(snapshot: Snapshot): Map<string, number> {
  const errors = new Map<string, number>();
  for (const { code, severity } of checkProject(snapshot.project).findings)
    if (severity === "error") errors.set(code, (errors.get(code) ?? 0) + 1);
  return errors;
}
