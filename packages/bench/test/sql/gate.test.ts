/**
 * The facts that the guarded driver collects for a decision, from the database, against those of the generated world: rows,
 * ancestors, what references lead to, pairs of relations. Both must come to the same decision, to the last obligation.
 */
import { evaluate, type KnownFacts, type Program } from "@wardline/core";
import { entityNamed, generateCase, generateLists, type Case } from "@wardline/core/testing";
import { closePrincipal, collectFacts, decideAll, loadRows, type PolicyGuard } from "@wardline/isolation";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { canonical } from "../../src/agree/answer.ts";
import { compileCase } from "../../src/agree/compile-case.ts";
import { loadWorld } from "../../src/agree/world-database.ts";

let database: PGlite;
beforeAll(async () => {
  database = await PGlite.create();
  await database.exec("SET TIME ZONE 'UTC'");
});
afterAll(() => database.close());

const session = {
  query: async (sql: string, parameters: readonly unknown[]) => {
    const { rows } = await database.query<Record<string, unknown>>(sql, [...parameters]);
    return { rows, affected: 0 };
  },
};

/** The facts as an application gives them: nothing of what the database knows. */
function given(known: KnownFacts): KnownFacts {
  const { ancestors: _ancestors, relations: _relations, references: _references, ...facts } = known;
  return facts;
}

/** The direct parents that come with the session. */
function sessionParents(made: Case, program: Program, { principal }: KnownFacts) {
  const { parents: declared } = entityNamed(program.model, principal.type);
  const own = made.world.principals.find(
    (p) => p.type === principal.type && p.id === principal.id && p.tenant === principal.tenant,
  );
  const ids: Record<string, string[]> = {};
  for (const { at, entity, id } of own?.parents ?? [])
    if (declared[at]?.via.kind === "session") (ids[entity] ??= []).push(id);
  return ids;
}

const guardOf = (program: Program): PolicyGuard => ({
  program,
  revision: "1",
  decide: (request) => evaluate(program, request),
  view: () => {
    throw new Error("no view is asked for");
  },
});

async function askCase(seed: number): Promise<{ readonly permits: number; readonly denies: number }> {
  const made = generateCase(seed, "whole", "rules");
  const { program } = compileCase(made);
  if (program === null) throw new Error(`the case of seed ${seed} does not compile`);
  const world = await loadWorld(database, made, program);
  let [permits, denies] = [0, 0];
  try {
    for (const list of generateLists(made, program, 3)) {
      const { tenant, principal } = list.known;
      // A handle is for principals of its tenant.
      if (list.damage !== null || principal.tenant !== tenant.id) continue;
      const source = { program, schema: world.schema, tenant: tenant.id };
      const entity = entityNamed(program.model, list.entity);
      const { storage } = entity;
      if (storage === null) continue;
      const facts = await closePrincipal(
        session,
        source,
        given(list.known),
        sessionParents(made, program, list.known),
      );
      const asked = list.rows.filter(({ row }) => row.tenant === tenant.id || entity.shared === true);
      const stored = await loadRows(
        session,
        source,
        { ...entity, storage },
        asked.map(({ row }) => row.id),
      );
      const rows = asked.flatMap(({ row }) => stored.get(row.id) ?? []);
      expect(rows.length).toBe(asked.length);
      const questions = (await collectFacts(session, source, { ...entity, storage }, rows)).map((row) => ({
        resource: row,
      }));
      const decisions = await decideAll(
        session,
        source,
        guardOf(program),
        facts,
        list.action,
        { ...entity, storage },
        questions,
      );
      for (const [at, { request }] of asked.entries()) {
        const expected = evaluate(program, request);
        expect(canonical(decisions[at]), `seed ${seed}: ${canonical(request)}`).toBe(canonical(expected));
        if (expected.outcome === "permit") permits += 1;
        else if (expected.reason !== "invalid_input") denies += 1;
      }
    }
  } finally {
    await world.drop();
  }
  return { permits, denies };
}

const seed = Number(process.env["WARDLINE_SEED"] ?? Math.floor(Math.random() * 2 ** 30));
test(`over policies from the seeds 700 and ${seed} (WARDLINE_SEED=${seed} repeats them)`, async () => {
  let [permits, denies] = [0, 0];
  for (const at of [
    ...Array.from({ length: 24 }, (_, i) => 700 + i),
    ...Array.from({ length: 8 }, (_, i) => seed + i),
  ]) {
    const counts = await askCase(at);
    permits += counts.permits;
    denies += counts.denies;
  }
  expect(permits).toBeGreaterThan(40);
  expect(denies).toBeGreaterThan(40);
});
