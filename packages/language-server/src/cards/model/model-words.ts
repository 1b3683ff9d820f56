/** What the names of a project's model stand for, with their documentation: what pickers offer. */
import {
  compileModel,
  parseFile,
  type FileAst,
  type Field,
  type Statement,
  type RoleStatement,
} from "@wardline/compiler";
import type { EntityModel, ModelIr, SourceFile } from "@wardline/core";

export interface RoleWords {
  readonly name: string;
  readonly extends: readonly string[];
  readonly platform: boolean;
  /** Tenants assign it. */
  readonly delegated: boolean;
  /** The tenant declared it. */
  readonly own: boolean;
  readonly documentation: string | null;
}

export interface ModelWords {
  readonly ir: ModelIr;
  readonly entities: ReadonlyMap<string, EntityModel>;
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly roles: readonly RoleWords[];
  /** The principal types that can hold each role. */
  readonly holders: ReadonlyMap<string, readonly string[]>;
  /** What meets a precondition. */
  readonly evidence: readonly string[];
  readonly classes: readonly string[];
  /** Documentation by `Loan`, `Loan.title`, `context.mfa`, `action read`, `role reader`, `relation guards`. */
  readonly documentation: ReadonlyMap<string, string>;
}

const known = new WeakMap<SourceFile, ModelWords | null>();

/** The words of a model; null if it has an error. */
export function modelWords(source: SourceFile): ModelWords | null {
  const before = known.get(source);
  if (before !== undefined) return before;
  const { model } = compileModel(source);
  const words = model === null ? null : read(model, parseFile(source).ast);
  known.set(source, words);
  return words;
}

function read(ir: ModelIr, { statements }: FileAst): ModelWords {
  const documentation = new Map<string, string>();
  for (const statement of statements) document(documentation, statement);
  const delegated = new Set(
    statements.flatMap((s) => (s.kind === "delegate" ? s.names.map(({ text }) => text) : [])),
  );
  return {
    ir,
    entities: new Map(ir.entities.map((entity) => [entity.name, entity])),
    groups: new Map(
      statements.flatMap((s) =>
        s.kind === "group" ? [[s.name.text, s.members.map(({ text }) => text)] as const] : [],
      ),
    ),
    roles: ir.roles.map(({ name, extends: above, platform }) => ({
      name,
      extends: above,
      platform,
      delegated: delegated.has(name),
      own: false,
      documentation: documentation.get(`role ${name}`) ?? null,
    })),
    holders: holdersOf(ir, statements),
    evidence: statements.flatMap((s) => (s.kind === "evidence" ? [s.name.text] : [])),
    classes: [...new Set(ir.entities.flatMap(({ fields }) => fields.flatMap(({ classes }) => classes)))],
    documentation,
  };
}

function holdersOf(ir: ModelIr, statements: readonly Statement[]): ReadonlyMap<string, readonly string[]> {
  const all = ir.entities.flatMap(({ name, kind }) => (kind === "principal" ? [name] : []));
  const named = new Map<string, readonly string[]>();
  for (const s of statements)
    if (s.kind === "role" && s.modifier?.kind === "for")
      for (const { text } of s.names)
        named.set(
          text,
          s.modifier.types.map((type) => type.text),
        );
  const extended = new Map(ir.roles.map((role) => [role.name, role.extends]));
  const of = (role: string, depth: number): readonly string[] => {
    const own = named.get(role) ?? all;
    const above =
      depth > ir.roles.length ? [] : (extended.get(role) ?? []).map((name) => of(name, depth + 1));
    return own.filter((type) => above.every((types) => types.includes(type)));
  };
  return new Map(ir.roles.map(({ name }) => [name, of(name, 0)]));
}

function document(into: Map<string, string>, statement: Statement): void {
  const put = (key: string, doc: string | null) => {
    if (doc !== null) into.set(key, doc);
  };
  const fields = (owner: string, all: readonly Field[]) => {
    for (const field of all) put(`${owner}.${field.name.text}`, field.doc);
  };
  const { doc } = statement;
  if (statement.kind === "entity" || statement.kind === "principal") {
    put(statement.name.text, doc);
    fields(statement.name.text, statement.fields);
  } else if (statement.kind === "facts") fields(statement.of, statement.fields);
  else if (statement.kind === "enum") put(statement.name.text, doc);
  else if (statement.kind === "action") for (const { text } of statement.names) put(`action ${text}`, doc);
  else if (statement.kind === "role") for (const { text } of statement.names) put(`role ${text}`, doc);
  else if (statement.kind === "group") put(`action ${statement.name.text}`, doc);
  else if (statement.kind === "relation") put(`relation ${statement.name.text}`, doc);
}

/** The model's roles and those that a tenant's policy declares. */
export function withOwnRoles(words: ModelWords, statements: readonly Statement[]): readonly RoleWords[] {
  const own = statements.filter((s): s is RoleStatement => s.kind === "role");
  return [
    ...words.roles,
    ...own.flatMap((statement) =>
      statement.names.map(({ text }) => ({
        name: text,
        extends: statement.modifier?.kind === "extends" ? statement.modifier.names.map((n) => n.text) : [],
        platform: false,
        delegated: true,
        own: true,
        documentation: statement.doc,
      })),
    ),
  ];
}
