/**
 * What `policy.sql` shows to people, with the facts of a request in its placeholders, has the rows and cells of the view
 * that runs: over generated policies of the whole language.
 */
import { compileViews } from "@wardline/backends";
import { valueAt, type GuardedView, type KnownFacts } from "@wardline/core";
import { generateCase, generateLists } from "@wardline/core/testing";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compileCase } from "../../src/agree/compile-case.ts";
import { loadWorld } from "../../src/agree/world-database.ts";

let database: PGlite;
beforeAll(async () => {
  database = await PGlite.create();
  await database.exec("SET TIME ZONE 'UTC'");
});
afterAll(() => database.close());

const marker = "m:1";

/** The keys that the name of a placeholder stands for: what is named by a path, or a rule, is one key, full stops and all. */
function pathOf(name: string): readonly string[] {
  const keys = name.split(".");
  const [first = "", last = ""] = [keys[0], keys.at(-1)];
  const isMap = first === "ancestors" || first === "references" || first === "limits";
  return isMap ? [first, keys.slice(1, -1).join("."), last] : keys;
}

function filled(template: GuardedView, facts: KnownFacts, schema: string): GuardedView {
  const fill = (_: string, node: unknown): unknown => {
    if (typeof node !== "object" || node === null || !("kind" in node)) return node;
    if (node.kind === "table") return { ...node, schema };
    if (node.kind !== "placeholder") return node;
    const { name, type } = node as unknown as { readonly name: string; readonly type: string };
    const value = name === "marker" ? marker : (valueAt(facts, pathOf(name)) ?? null);
    return { kind: "parameter", value: typeof value === "number" ? String(value) : value, type };
  };
  return { ...template, select: JSON.parse(JSON.stringify(template.select), fill) as GuardedView["select"] };
}

const seed = Number(process.env["WARDLINE_SEED"] ?? Math.floor(Math.random() * 2 ** 30));
test(`over policies from the seeds 2000 and ${seed} (WARDLINE_SEED=${seed} repeats them)`, async () => {
  let [rows, lists, passedOver] = [0, 0, 0];
  for (const at of [
    ...Array.from({ length: 24 }, (_, i) => 2000 + i),
    ...Array.from({ length: 8 }, (_, i) => seed + i),
  ]) {
    const made = generateCase(at, "whole", "rules");
    const { program } = compileCase(made);
    if (program === null) throw new Error(`the case of seed ${at} does not compile`);
    const views = compileViews(program);
    const world = await loadWorld(database, made, program);
    for (const list of generateLists(made, program, 4)) {
      // A template shows proper requests alone.
      if (list.damage !== null) continue;
      const { type } = list.known.principal;
      const template = views.template(list.entity, list.action, type);
      const shown = await world
        .read(filled(template, list.known, world.schema))
        // An id that is no uuid is none of a row's: the placeholder's cast refuses what the view that runs folds away.
        .catch((error: unknown) => {
          if ((error as { code?: unknown }).code === "22P02") return null;
          throw error;
        });
      if (shown === null) {
        passedOver += 1;
        continue;
      }
      const run = views.bind(list.entity, list.action, list.known, {
        schema: world.schema,
        sealMarker: marker,
      });
      const inOrder = (all: typeof shown) => all.map((row) => JSON.stringify(row)).toSorted();
      // A column is marked in the template where some request could show it so; its cells are compared by their masks.
      const plain = (view: GuardedView, all: typeof shown) =>
        all.map((row) =>
          Object.fromEntries(
            Object.entries(row).filter(
              ([column]) => view.sealedColumns.includes(column) === run.sealedColumns.includes(column),
            ),
          ),
        );
      const ran = await world.read(run);
      expect(inOrder(plain(template, shown)), `seed ${at}`).toEqual(inOrder(plain(template, ran)));
      rows += shown.length;
      lists += 1;
    }
    await world.drop();
  }
  expect(rows).toBeGreaterThan(30);
  expect(passedOver).toBeLessThan(lists / 4);
});
