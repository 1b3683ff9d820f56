/** All that a file can name: the model's words, its own, and those of the files that it is compiled with. */
import type {
  LetStatement,
  ParameterStatement,
  RequireStatement,
  RuleStatement,
  Statement,
  Term,
} from "@wardline/compiler";
import type { Snapshot } from "../workspace/snapshot.ts";
import { typeText } from "./model-types.ts";
import { modelWords, ofKind, rolesIn, type ModelWords, type RoleWord } from "./model-words.ts";

export interface LetWord {
  readonly name: string;
  readonly parameters: readonly string[] | null;
  readonly value: LetStatement["value"];
  readonly doc: string | null;
}

export interface RuleWord {
  readonly name: string;
  readonly kind: string;
  readonly file: string;
  readonly layer: "platform" | "tenant" | "pack";
  readonly doc: string | null;
}

export interface ParameterWord {
  readonly name: string;
  /** `class`, or a type as it is written. */
  readonly type: string;
  readonly isClass: boolean;
  readonly fallback: string | null;
  readonly doc: string | null;
}

export interface PackWord {
  readonly name: string;
  readonly version: string;
  readonly parameters: readonly ParameterWord[];
  readonly statements: readonly Statement[];
}

export interface Names {
  readonly kind: "model" | "platform" | "pack" | "policy";
  readonly tenant: string | null;
  readonly model: ModelWords;
  /** The model's, and in a policy the tenant's own. */
  readonly roles: ReadonlyMap<string, RoleWord>;
  readonly lets: ReadonlyMap<string, LetWord>;
  /** Rules that a test or an assert of the file can name, the file's own layer first. */
  readonly rules: readonly RuleWord[];
  readonly packs: readonly PackWord[];
  /** Those of the pack that the file is. */
  readonly parameters: readonly ParameterWord[];
  /** Entity → the fields that a rule seals, which no condition can read. */
  readonly sealed: ReadonlyMap<string, ReadonlySet<string>>;
  readonly statements: readonly Statement[];
  /** Requires that hold for the file: the platform's, its own, and those of packs with what stands for their parameters. */
  readonly requires: readonly RequireWord[];
  /** The platform's floors, above what a tenant requires. */
  readonly floors: readonly RuleStatement[];
}

export interface RequireWord {
  readonly statement: RequireStatement;
  readonly given: ReadonlyMap<string, string>;
  /** Whose it is, also where it came with a pack. The platform's know the model's roles alone. */
  readonly layer: "platform" | "tenant";
}

const empty: readonly Statement[] = [];
const kept = new WeakMap<Snapshot, Map<string, Names | null>>();

/** Null for a file that is not of the project. */
export function namesIn(snapshot: Snapshot, file: string): Names | null {
  const known = kept.get(snapshot) ?? new Map<string, Names | null>();
  kept.set(snapshot, known);
  const before = known.get(file);
  if (before !== undefined) return before;
  const names = readNames(snapshot, file);
  known.set(file, names);
  return names;
}

function readNames(snapshot: Snapshot, file: string): Names | null {
  const role = snapshot.roleOf(file);
  if (role === undefined) return null;
  const statementsOf = (name: string) => snapshot.parsed(name)?.ast.statements ?? empty;
  const { project } = snapshot;
  const model = modelWords(project.model === null ? empty : statementsOf(project.model.name));
  const own = statementsOf(file);
  const isPolicy = role.kind === "policy";
  const packs = project.packs.flatMap(({ name }) => packOf(snapshot, name) ?? []);
  const platform = project.platform.map(({ name }) => statementsOf(name));
  const guards = [...platform.flat(), ...(isPolicy ? own : [])];
  return {
    kind: role.kind,
    tenant: isPolicy ? role.tenant : null,
    model,
    roles: isPolicy ? rolesIn(ofKind(own, "role"), model.roles, model.principals, () => true) : model.roles,
    lets: new Map(
      ofKind(own, "let").map(({ name, parameters, value, doc }) => [
        name.text,
        { name: name.text, parameters: parameters?.map(({ text }) => text) ?? null, value, doc },
      ]),
    ),
    rules: rulesOf(snapshot, role.kind, own, file, packs),
    packs,
    parameters: parametersOf(own),
    sealed: role.kind === "pack" ? new Map() : sealedBy(model, guards, packs),
    statements: own,
    requires: [
      ...requiresIn(platform.flat(), packs, "platform"),
      ...requiresIn(isPolicy ? own : [], packs, "tenant"),
    ],
    floors: ofKind(platform.flat(), "floor"),
  };
}

function requiresIn(
  statements: readonly Statement[],
  packs: readonly PackWord[],
  layer: RequireWord["layer"],
): readonly RequireWord[] {
  const own = ofKind(statements, "require").map((statement) => ({
    statement,
    given: new Map<string, string>(),
    layer,
  }));
  const ofPacks = ofKind(statements, "use").flatMap(({ name, version, arguments: args }) => {
    const pack = packs.find((one) => one.name === name.text && one.version === version);
    const given = new Map(args.map(({ key, value }) => [key.text, termText(value)]));
    return ofKind(pack?.statements ?? [], "require").map((statement) => ({
      statement,
      given,
      layer,
    }));
  });
  return [...own, ...ofPacks];
}

const ruleKinds = ["permit", "forbid", "ceiling", "floor", "share", "require"] as const;

function rulesOf(
  snapshot: Snapshot,
  kind: Names["kind"],
  own: readonly Statement[],
  file: string,
  packs: readonly PackWord[],
): readonly RuleWord[] {
  const words = (statements: readonly Statement[], at: string, layer: RuleWord["layer"]) =>
    ofKind(statements, ...ruleKinds).map(({ name, kind: of, doc }) => ({
      name: name.text,
      kind: of,
      file: at,
      layer,
      doc,
    }));
  const used = (statements: readonly Statement[]) =>
    ofKind(statements, "use").flatMap(({ name, version }) => {
      const pack = packs.find((one) => one.name === name.text && one.version === version);
      return words(pack?.statements ?? [], name.text, "pack");
    });
  const platform = snapshot.project.platform.flatMap(({ name }) => {
    const statements = snapshot.parsed(name)?.ast.statements ?? empty;
    return [...words(statements, name, "platform"), ...used(statements)];
  });
  const rules = kind === "policy" ? [...words(own, file, "tenant"), ...used(own), ...platform] : platform;
  return [...new Map(rules.map((rule) => [rule.name, rule] as const).toReversed()).values()].toReversed();
}

function packOf(snapshot: Snapshot, file: string): PackWord | null {
  const ast = snapshot.parsed(file)?.ast;
  if (ast?.header?.kind !== "pack") return null;
  const { name, version } = ast.header;
  return { name: name.text, version, parameters: parametersOf(ast.statements), statements: ast.statements };
}

function parametersOf(statements: readonly Statement[]): readonly ParameterWord[] {
  return ofKind(statements, "parameter").map(parameterOf);
}

function parameterOf({ name, type, default: given, doc }: ParameterStatement): ParameterWord {
  const isClass = !("name" in type);
  return {
    name: name.text,
    type: isClass ? "class" : typeText(type),
    isClass,
    fallback: given === null ? null : termText(given),
    doc,
  };
}

export function termText(term: Term): string {
  switch (term.kind) {
    case "call": {
      const args = term.args.map(
        ({ label, term: of }) => `${label === null ? "" : `${label.text}: `}${termText(of)}`,
      );
      return args.length === 0 ? term.name.text : `${term.name.text}(${args.join(", ")})`;
    }
    case "keyword":
      return term.word;
    case "class":
      return `#${term.name.text}`;
    case "literal":
      return term.text;
  }
}

function sealedBy(
  model: ModelWords,
  statements: readonly Statement[],
  packs: readonly PackWord[],
): Names["sealed"] {
  const named = new Set<string>();
  const take = (term: Term, given: ReadonlyMap<string, string>) => {
    if (term.kind !== "call" || term.name.text !== "encrypt") return;
    for (const { term: of } of term.args) {
      const text = termText(of);
      named.add(given.get(text) ?? text);
    }
  };
  for (const { terms } of ofKind(statements, "require")) for (const term of terms) take(term, new Map());
  for (const { name, version, arguments: given } of ofKind(statements, "use")) {
    const pack = packs.find((one) => one.name === name.text && one.version === version);
    const texts = new Map(given.map(({ key, value }) => [key.text, termText(value)]));
    for (const { terms } of ofKind(pack?.statements ?? [], "require"))
      for (const term of terms) take(term, texts);
  }
  return new Map(
    [...model.entities.values()].map((entity) => [
      entity.name,
      new Set(
        [...entity.fields.values()].flatMap(({ name, classes }) =>
          named.has(name) || classes.some((one) => named.has(`#${one}`)) ? [name] : [],
        ),
      ),
    ]),
  );
}
