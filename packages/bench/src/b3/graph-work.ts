/** B3: all ways to ask about a graph. */
import { compileTexts } from "../ours/compile-texts.ts";
import { engineWays } from "../ours/engine-ways.ts";
import { storeWays } from "../ours/store-ways.ts";
import { opaWay } from "../peers/opa.ts";
import { seeded, type Random } from "../random.ts";
import type { Work } from "../work.ts";
import type { App, Question } from "./app.ts";
import { ancestorsOf, type Graph } from "./graph.ts";
import { attributesOf, graphRequests } from "./graph-requests.ts";
import { casbinWay, caslWay, cedarWays } from "./graph-peers.ts";
import { storeGraph } from "./stored-graph.ts";

export async function graphWork(
  app: App,
  size: number,
  count = 512,
): Promise<Work & { readonly entities: number }> {
  const random = seeded(size);
  const graph = app.graph(size, random);
  const questions = drawQuestions(app, graph, random, count);
  const ancestors = ancestorsOf(graph);
  const setting = { app, graph, questions, ancestors };
  const program = compileTexts(app.texts);
  const { world, questions: stored } = storeGraph(program, setting);
  const ours = engineWays(program, graphRequests(setting));
  const opa = opaWay("OPA wasm, graph closed beforehand", {
    text: app.rego,
    data: {
      above: Object.fromEntries([...ancestors].map(([key, above]) => [key, [...above]])),
      entities: Object.fromEntries(
        [...graph].map(([key, entity]) => [key, attributesOf(entity, (one) => one)]),
      ),
    },
    inputs: questions.map(({ principal, action, resource }) => ({
      principal: principal.key,
      action,
      resource: resource.key,
    })),
  });
  return {
    title: `${app.name}, ${size} of each entity`,
    entities: graph.size,
    questions: count,
    ways: [
      { name: "by hand, integers and bit sets", ask: app.byHand(graph, questions) },
      ...storeWays(program, world, stored),
      ...ours,
      caslWay(setting),
      await casbinWay(setting),
      ...opa.ways,
      ...cedarWays(setting, size),
    ],
    leftOut: [...opa.leftOut, { name: "accesscontrol", why: "it has no hierarchy of rows, only of roles" }],
  };
}

/** Up to half of them are answered with yes: of those that are drawn at random few are. */
function drawQuestions(app: App, graph: Graph, random: Random, count: number): readonly Question[] {
  const drawn = Array.from({ length: 32 * count }, () => app.question(graph, random));
  const ask = app.byHand(graph, drawn);
  const yes = drawn.filter((_, n) => ask(n)).slice(0, count / 2);
  const no = drawn.filter((_, n) => !ask(n)).slice(0, count - yes.length);
  const mixed = [...yes, ...no];
  // In an order in which a processor cannot guess the next answer.
  return mixed
    .map((question) => ({ question, place: random.below(2 ** 30) }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ question }) => question);
}
