/** The ways of our engine over a world that it keeps: no request document is made, and no fact is checked twice. */
import { compileStore, World, type Entity } from "@wardline/backends";
import type { Program, RequestDocument } from "@wardline/core";
import type { Way } from "../work.ts";

export interface StoredQuestion {
  readonly principal: Entity;
  readonly action: string;
  readonly resource: Entity;
}

export function storeWays(
  program: Program,
  world: World,
  questions: readonly StoredQuestion[],
): readonly Way[] {
  const whole = compileStore(program, world);
  const short = compileStore(program, world);
  return [
    {
      name: "Wardline store, whole decision",
      ask: (n) => {
        const { principal, action, resource } = questions[n] as StoredQuestion;
        return whole.decide(principal, action, resource).outcome === "permit";
      },
    },
    {
      name: "Wardline store, yes or no",
      ask: (n) => {
        const { principal, action, resource } = questions[n] as StoredQuestion;
        return short.allows(principal, action, resource);
      },
    },
  ];
}

/** A world of all that the documents ask about, where nothing stands below anything. */
export function storeOf(program: Program, requests: readonly RequestDocument[]): readonly Way[] {
  const world = new World(program.model, program.tenant);
  const known = (type: string, id: string, make: () => Entity) => world.entity(type, id) ?? make();
  const questions = requests.map(({ principal, action, resource }): StoredQuestion => {
    const { type, id = "", attributes = {} } = resource;
    return {
      principal: known(principal.type, principal.id, () => world.put(principal)),
      action: action.name,
      resource: known(type, id, () => world.put({ type, id, attributes })),
    };
  });
  return storeWays(program, world, questions);
}
