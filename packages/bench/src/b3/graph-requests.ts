/** Questions about a graph as request documents, with all that principal and row stand below. */
import type { RequestDocument } from "@wardline/core";
import { tenant } from "../ours/compile-texts.ts";
import type { App, Question } from "./app.ts";
import { at, entityAt, type Entity, type Graph } from "./graph.ts";

export interface Setting {
  readonly app: App;
  readonly graph: Graph;
  readonly questions: readonly Question[];
  readonly ancestors: ReadonlyMap<string, ReadonlySet<string>>;
}

export function graphRequests(setting: Setting): readonly RequestDocument[] {
  const { app, graph, questions, ancestors } = setting;
  const idOf = (key: string) => entityAt(graph, key).id;
  const above = (key: string) => {
    const all = [...at(ancestors, key)].map((other) => entityAt(graph, other));
    const types = Map.groupBy(all, ({ type }) => type);
    const named = [...new Set([...graph.values()].map(({ type }) => type))];
    return Object.fromEntries(named.map((type) => [type, (types.get(type) ?? []).map(({ id }) => id)]));
  };
  const lists = new Map([...graph.keys()].map((key) => [key, above(key)]));
  return questions.map(({ principal, action, resource }) => {
    const through = app.readsThrough.map((name): [string, Readonly<Record<string, unknown>>] => {
      const target = entityAt(graph, resource.references[name] as string);
      return [`resource.${name}`, attributesOf(target, idOf)];
    });
    return {
      tenant: { id: tenant },
      principal: {
        type: principal.type,
        id: principal.id,
        tenant,
        roles: [],
        attributes: attributesOf(principal, idOf),
      },
      action: { name: action },
      resource: { type: resource.type, id: resource.id, tenant, attributes: attributesOf(resource, idOf) },
      ancestors: { principal: at(lists, principal.key), resource: at(lists, resource.key) },
      references: Object.fromEntries(through),
    };
  });
}

/** Attributes with whatever stands for an entity. */
export function attributesOf<T>(
  { references, sets, flags }: Entity,
  nameOf: (key: string) => T,
): Readonly<Record<string, T | readonly T[] | boolean>> {
  return {
    ...flags,
    ...Object.fromEntries(Object.entries(references).map(([name, key]) => [name, nameOf(key)])),
    ...Object.fromEntries(Object.entries(sets).map(([name, keys]) => [name, keys.map(nameOf)])),
  };
}
