/** A graph as a world of our store. */
import { World, type Entity as Stored } from "@wardline/backends";
import type { Program } from "@wardline/core";
import type { StoredQuestion } from "../ours/store-ways.ts";
import { attributesOf, type Setting } from "./graph-requests.ts";
import { at, entityAt } from "./graph.ts";

export interface StoredGraph {
  readonly world: World;
  readonly questions: readonly StoredQuestion[];
  /** Every edge that the policy's model has. */
  readonly edges: readonly (readonly [child: Stored, parent: Stored])[];
}

export function storeGraph(program: Program, { graph, questions }: Setting): StoredGraph {
  const { model, tenant } = program;
  const world = new World(model, tenant);
  const stored = new Map(
    [...graph].map(([key, entity]): [string, Stored] => {
      const attributes = attributesOf(entity, (other) => entityAt(graph, other).id);
      return [key, world.put({ type: entity.type, id: entity.id, attributes: { title: "", ...attributes } })];
    }),
  );
  const parents = new Map(model.entities.map((entity) => [entity.name, entity.parents.map((p) => p.entity)]));
  const edges = [...graph].flatMap(([key, { type, parents: above }]) =>
    above
      .map((parent) => at(stored, parent))
      .filter((parent) => parents.get(type)?.includes(parent.type))
      .map((parent) => [at(stored, key), parent] as const),
  );
  for (const [child, parent] of edges) world.link(child, parent);
  return {
    world,
    edges,
    questions: questions.map(({ principal, action, resource }) => ({
      principal: at(stored, principal.key),
      action,
      resource: at(stored, resource.key),
    })),
  };
}
