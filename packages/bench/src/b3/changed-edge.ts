/** B3: an edge of the graph that goes and comes back, with a decision after each change. */
import { compileTexts } from "../ours/compile-texts.ts";
import { storeWays } from "../ours/store-ways.ts";
import { measure, type Measured } from "../measure.ts";
import { seeded } from "../random.ts";
import type { Way } from "../work.ts";
import type { App, Question } from "./app.ts";
import { ancestorsOf, keyOf, type Graph } from "./graph.ts";
import { storeGraph, type StoredGraph } from "./stored-graph.ts";

export interface ChangedEdge {
  readonly graph: Graph;
  readonly questions: readonly Question[];
  /** Our store's answer on the graph as it is. */
  readonly ask: Way["ask"];
  /** Takes an edge away, or puts back the one that was taken away last. */
  readonly change: () => { readonly child: string; readonly parent: string; readonly isThere: boolean };
}

export function changedEdge(app: App, size: number): ChangedEdge {
  const random = seeded(size);
  const graph = app.graph(size, random);
  const questions = Array.from({ length: 64 }, () => app.question(graph, random));
  const program = compileTexts(app.texts);
  const stored = storeGraph(program, { app, graph, questions, ancestors: ancestorsOf(graph) });
  const [, short] = storeWays(program, stored.world, stored.questions);
  if (short === undefined) throw new Error("there is no way to ask");
  return { graph, questions, ask: short.ask, change: changer(stored) };
}

/** The floor makes all bit sets anew, as one does who keeps nothing between. */
export function timeChangedEdge(app: App, size: number): readonly Measured[] {
  const { graph, questions, ask, change } = changedEdge(app, size);
  return measure([
    {
      name: "by hand, all bit sets made anew",
      run: (_, count) => {
        let made = 0;
        for (let n = 0; n < count; n += 1) made += app.byHand(graph, questions)(n % questions.length) ? 2 : 1;
        return made;
      },
    },
    {
      name: "Wardline store, one edge changed and one decision",
      run: (start, count) => {
        let yes = 0;
        for (let n = start; n < start + count; n += 1) {
          change();
          if (ask(n % questions.length)) yes += 1;
        }
        return yes;
      },
    },
  ]);
}

function changer({ world, edges }: StoredGraph): ChangedEdge["change"] {
  let turn = 0;
  return () => {
    // In steps of a large prime, so that edges of all kinds take turns.
    const edge = edges[((turn >> 1) * 7919) % edges.length];
    if (edge === undefined) throw new Error("the graph has no edge");
    const [child, parent] = edge;
    const isThere = turn % 2 === 1;
    if (isThere) world.link(child, parent);
    else world.unlink(child, parent);
    turn += 1;
    return { child: keyOf(child.type, child.id), parent: keyOf(parent.type, parent.id), isThere };
  };
}
