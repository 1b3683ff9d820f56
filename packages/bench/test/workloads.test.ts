/** Every way of every workload gives the same answers: a benchmark of something else is none. Nothing is timed here. */
import { expect, test } from "vitest";
import { abacWork } from "../src/b1/abac-work.ts";
import { rbacWork } from "../src/b1/rbac-work.ts";
import { scaleWork } from "../src/b2/scale-work.ts";
import { changedEdge } from "../src/b3/changed-edge.ts";
import { entityAt } from "../src/b3/graph.ts";
import { graphWork } from "../src/b3/graph-work.ts";
import { apps } from "../src/b3/run.ts";
import { compileVariants, programOf } from "../src/b8/policies.ts";
import { filterWorks } from "../src/filter/filter-works.ts";
import { differences, type Work } from "../src/work.ts";

const works: readonly (readonly [string, () => Promise<Work>])[] = [
  ["B1, roles", rbacWork],
  ["B1, attributes", abacWork],
  ["B2, 100 grants", () => scaleWork(100)],
  ...filterWorks().map((work) => [`filter, ${work.title}`, () => Promise.resolve(work)] as const),
  ...apps.map((app) => [`B3, ${app.name}`, () => graphWork(app, 5, 64)] as const),
];

test.each(works)("%s: all ways answer alike", async (_, make) => {
  expect(differences(await make())).toEqual([]);
});

test("a way that answers otherwise is named, and so are answers that are all alike", () => {
  const even = (n: number) => n % 2 === 0;
  const work = (ask: (n: number) => boolean): Work => ({
    title: "",
    questions: 10,
    ways: [
      { name: "by hand", ask: even },
      { name: "other", ask },
    ],
    leftOut: [],
  });
  expect(differences(work(even))).toEqual([]);
  expect(differences(work((n) => even(n) || n === 7))).toEqual(["other answers question 7 with true"]);
  expect(differences({ ...work(even), ways: [{ name: "by hand", ask: () => true }] })).toEqual([
    "100 % of the answers are yes",
  ]);
});

test.each(apps.map((app) => [app.name, app] as const))(
  "B3, %s: the store answers as the floor does after every change of an edge",
  (_, app) => {
    const { graph, questions, ask, change } = changedEdge(app, 20);
    const byHand = () => {
      const answer = app.byHand(graph, questions);
      return questions.map((_question, n) => answer(n));
    };
    const first = byHand();
    let changed = 0;
    for (let turn = 0; turn < 200; turn += 1) {
      const { child, parent, isThere } = change();
      const { parents } = entityAt(graph, child);
      if (isThere) parents.push(parent);
      else parents.splice(parents.indexOf(parent), 1);
      const expected = byHand();
      expect(questions.map((_question, n) => ask(n))).toEqual(expected);
      if (expected.join() !== first.join()) changed += 1;
    }
    expect(byHand()).toEqual(first);
    expect(changed).toBeGreaterThan(0);
  },
);

test("B8: each tenant has twenty rules of its own beside the platform's, and no other tenant's program", () => {
  const variants = compileVariants();
  const programs = [0, 1, variants.length].map((number) => programOf(variants, number));
  for (const { rules, tenant } of programs) {
    expect(rules.filter(({ layer }) => layer === "tenant")).toHaveLength(20);
    expect(
      rules.every(({ id, layer }) => id.startsWith(layer === "tenant" ? `${tenant}/` : "platform/")),
    ).toBe(true);
  }
  const texts = programs.map(({ tenant, ...program }) => JSON.stringify(program).replaceAll(tenant, ""));
  expect(new Set(texts).size).toBe(programs.length);
});
