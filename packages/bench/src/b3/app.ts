/** An application of B3: a graph, questions about it, and its policy in each engine's own words. */
import type { createMongoAbility } from "@casl/ability";
import type { Texts } from "../ours/compile-texts.ts";
import type { Random } from "../random.ts";
import type { Way } from "../work.ts";
import type { Entity, Graph } from "./graph.ts";

export interface Question {
  readonly principal: Entity;
  readonly action: string;
  readonly resource: Entity;
}

export type Ability = ReturnType<typeof createMongoAbility>;

export interface App {
  readonly name: string;
  /** `size` entities of each kind. An edge that may be there is there in one case of twenty. */
  readonly graph: (size: number, random: Random) => Graph;
  readonly question: (graph: Graph, random: Random) => Question;
  /** The floor, over integers and bit sets. */
  readonly byHand: (graph: Graph, questions: readonly Question[]) => Way["ask"];
  readonly texts: Texts;
  /** References of the resource whose row the policy reads. */
  readonly readsThrough: readonly string[];
  readonly cedar: {
    readonly policies: string;
    /** Action → the one that it belongs to. */
    readonly actions: Readonly<Record<string, string>>;
  };
  readonly casbin: {
    readonly matcher: string;
    readonly lines: (graph: Graph) => readonly (readonly string[])[];
  };
  /** What one principal may do, given all that it stands below. */
  readonly ability: (principal: Entity, ancestors: ReadonlySet<string>) => Ability;
  /** Rego of the package `bench` over `data.above` (key → keys) and `data.entities` (key → attributes). */
  readonly rego: string;
}

/** The share of edges that are there. */
export const edges = 0.05;

/** Some of the keys `PREFIX0` to `PREFIX(count − 1)` of a type. */
export function some(random: Random, count: number, key: (n: number) => string): readonly string[] {
  return Array.from({ length: count }, (_, n) => n)
    .filter(() => random.chance(edges))
    .map(key);
}

export const ofType = (graph: Graph, type: string): readonly Entity[] =>
  [...graph.values()].filter((entity) => entity.type === type);
