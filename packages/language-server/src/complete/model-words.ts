/** What a model declares, read from statements that parsed: it is there while others are damaged. Must not report. */
import type {
  ActionStatement,
  EntityStatement,
  Field,
  RelationStatement,
  RoleStatement,
  Statement,
} from "@wardline/compiler";
import { clockTypes } from "@wardline/compiler";
import { weekdayType, type ValueType } from "@wardline/core";
import { typeText, valueType, type TypeNames } from "./model-types.ts";

/** An attribute of an entity, or a fact of the context or the tenant. */
export interface AttributeWord {
  readonly name: string;
  /** Null for one whose type is not known. */
  readonly type: ValueType | null;
  readonly optional: boolean;
  /** The type as it is written. */
  readonly text: string;
  readonly classes: readonly string[];
  readonly searchable: boolean;
  readonly delegated: boolean;
  readonly doc: string | null;
}

export interface EntityWord {
  readonly name: string;
  readonly kind: "entity" | "principal";
  readonly shared: boolean;
  readonly table: string | null;
  readonly fields: ReadonlyMap<string, AttributeWord>;
  readonly parents: readonly string[];
  /** All types that one of this type may stand below; `stored`: but for what comes with a session. */
  readonly above: ReadonlySet<string>;
  readonly doc: string | null;
}

export interface RoleWord {
  readonly name: string;
  readonly extends: readonly string[];
  readonly platform: boolean;
  /** Tenants assign it. */
  readonly delegated: boolean;
  readonly types: readonly string[];
  readonly doc: string | null;
}

export interface ActionWord {
  readonly name: string;
  readonly kind: ActionStatement["effect"];
  readonly entities: readonly string[];
  readonly doc: string | null;
}

export interface GroupWord {
  readonly name: string;
  readonly members: readonly string[];
  readonly doc: string | null;
}

export interface RelationWord {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly doc: string | null;
}

export interface ModelWords {
  readonly enums: ReadonlyMap<string, { readonly values: readonly string[]; readonly doc: string | null }>;
  readonly tenant: ReadonlyMap<string, AttributeWord>;
  readonly context: ReadonlyMap<string, AttributeWord>;
  readonly clock: ReadonlyMap<string, AttributeWord>;
  readonly entities: ReadonlyMap<string, EntityWord>;
  readonly principals: readonly string[];
  readonly roles: ReadonlyMap<string, RoleWord>;
  readonly relations: ReadonlyMap<string, RelationWord>;
  readonly actions: ReadonlyMap<string, ActionWord>;
  readonly groups: ReadonlyMap<string, GroupWord>;
  readonly evidence: ReadonlyMap<string, { readonly facts: number; readonly doc: string | null }>;
  readonly classes: ReadonlySet<string>;
}

const known = new WeakMap<readonly Statement[], ModelWords>();

/** The words of a model's statements. */
export function modelWords(statements: readonly Statement[]): ModelWords {
  const before = known.get(statements);
  if (before !== undefined) return before;
  const words = readModel(statements);
  known.set(statements, words);
  return words;
}

type OfKind<Kind extends Statement["kind"]> = Extract<Statement, { readonly kind: Kind }>;

export function ofKind<Kind extends Statement["kind"]>(
  statements: readonly Statement[],
  ...kinds: readonly Kind[]
): readonly OfKind<Kind>[] {
  return statements.filter((one): one is OfKind<Kind> => (kinds as readonly string[]).includes(one.kind));
}

function readModel(statements: readonly Statement[]): ModelWords {
  const enums = new Map([
    [weekdayType.name, { values: weekdayType.values, doc: null as string | null }],
    ...ofKind(statements, "enum").map(
      ({ name, values, doc }) => [name.text, { values: values.map(({ text }) => text), doc }] as const,
    ),
  ]);
  const declared = ofKind(statements, "entity", "principal");
  const names: TypeNames = { enums, entities: new Set(declared.map(({ name }) => name.text)) };
  const attributes = (fields: readonly Field[]) =>
    new Map(fields.map((field) => [field.name.text, attributeOf(names, field)] as const));
  const facts = (of: "tenant" | "context") =>
    attributes(ofKind(statements, "facts").flatMap((one) => (one.of === of ? one.fields : [])));
  const above = (name: string) => typesAbove(declared, name);
  const entities = new Map(
    declared.map((one) => [one.name.text, entityOf(one, attributes(one.fields), above(one.name.text))]),
  );
  const principals = declared.flatMap(({ kind, name }) => (kind === "principal" ? [name.text] : []));
  const delegated = new Set(
    ofKind(statements, "delegate").flatMap((one) => one.names.map(({ text }) => text)),
  );
  return {
    enums,
    tenant: facts("tenant"),
    context: facts("context"),
    clock: new Map(Object.entries(clockTypes).map(([name, type]) => [name, plain(name, type)])),
    entities,
    principals,
    roles: rolesIn(ofKind(statements, "role"), new Map(), principals, (name) => delegated.has(name)),
    relations: new Map(ofKind(statements, "relation").map((one) => [one.name.text, relationOf(one)])),
    actions: new Map(
      ofKind(statements, "action").flatMap((one) =>
        one.names.map(({ text }) => [text, actionOf(text, statements)] as const),
      ),
    ),
    groups: new Map(
      ofKind(statements, "group").map(({ name, members, doc }) => [
        name.text,
        { name: name.text, members: members.map(({ text }) => text), doc },
      ]),
    ),
    evidence: new Map(
      ofKind(statements, "evidence").map(({ name, facts: of, doc }) => [
        name.text,
        { facts: of.length, doc },
      ]),
    ),
    classes: new Set(
      declared.flatMap((one) => one.fields.flatMap((field) => field.classes.map((c) => c.text))),
    ),
  };
}

function relationOf({ name, from, to, doc }: RelationStatement): RelationWord {
  return { name: name.text, from: from.text, to: to.text, doc };
}

/** An action may be declared in several statements, each for other types. */
function actionOf(name: string, statements: readonly Statement[]): ActionWord {
  const own = ofKind(statements, "action").filter((one) => one.names.some(({ text }) => text === name));
  return {
    name,
    kind: own[0]?.effect ?? "reads",
    entities: [...new Set(own.flatMap((one) => one.entities.map(({ text }) => text)))],
    doc: own.find(({ doc }) => doc !== null)?.doc ?? null,
  };
}

/** Roles by name, those that are there already first. */
export function rolesIn(
  statements: readonly RoleStatement[],
  before: ReadonlyMap<string, RoleWord>,
  principals: readonly string[],
  isDelegated: (name: string) => boolean,
): ReadonlyMap<string, RoleWord> {
  const roles = new Map(before);
  for (const { names, modifier, doc } of statements)
    for (const { text } of names) {
      const parents = modifier?.kind === "extends" ? modifier.names.map((name) => name.text) : [];
      const own = modifier?.kind === "for" ? modifier.types.map((name) => name.text) : principals;
      roles.set(text, {
        name: text,
        extends: parents,
        platform: modifier?.kind === "platform",
        delegated: isDelegated(text),
        types: own,
        doc,
      });
    }
  for (const role of roles.values()) {
    const inherited = parentsOf(roles, role.name).map((parent) => roles.get(parent)?.types ?? principals);
    roles.set(role.name, {
      ...role,
      types: role.types.filter((type) => inherited.every((types) => types.includes(type))),
    });
  }
  return roles;
}

/** All roles that a role extends, at any distance. */
export function parentsOf(roles: ReadonlyMap<string, RoleWord>, name: string): readonly string[] {
  const found = new Set<string>();
  const open = [name];
  for (let at = open.pop(); at !== undefined; at = open.pop())
    for (const parent of roles.get(at)?.extends ?? [])
      if (!found.has(parent)) {
        found.add(parent);
        open.push(parent);
      }
  return [...found];
}

function entityOf(
  { kind, name, shared, storedIn, parents, doc }: EntityStatement,
  fields: EntityWord["fields"],
  above: ReadonlySet<string>,
): EntityWord {
  return {
    name: name.text,
    kind,
    shared,
    table: storedIn?.table.text ?? null,
    fields,
    parents: parents.map(({ entity }) => entity.text),
    above,
    doc,
  };
}

function typesAbove(declared: readonly EntityStatement[], name: string): ReadonlySet<string> {
  const above = new Set<string>();
  const open = [name];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const one = declared.find((other) => other.name.text === at);
    for (const { entity } of one?.parents ?? [])
      if (!above.has(entity.text)) {
        above.add(entity.text);
        open.push(entity.text);
      }
  }
  return above;
}

function attributeOf(names: TypeNames, field: Field): AttributeWord {
  const { name, type, classes, searchable, delegated, doc } = field;
  return {
    name: name.text,
    type: valueType(names, type),
    optional: type.optional,
    text: typeText(type),
    classes: classes.map(({ text }) => text),
    searchable,
    delegated,
    doc,
  };
}

/** An attribute of the language's own. */
export function plain(name: string, type: ValueType): AttributeWord {
  const text = type.kind === "enum" ? type.name : type.kind === "entity" ? type.entity : type.kind;
  return { name, type, optional: false, text, classes: [], searchable: false, delegated: false, doc: null };
}
