/** What cards of one file are made with: its blocks, the words of the model, and the lists that its pickers name. */
import type { Statement } from "@wardline/compiler";
import { namesIn } from "../complete/names.ts";
import type { FileRole, Snapshot } from "../workspace/snapshot.ts";
import type { ListName, Option } from "./card.ts";
import { letFacts, type LetFacts } from "./condition/let-facts.ts";
import { blocksOf, type BlockFile } from "./text/blocks.ts";
import { modelWords, withOwnRoles, type ModelWords, type RoleWords } from "./model/model-words.ts";

export interface CardContext {
  readonly snapshot: Snapshot;
  readonly file: string;
  readonly text: string;
  readonly role: FileRole;
  readonly blocks: BlockFile;
  /** Whether the first line says what the text is. */
  readonly hasHeader: boolean;
  readonly words: ModelWords;
  readonly roles: readonly RoleWords[];
  /** The principal types that can hold a role; of a role that nobody declares none. */
  readonly holders: (role: string) => readonly string[];
  /** Lets of this file, with how many parameters each has. */
  readonly lets: readonly {
    readonly name: string;
    readonly parameters: number;
    readonly documentation: string | null;
    /** Of `resource`, `prior` and `next` those that it speaks of, itself or by others. */
    readonly rows: readonly string[];
    /** What it reads, itself and by others. */
    readonly facts: LetFacts;
  }[];
  /** Fields that a rule seals, as `Loan.card`: no condition can read them. */
  readonly sealed: ReadonlySet<string>;
  /** Parameters of this pack: name and `class` or a type. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly lists: Map<ListName, readonly Option[]>;
}

/** Null without such a file, or without a model that can be read. */
export function cardContext(snapshot: Snapshot, file: string): CardContext | null {
  const source = snapshot.source(file);
  const role = snapshot.roleOf(file);
  const words = wordsOf(snapshot);
  if (source === undefined || role === undefined || words === null) return null;
  const { text } = source;
  const blocks = blocksOf(source, isTrusted(role));
  const statements = blocks.blocks.flatMap(({ statement }) => statement ?? []);
  return {
    snapshot,
    file,
    text,
    role,
    blocks,
    hasHeader: blocks.header !== null,
    words,
    roles: role.kind === "policy" ? withOwnRoles(words, statements) : words.roles,
    holders: (name) => holdersOf(words, statements, name),
    lets: letsOf(statements, text),
    sealed: sealedIn(snapshot, file),
    parameters: new Map(statements.flatMap(parameterOf)),
    lists: new Map(),
  };
}

/** A role is for the types that it names, else for those of what it extends, else for all. */
function holdersOf(words: ModelWords, own: readonly Statement[], name: string, depth = 0): readonly string[] {
  const of = words.holders.get(name);
  if (of !== undefined) return of;
  const declared = own.find((s) => s.kind === "role" && s.names.some(({ text }) => text === name));
  if (declared?.kind !== "role" || depth > own.length) return [];
  const { modifier } = declared;
  const all = words.ir.entities.flatMap((entity) => (entity.kind === "principal" ? [entity.name] : []));
  if (modifier?.kind === "for") return modifier.types.map(({ text }) => text);
  if (modifier?.kind !== "extends") return all;
  const above = modifier.names.map(({ text }) => holdersOf(words, own, text, depth + 1));
  return all.filter((type) => above.every((types) => types.includes(type)));
}

function letsOf(statements: readonly Statement[], text: string): CardContext["lets"] {
  const lets = statements.filter((s) => s.kind === "let");
  const words = new Map(
    lets.map(({ name, value: { span } }) => [
      name.text,
      text.slice(span.start, span.end).match(/\w+/g) ?? [],
    ]),
  );
  const said = (name: string, seen: Set<string>): readonly string[] => {
    if (seen.has(name)) return [];
    seen.add(name);
    return (words.get(name) ?? []).flatMap((word) => (words.has(word) ? said(word, seen) : [word]));
  };
  const facts = letFacts(lets);
  return lets.map(({ name, parameters, doc }) => {
    const all = said(name.text, new Set());
    return {
      name: name.text,
      parameters: parameters?.length ?? 0,
      documentation: doc,
      rows: ["resource", "prior", "next"].filter((row) => all.includes(row)),
      facts: facts.get(name.text) ?? { paths: [], related: [] },
    };
  });
}

function sealedIn(snapshot: Snapshot, file: string): ReadonlySet<string> {
  const sealed = [...(namesIn(snapshot, file)?.sealed ?? [])];
  return new Set(sealed.flatMap(([entity, fields]) => [...fields].map((field) => `${entity}.${field}`)));
}

function parameterOf(statement: Statement): readonly (readonly [string, string])[] {
  if (statement.kind !== "parameter") return [];
  return [[statement.name.text, "name" in statement.type ? statement.type.name.text : "class"]];
}

/** The words of the project's model; null without one, or where it has an error. */
export function wordsOf({ project }: Snapshot): ModelWords | null {
  return project.model === null ? null : modelWords(project.model);
}

export const isTrusted = (role: FileRole) => role.kind === "model" || role.kind === "platform";

/** Names a list of options, made when it is first named. */
export function listNamed(
  ctx: Pick<CardContext, "lists">,
  name: ListName,
  make: () => readonly Option[],
): ListName {
  if (!ctx.lists.has(name)) ctx.lists.set(name, make());
  return name;
}

export function option(
  id: string,
  label: string,
  documentation: string | null = null,
  section: string | null = null,
): Option {
  return { id, label, documentation, section };
}
