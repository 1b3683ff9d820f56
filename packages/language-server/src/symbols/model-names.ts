/** What a model declares, by its statements alone: it need not be whole or right. */
import type {
  ActionStatement,
  EntityStatement,
  EnumStatement,
  EvidenceStatement,
  Field,
  RelationStatement,
  RoleStatement,
  Statement,
} from "@wardline/compiler";
import { nothing, type Meant } from "./symbol.ts";

export interface ModelNames {
  readonly enums: ReadonlyMap<string, EnumStatement>;
  readonly entities: ReadonlyMap<string, EntityStatement>;
  readonly principals: ReadonlySet<string>;
  readonly fields: ReadonlyMap<string, ReadonlyMap<string, Field>>;
  readonly facts: { readonly [Of in "tenant" | "context"]: ReadonlyMap<string, Field> };
  readonly roles: ReadonlyMap<string, RoleStatement>;
  /** Action → the statements that declare it. */
  readonly actions: ReadonlyMap<string, readonly ActionStatement[]>;
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly relations: ReadonlyMap<string, RelationStatement>;
  readonly evidence: ReadonlyMap<string, EvidenceStatement>;
}

export function modelNames(statements: readonly Statement[]): ModelNames {
  const enums = new Map<string, EnumStatement>();
  const entities = new Map<string, EntityStatement>();
  const fields = new Map<string, Map<string, Field>>();
  const facts = { tenant: new Map<string, Field>(), context: new Map<string, Field>() };
  const roles = new Map<string, RoleStatement>();
  const actions = new Map<string, ActionStatement[]>();
  const groups = new Map<string, readonly string[]>();
  const relations = new Map<string, RelationStatement>();
  const evidence = new Map<string, EvidenceStatement>();
  for (const one of statements) {
    if (one.kind === "enum") first(enums, one.name.text, one);
    else if (one.kind === "entity" || one.kind === "principal") {
      first(entities, one.name.text, one);
      first(fields, one.name.text, byName(one.fields));
    } else if (one.kind === "facts")
      for (const field of one.fields) first(facts[one.of], field.name.text, field);
    else if (one.kind === "role") for (const name of one.names) first(roles, name.text, one);
    else if (one.kind === "action")
      for (const { text } of one.names) actions.set(text, [...(actions.get(text) ?? []), one]);
    else if (one.kind === "group")
      first(
        groups,
        one.name.text,
        one.members.map(({ text }) => text),
      );
    else if (one.kind === "relation") first(relations, one.name.text, one);
    else if (one.kind === "evidence") first(evidence, one.name.text, one);
  }
  const principals = new Set(
    [...entities.values()].filter((e) => e.kind === "principal").map((e) => e.name.text),
  );
  return { enums, entities, principals, fields, facts, roles, actions, groups, relations, evidence };
}

function first<Value>(map: Map<string, Value>, key: string, value: Value): void {
  if (!map.has(key)) map.set(key, value);
}

function byName(fields: readonly Field[]): Map<string, Field> {
  const map = new Map<string, Field>();
  for (const field of fields) first(map, field.name.text, field);
  return map;
}

/** What a field, or what is in it where it is a set, may be. */
export function meantBy(model: ModelNames, { type }: Field): Meant {
  const name = (type.of ?? type.name).text;
  if (model.entities.has(name)) return { ...nothing, entities: new Set([name]) };
  return model.enums.has(name) ? { ...nothing, enums: new Set([name]) } : nothing;
}

/** The principal types that can hold a role of the model, or one that a tenant extends from it. */
export function typesOfRole(
  model: ModelNames,
  own: ReadonlyMap<string, RoleStatement>,
  role: string,
  seen: ReadonlySet<string> = new Set(),
): readonly string[] {
  const statement = own.get(role) ?? model.roles.get(role);
  if (statement === undefined || seen.has(role)) return [];
  const { modifier } = statement;
  if (modifier?.kind === "for") return modifier.types.map(({ text }) => text);
  if (modifier?.kind === "extends")
    return modifier.names.flatMap(({ text }) => typesOfRole(model, own, text, new Set([...seen, role])));
  return [...model.principals];
}

/** The types on which an action, or one of a group, is. */
export function typesOfAction(model: ModelNames, name: string): readonly string[] {
  const members = model.groups.get(name) ?? [name];
  return members.flatMap((member) =>
    (model.actions.get(member) ?? []).flatMap(({ entities }) => entities.map(({ text }) => text)),
  );
}
