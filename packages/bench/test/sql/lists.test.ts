/**
 * Guarded views of the whole language against the oracle, row by row and cell by cell: generated models, policies, worlds
 * and lists, on the embedded database.
 */
import { compileViews } from "@wardline/backends";
import { evaluate, serializeProgram, type Obligation } from "@wardline/core";
import { generateCase, generateLists, type GeneratedList } from "@wardline/core/testing";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { canonical } from "../../src/agree/answer.ts";
import { compileCase } from "../../src/agree/compile-case.ts";
import { checkList } from "../../src/agree/list-check.ts";
import { loadWorld } from "../../src/agree/world-database.ts";

let database: PGlite;
beforeAll(async () => {
  database = await PGlite.create();
  await database.exec("SET TIME ZONE 'UTC'");
});
afterAll(() => database.close());

/** Beside masks and what is sealed: what who reads a view must carry out. */
const isDuty = ({ type }: Obligation) => type === "audit" || type === "notify" || type === "limit";

async function askAll(from: number, policies: number) {
  const outcomes = { permit: 0, challenge: 0, deny: 0 };
  const said = { duties: 0, tokens: 0, references: 0, texts: 0, networks: 0 };
  for (let seed = from; seed < from + policies; seed += 1) {
    const made = generateCase(seed, "whole", "rules");
    const { program } = compileCase(made);
    if (program === null) throw new Error(`the case of seed ${seed} does not compile`);
    const text = serializeProgram(program);
    for (const [name, word] of [
      ["tokens", '"token"'],
      ["references", '"from":"reference"'],
      ["texts", '"kind":"text"'],
      ["networks", '"in_network"'],
    ] as const)
      if (text.includes(word)) said[name] += 1;
    const views = compileViews(program);
    const world = await loadWorld(database, made, program);
    try {
      for (const list of generateLists(made, program, 3)) {
        expect(await checkList(program, views, world, list), `seed ${seed}`).toEqual([]);
        const decisions = list.rows.map(({ request }) => evaluate(program, request));
        for (const { outcome } of decisions) outcomes[outcome] += 1;
        const owed = decisions.flatMap((d) => (d.outcome === "permit" ? d.obligations.filter(isDuty) : []));
        if (owed.length > 0) said.duties += 1;
        expect(missing(owed, dutiesOf(views, list)), `seed ${seed}`).toEqual([]);
      }
    } finally {
      await world.drop();
    }
  }
  return { outcomes, said };
}

function dutiesOf(views: ReturnType<typeof compileViews>, list: GeneratedList): readonly Obligation[] {
  return views.bind(list.entity, list.action, list.known, { schema: "any", sealMarker: "m" }).duties;
}

/** What rows owe and the view does not say. */
function missing(owed: readonly Obligation[], said: readonly Obligation[]): readonly Obligation[] {
  const known = new Set(said.map(canonical));
  return owed.filter((obligation) => !known.has(canonical(obligation)));
}

test("over neighbouring seeds, which cover the language", async () => {
  const { outcomes, said } = await askAll(9_000, 40);
  // A run in which nearly all is denied, or nearly all permitted, would prove nearly nothing.
  for (const count of Object.values(outcomes)) expect(count).toBeGreaterThan(15);
  for (const [name, count] of Object.entries(said)) expect(count, name).toBeGreaterThan(0);
});

const seed = Number(process.env["WARDLINE_SEED"] ?? Math.floor(Math.random() * 2 ** 30));
test(`over policies from the seed ${seed} (WARDLINE_SEED=${seed} repeats them)`, async () => {
  await askAll(seed, 16);
});
