/**
 * The engine over worlds against the oracle on the request that is made of the same world, while edges and pairs come and
 * go. Worlds and policies are generated, of the whole language.
 */
import { compileStore, World, WorldError, type Entity, type Given } from "@wardline/backends";
import { evaluate, type RequestDocument } from "@wardline/core";
import {
  generateCase,
  generateRequests,
  randomFrom,
  requestFor,
  type AskedRows,
  type Asker,
  type Case,
  type Random,
  type World as PlainWorld,
  type WorldRow,
} from "@wardline/core/testing";
import { describe, expect, test } from "vitest";
import { compileCase } from "../src/agree/compile-case.ts";

/** The same things twice: as rows to make requests of, and as worlds, one for each tenant. */
interface Twin {
  plain: PlainWorld;
  readonly worlds: ReadonlyMap<string, World>;
}

function makeTwin({ generated, world }: Case): Twin {
  const shared = new World(generated.ir, null);
  const worlds = new Map(
    world.tenants.map((tenant) => [
      tenant,
      new World(generated.ir, tenant, { attributes: world.tenantFacts.get(tenant) ?? {}, shared }),
    ]),
  );
  // What is shared bears a tenant's name that is none.
  for (const { tenant } of world.rows) if (!worlds.has(tenant)) worlds.set(tenant, shared);
  const all = [...world.rows, ...world.principals.map(({ type, ...rest }) => ({ entity: type, ...rest }))];
  for (const { entity, id, tenant, attributes } of all)
    worlds.get(tenant)?.put({ type: entity, id, attributes });
  for (const { entity, id, tenant, parents } of all)
    for (const parent of parents)
      worlds.get(tenant)?.link(at(worlds, tenant, entity, id), at(worlds, tenant, parent.entity, parent.id));
  for (const { relation, tenant, from, to } of world.pairs) worlds.get(tenant)?.relate(relation, from, to);
  return { plain: world, worlds };
}

function at(worlds: Twin["worlds"], tenant: string, type: string, id: string): Entity {
  const found = worlds.get(tenant)?.entity(type, id);
  if (found === undefined) throw new Error(`${type} ${id} of ${tenant} stands in no world`);
  return found;
}

interface Question {
  readonly asker: Asker;
  readonly action: string;
  readonly entity: string;
  readonly rows: AskedRows;
}

/** A generated request as a question about the rows of a world. */
function questionOf(random: Random, { plain }: Twin, request: RequestDocument): Question {
  const { principal, action, resource, prior, next, tenant, context, now, limits } = request;
  const rowOf = (id: string | undefined, owner: string | undefined) =>
    plain.rows.find(
      (row) => row.entity === resource.type && row.id === id && row.tenant === owner,
    ) as WorldRow;
  const ofType = plain.rows.filter((row) => row.entity === resource.type && row.tenant === next?.tenant);
  const rows: AskedRows = {
    ...(resource.id === undefined ? {} : { resource: rowOf(resource.id, resource.tenant) }),
    ...(prior === undefined ? {} : { prior: rowOf(prior.id, prior.tenant) }),
    ...(next === undefined
      ? {}
      : {
          next: {
            entity: resource.type,
            id: next.id,
            tenant: next.tenant,
            attributes: next.attributes as WorldRow["attributes"],
            parents: random.pick(ofType).parents,
          },
        }),
  };
  const asker: Asker = {
    principal: plain.principals.find(
      (p) => p.type === principal.type && p.id === principal.id && p.tenant === principal.tenant,
    ) as Asker["principal"],
    roles: principal.roles,
    tenant: tenant.id,
    context: context ?? {},
    now: now as string,
    limits: new Map(Object.entries(limits ?? {})),
  };
  return { asker, action: action.name, entity: resource.type, rows };
}

/** What the store is asked for the same. */
function ask(
  { worlds, plain }: Twin,
  engine: ReturnType<typeof compileStore>,
  { asker, action, rows }: Question,
  request: RequestDocument,
) {
  const { type, id, tenant, attributes } = asker.principal;
  const principal = worlds.get(tenant)?.draft({
    type,
    id,
    attributes,
    roles: asker.roles,
    parents: plain.principals
      .filter((p) => p.type === type && p.id === id && p.tenant === tenant)
      .flatMap((p) => p.parents.map((parent) => at(worlds, tenant, parent.entity, parent.id))),
  }) as Entity;
  const stored = (row: WorldRow) => at(worlds, row.tenant, row.entity, row.id);
  const draft = (row: WorldRow) =>
    worlds.get(row.tenant)?.draft({
      type: row.entity,
      id: row.id,
      attributes: row.attributes,
      parents: row.parents.map((parent) => at(worlds, row.tenant, parent.entity, parent.id)),
    }) as Entity;
  const { resource, prior, next } = rows;
  const { context, now, clock, limits } = request;
  const given = {
    context,
    now,
    clock,
    limits,
    ...(prior !== undefined && next !== undefined ? { next: draft(next) } : {}),
  } as Given;
  const row = resource ?? prior;
  const about = row === undefined ? draft(next as WorldRow) : stored(row);
  return {
    decision: engine.decide(principal, action, about, given),
    isAllowed: engine.allows(principal, action, about, given),
  };
}

/** Adds or removes an edge or a pair on both sides. */
function change(random: Random, twin: Twin, made: Case, seen: Map<string, number>): void {
  const count = (what: string): void => {
    seen.set(what, (seen.get(what) ?? 0) + 1);
  };
  const { plain, worlds } = twin;
  const isFamily = (row: WorldRow) =>
    (made.generated.ir.entities.find(({ name }) => name === row.entity)?.parents ?? []).length > 0;
  const children = plain.rows.filter(isFamily);
  if (random.chance(0.2) && made.generated.ir.relations.length > 0) {
    const { name, from, to } = random.pick(made.generated.ir.relations);
    const tenant = random.pick(plain.tenants);
    const idsOf = (type: string) =>
      [...plain.rows.map(({ entity, ...row }) => ({ type: entity, ...row })), ...plain.principals]
        .filter((one) => one.type === type && (one.tenant === tenant || !plain.tenants.includes(one.tenant)))
        .map(({ id }) => id);
    const pair = { relation: name, tenant, from: random.pick(idsOf(from)), to: random.pick(idsOf(to)) };
    const others = plain.pairs.filter((p) => JSON.stringify(p) !== JSON.stringify(pair));
    const wasThere = others.length < plain.pairs.length;
    if (wasThere) expect(worlds.get(tenant)?.unrelate(name, pair.from, pair.to)).toBe(true);
    else worlds.get(tenant)?.relate(name, pair.from, pair.to);
    twin.plain = { ...plain, pairs: wasThere ? others : [...others, pair] };
    return count(wasThere ? "unrelate" : "relate");
  }
  if (children.length === 0) return;
  const child = random.pick(children);
  const own = at(worlds, child.tenant, child.entity, child.id);
  const withParents = (parents: WorldRow["parents"]) => {
    twin.plain = { ...plain, rows: plain.rows.map((row) => (row === child ? { ...row, parents } : row)) };
  };
  if (child.parents.length > 0 && random.chance(0.4)) {
    const { entity, id } = random.pick(child.parents);
    expect(worlds.get(child.tenant)?.unlink(own, at(worlds, child.tenant, entity, id))).toBe(true);
    withParents(child.parents.filter((link) => link.entity !== entity || link.id !== id));
    return count("unlink");
  }
  const types = made.generated.ir.entities.find(({ name }) => name === child.entity)?.parents ?? [];
  const place = random.below(types.length);
  const type = types[place]?.entity as string;
  const candidates = plain.rows.filter((row) => row.entity === type && row.tenant === child.tenant);
  if (candidates.length === 0) return;
  const parent = random.pick(candidates);
  const link = () => worlds.get(child.tenant)?.link(own, at(worlds, parent.tenant, parent.entity, parent.id));
  if (parent === child || isAncestor(plain, parent, child)) {
    expect(link).toThrow(WorldError);
    return count("cycle");
  }
  link();
  const isNew = !child.parents.some(({ entity, id }) => entity === parent.entity && id === parent.id);
  if (isNew) withParents([...child.parents, { at: place, entity: parent.entity, id: parent.id }]);
  return count("link");
}

/** True if `above` stands somewhere above `row`, by walking. */
function isAncestor(plain: PlainWorld, row: WorldRow, above: WorldRow): boolean {
  return row.parents.some((link) => {
    const parent = plain.rows.find(
      (r) => r.entity === link.entity && r.id === link.id && r.tenant === row.tenant,
    );
    return parent !== undefined && (parent === above || isAncestor(plain, parent, above));
  });
}

interface Seen {
  readonly answers: Map<string, number>;
  readonly changes: Map<string, number>;
}

function firstMismatch(from: number, count: number, requests: number, seen: Seen): unknown {
  for (let seed = from; seed < from + count; seed += 1) {
    const made = generateCase(seed, "whole", "rules");
    const { program } = compileCase(made);
    if (program === null) continue;
    const random = randomFrom(seed, "store");
    const twin = makeTwin(made);
    const engine = compileStore(program, twin.worlds.get(made.tenant) as World);
    for (const { request: generated, damage } of generateRequests(made, program, requests)) {
      change(random, twin, made, seen.changes);
      const { tenant, resource, prior, next } = (
        damage === null ? generated : {}
      ) as Partial<RequestDocument>;
      // A store answers in the name of its own tenant, about rows that it or another store holds.
      if (tenant?.id !== made.tenant || (resource?.id ?? prior?.id ?? next?.id) === undefined) continue;
      const question = questionOf(random, twin, generated as RequestDocument);
      const request = requestFor(
        twin.plain,
        program,
        question.asker,
        question.action,
        question.entity,
        question.rows,
      );
      const wanted = evaluate(program, request);
      const { decision, isAllowed } = ask(twin, engine, question, request);
      if (JSON.stringify(decision) !== JSON.stringify(wanted) || isAllowed !== (wanted.outcome === "permit"))
        return { seed, decision, wanted, isAllowed, request, policy: made.policy.text };
      const key = wanted.reason ?? wanted.outcome;
      seen.answers.set(key, (seen.answers.get(key) ?? 0) + 1);
    }
  }
  return undefined;
}

describe("a store decides as the oracle does on the request of the same world", () => {
  test("over 200 worlds, while edges and pairs come and go", () => {
    const seen: Seen = { answers: new Map(), changes: new Map() };
    expect(firstMismatch(0, 200, 20, seen)).toBeUndefined();
    for (const answer of ["permit", "challenge", "forbidden", "not_granted", "out_of_scope"])
      expect(seen.answers.get(answer) ?? 0, answer).toBeGreaterThan(20);
    for (const what of ["link", "unlink", "relate", "unrelate", "cycle"])
      expect(seen.changes.get(what) ?? 0, what).toBeGreaterThan(20);
  });

  const random = Number(process.env["WARDLINE_SEED"] ?? Math.floor(Math.random() * 2 ** 20));
  test(`over 30 worlds from the seed ${random} (WARDLINE_SEED=${random} repeats them)`, () => {
    const seen: Seen = { answers: new Map(), changes: new Map() };
    expect(firstMismatch(random, 30, 20, seen)).toBeUndefined();
  });
});
