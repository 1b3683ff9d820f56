/**
 * The names of a project in parts: those of the files that its tenants share, and those of each tenant's policy. A part is
 * made anew only where its own text, or what it is understood by, is another.
 */
import type { Name, ParsedFile, Statement } from "@wardline/compiler";
import type { Snapshot } from "../workspace/snapshot.ts";
import { Collector } from "./collector.ts";
import { layerOf, type Layer } from "./layer.ts";
import { visitModelStatement } from "./model-file.ts";
import { modelNames, type ModelNames } from "./model-names.ts";
import { visitLets, visitStatements } from "./rules-file.ts";
import type { Occurrence, ProjectSymbol } from "./symbol.ts";

/** What stands in some files: symbols, and where each is named, by file and by symbol. */
export interface IndexPart {
  readonly symbols: ReadonlyMap<string, ProjectSymbol>;
  readonly files: ReadonlyMap<string, readonly Occurrence[]>;
  readonly keys: ReadonlyMap<string, readonly Occurrence[]>;
}

/** The files that tenants share, and what a policy is understood by. */
interface Shared {
  readonly files: SharedFiles;
  readonly model: ModelNames;
  /** Name of a pack → the statements of all its versions. */
  readonly packs: ReadonlyMap<string, readonly Statement[]>;
  readonly platform: readonly Statement[];
  readonly part: IndexPart;
}

interface SharedFiles {
  readonly model: readonly ParsedFile[];
  readonly platform: readonly ParsedFile[];
  readonly packs: readonly ParsedFile[];
}

/** By the first of the files. */
const knownShared = new WeakMap<ParsedFile, Shared>();
const knownPolicies = new WeakMap<
  ParsedFile,
  { readonly shared: Shared; readonly tenant: string; readonly part: IndexPart }
>();

/** The shared files' part stands first. */
export function partsOf(snapshot: Snapshot): {
  readonly model: ModelNames;
  readonly parts: readonly IndexPart[];
} {
  const shared = sharedOf(snapshot);
  const policies = [...snapshot.project.tenants].flatMap(([tenant, { name }]) => {
    const parsed = snapshot.parsed(name);
    return parsed === undefined ? [] : [policyPart(shared, tenant, parsed)];
  });
  return { model: shared.model, parts: [shared.part, ...policies] };
}

function policyPart(shared: Shared, tenant: string, parsed: ParsedFile): IndexPart {
  const before = knownPolicies.get(parsed);
  if (before?.shared === shared && before.tenant === tenant) return before.part;
  const { statements } = parsed.ast;
  const collector = new Collector();
  visitHeader(collector, parsed);
  const find = ruleFinder(
    [
      [tenant, statements],
      ["platform", shared.platform],
    ],
    shared.packs,
  );
  visitLayer(collector, shared.model, layerOf(tenant, statements, find), statements);
  const part = partOf(collector);
  knownPolicies.set(parsed, { shared, tenant, part });
  return part;
}

function sharedOf({ project, parsed }: Snapshot): Shared {
  const ofFiles = (files: readonly { readonly name: string }[]) =>
    files.map(({ name }) => parsed(name)).filter((file) => file !== undefined);
  const files: SharedFiles = {
    model: ofFiles(project.model === null ? [] : [project.model]),
    platform: ofFiles(project.platform),
    packs: ofFiles(project.packs),
  };
  const [first] = [...files.model, ...files.platform, ...files.packs];
  const before = first === undefined ? undefined : knownShared.get(first);
  if (before !== undefined && areSame(before.files, files)) return before;
  const made = makeShared(files);
  if (first !== undefined) knownShared.set(first, made);
  return made;
}

function areSame(some: SharedFiles, others: SharedFiles): boolean {
  return (["model", "platform", "packs"] as const).every(
    (kind) =>
      some[kind].length === others[kind].length && some[kind].every((file, at) => file === others[kind][at]),
  );
}

function makeShared(files: SharedFiles): Shared {
  const collector = new Collector();
  const statementsIn = (some: readonly ParsedFile[]) => some.flatMap(({ ast }) => ast.statements);
  const ofModel = statementsIn(files.model);
  const model = modelNames(ofModel);
  for (const file of [...files.packs, ...files.platform, ...files.model]) visitHeader(collector, file);
  for (const statement of ofModel) visitModelStatement({ model, collector }, statement);
  const packs = new Map<string, readonly Statement[]>();
  for (const { ast } of files.packs) {
    if (ast.header?.kind !== "pack") continue;
    const name = ast.header.name.text;
    packs.set(name, [...(packs.get(name) ?? []), ...ast.statements]);
  }
  const platform = statementsIn(files.platform);
  for (const [name, statements] of [...packs, ["platform", platform] as const])
    visitLayer(
      collector,
      model,
      layerOf(name, statements, ruleFinder([[name, statements]], packs)),
      statements,
    );
  return { files, model, packs, platform, part: partOf(collector) };
}

function partOf({ symbols, occurrences }: Collector): IndexPart {
  const files = new Map<string, Occurrence[]>();
  const keys = new Map<string, Occurrence[]>();
  const seen = new Map<string, Set<number>>();
  for (const one of occurrences.toSorted((a, b) => a.span.start - b.span.start)) {
    const { file, start } = one.span;
    const places = seen.get(file) ?? new Set();
    seen.set(file, places);
    if (places.has(start)) continue;
    places.add(start);
    add(files, file, one);
    for (const key of one.keys) add(keys, key, one);
  }
  return { symbols, files, keys };
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

function visitHeader(collector: Collector, { ast: { header } }: ParsedFile): void {
  if (header === null) return;
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
