/** All names of a project: what each declares or refers to. Made once for a snapshot; statements that do not parse are left out. */
import type { Name, ParsedFile, Statement } from "@wardline/compiler";
import type { Snapshot } from "../workspace/snapshot.ts";
import { Collector } from "./collector.ts";
import { layerOf, type Layer } from "./layer.ts";
import { visitModelStatement } from "./model-file.ts";
import { modelNames, type ModelNames } from "./model-names.ts";
import { visitLets, visitStatements } from "./rules-file.ts";
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
  const index = makeIndex(snapshot);
  known.set(snapshot, index);
  return index;
}

function makeIndex(snapshot: Snapshot): SymbolIndex {
  const { project } = snapshot;
  const collector = new Collector();
  const parsed = (file: { readonly name: string } | null) =>
    file === null ? undefined : snapshot.parsed(file.name);
  const model = modelNames(parsed(project.model)?.ast.statements ?? []);
  for (const file of snapshot.files) visitHeader(collector, snapshot.parsed(file));
  for (const statement of parsed(project.model)?.ast.statements ?? [])
    visitModelStatement({ model, collector }, statement);
  const packs = new Map<string, readonly Statement[]>();
  for (const file of project.packs) {
    const ast = parsed(file)?.ast;
    if (ast?.header?.kind !== "pack") continue;
    const name = ast.header.name.text;
    packs.set(name, [...(packs.get(name) ?? []), ...ast.statements]);
  }
  const platform = project.platform.flatMap((file) => parsed(file)?.ast.statements ?? []);
  const rulesIn = (layers: readonly (readonly [string, readonly Statement[]])[]) => ruleFinder(layers, packs);
  for (const [name, statements] of packs)
    visitLayer(collector, model, layerOf(name, statements, rulesIn([[name, statements]])), statements);
  const ofPlatform = [["platform", platform] as const];
  visitLayer(collector, model, layerOf("platform", platform, rulesIn(ofPlatform)), platform);
  for (const [tenant, file] of project.tenants) {
    const statements = parsed(file)?.ast.statements ?? [];
    const find = rulesIn([[tenant, statements], ...ofPlatform]);
    visitLayer(collector, model, layerOf(tenant, statements, find), statements);
  }
  return indexOf(model, collector);
}

function visitLayer(
  collector: Collector,
  model: ModelNames,
  layer: Layer,
  statements: readonly Statement[],
): void {
  const base = { model, layer, collector };
  // What lets compare their parameters with is known before arguments are read.
  collector.keeps = false;
  visitLets(base);
  visitLets(base);
  layer.uses.clear();
  collector.keeps = true;
  visitStatements(base, statements);
  visitLets(base);
}

/** Rules by name: those of the first layer that has one, its packs after it. */
function ruleFinder(
  layers: readonly (readonly [string, readonly Statement[]])[],
  packs: ReadonlyMap<string, readonly Statement[]>,
): (name: string) => readonly string[] {
  const groups = layers.flatMap(([layer, statements]) => {
    const used = statements.flatMap((one) => (one.kind === "use" ? [one.name.text] : []));
    const ofPacks = new Map<string, string[]>();
    for (const pack of new Set(used))
      for (const name of ruleNamesIn(packs.get(pack) ?? [])) add(ofPacks, name, `rule ${pack}/${name}`);
    const own = new Map<string, string[]>();
    for (const name of ruleNamesIn(statements)) add(own, name, `rule ${layer}/${name}`);
    return [own, ofPacks];
  });
  return (name) => groups.find((group) => group.has(name))?.get(name) ?? [];
}

function ruleNamesIn(statements: readonly Statement[]): readonly string[] {
  return [...new Set(statements.flatMap((one) => ("reach" in one ? [one.name.text] : [])))];
}

function add<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function visitHeader(collector: Collector, parsed: ParsedFile | undefined): void {
  const header = parsed?.ast.header;
  if (header === null || header === undefined) return;
  const refer = (name: Name) => collector.refer(name, [`model ${name.text}`]);
  switch (header.kind) {
    case "model":
      collector.declare(header.name, { kind: "model", key: `model ${header.name.text}`, whole: header.span });
      return;
    case "platform":
      refer(header.model);
      return;
    case "pack":
      collector.declare(header.name, { kind: "pack", key: `pack ${header.name.text}`, whole: header.span });
      return;
    case "policy":
      collector.declare(header.tenant, {
        kind: "tenant",
        key: `tenant ${header.tenant.text}`,
        whole: header.span,
      });
      refer(header.model);
  }
}

function indexOf(model: ModelNames, { symbols, occurrences }: Collector): SymbolIndex {
  const files = new Map<string, Occurrence[]>();
  const keys = new Map<string, Occurrence[]>();
  const seen = new Set<string>();
  for (const one of occurrences.toSorted((a, b) => a.span.start - b.span.start)) {
    const place = `${one.span.file} ${one.span.start}`;
    if (seen.has(place)) continue;
    seen.add(place);
    add(files, one.span.file, one);
    for (const key of one.keys) add(keys, key, one);
  }
  return {
    model,
    symbols,
    inFile: (file) => files.get(file) ?? [],
    at: (file, offset) => atOffset(files.get(file) ?? [], offset),
    of: (key) => (keys.get(key) ?? []).toSorted((a, b) => Number(b.declares) - Number(a.declares)),
  };
}

function atOffset(sorted: readonly Occurrence[], offset: number): Occurrence | undefined {
  const touching = sorted.filter(({ span }) => span.start <= offset && offset <= span.end);
  return touching.find(({ span }) => offset < span.end) ?? touching[0];
}
