/** Generates questions about a world: reads, writes, and requests that are damaged on their way. */
import type { KnownFacts, RequestDocument } from "../decision/request.ts";
import { findTable, type Program } from "../ir/program.ts";
import type { Case } from "./case.ts";
import { damage, damageKnown } from "./damage.ts";
import { entityNamed } from "./generated-model.ts";
import { randomFrom, type Random } from "../search/random.ts";
import { knownFactsFor, limitedRules, requestFor, type Asker, type AskedRows } from "./request-for.ts";
import {
  asField,
  isWithin,
  makeParents,
  makerFor,
  makeValues,
  type Maker,
  type WorldPrincipal,
  type WorldRow,
} from "./world.ts";

/** A request, and what was done to it after it was made from the world; null if nothing. */
export interface GeneratedRequest {
  readonly request: unknown;
  readonly damage: string | null;
}

/** One list: what is known before it, and the request for each row of the tenant and for one of the other. */
export interface GeneratedList {
  readonly action: string;
  readonly entity: string;
  readonly known: KnownFacts;
  readonly rows: readonly { readonly row: WorldRow; readonly request: RequestDocument }[];
  readonly damage: string | null;
}

/** Single requests, writes more than reads; every third is damaged, or every tenth where rules are what is looked at. */
export function generateRequests(from: Case, program: Program, count: number): readonly GeneratedRequest[] {
  const random = randomFrom(from.seed, "requests");
  return Array.from({ length: count }, () => {
    const request = oneRequest(random, from, program);
    if (!random.chance(from.extent === "rules" ? 0.1 : 0.3)) return { request, damage: null };
    return damage(random, program, tableOf(program, request), request, from.world.tenants);
  });
}

/** Lists for actions that read. */
export function generateLists(from: Case, program: Program, count: number): readonly GeneratedList[] {
  const random = randomFrom(from.seed, "lists");
  const reads = from.generated.ir.actions.filter((action) => action.kind === "reads");
  return Array.from({ length: count }, () => {
    const asker = makeAsker(random, from, program);
    const action = random.pick(reads);
    const entity = random.pick(action.entities);
    const made = knownFactsFor(from.world, program, asker);
    const harmed = random.chance(0.15)
      ? damageKnown(random, program, findTable(program, asker.principal.type, action.name, entity), made)
      : null;
    const known = harmed?.known ?? made;
    const all = from.world.rows.filter((row) => row.entity === entity);
    const own = all.filter((row) => isWithin(row, asker.tenant));
    const rows = [...own, ...all.filter((row) => !isWithin(row, asker.tenant)).slice(0, 1)].map((row) => {
      const whole = requestFor(from.world, program, asker, action.name, entity, { resource: row });
      // What the row brings with it; everything else is what the list was given.
      const ofRow = Object.entries(whole.ancestors ?? {}).filter(([path]) => path.startsWith("resource"));
      const ancestors = { ...Object.fromEntries(ofRow), ...known.ancestors };
      const behind = Object.entries(whole.references ?? {}).filter(([path]) => path.startsWith("resource"));
      const references =
        known.references === undefined
          ? {}
          : { references: { ...Object.fromEntries(behind), ...known.references } };
      const request = { ...known, action: whole.action, resource: whole.resource, ancestors, ...references };
      return { row, request };
    });
    return { action: action.name, entity, known, rows, damage: harmed?.damage ?? null };
  });
}

function tableOf(program: Program, request: RequestDocument) {
  return findTable(program, request.principal.type, request.action.name, request.resource.type);
}

function oneRequest(random: Random, from: Case, program: Program): RequestDocument {
  const asker = makeAsker(random, from, program);
  const { actions } = from.generated.ir;
  const kind = random.pick(["reads", "creates", "updates", "updates", "deletes"] as const);
  const action = random.pick(actions.filter((a) => a.kind === kind));
  const entity = random.pick(action.entities);
  const maker = makerFor(random, from.world);
  // A row of the other tenant must always be out of scope.
  const tenant = random.chance(0.08)
    ? (from.world.tenants.find((t) => t !== asker.tenant) as string)
    : asker.tenant;
  const row = random.pick(from.world.rows.filter((r) => r.entity === entity && isWithin(r, tenant)));
  return requestFor(from.world, program, asker, action.name, entity, askedRows(maker, from, kind, row));
}

function askedRows(
  maker: Maker,
  from: Case,
  kind: "reads" | "creates" | "updates" | "deletes",
  row: WorldRow,
): AskedRows {
  switch (kind) {
    case "reads":
      return { resource: row };
    case "deletes":
      return { prior: row };
    case "creates":
      return { next: changed(maker, from, { ...row, id: "0f0f0f0f-0f0f-4f0f-8f0f-0f0f0f0f0f0f" }, 1) };
    case "updates":
      return { prior: row, next: changed(maker, from, row, maker.random.pick([0, 0.2, 0.4, 1])) };
  }
}

/** The row with some of its values and perhaps its parents made anew. */
function changed(maker: Maker, from: Case, row: WorldRow, share: number): WorldRow {
  const entity = entityNamed(from.generated.ir, row.entity);
  const anew = entity.fields.filter(() => maker.random.chance(share));
  const kept = Object.entries(row.attributes).filter(([name]) => !anew.some((field) => field.name === name));
  const attributes = { ...Object.fromEntries(kept), ...makeValues(maker, anew, row.tenant) };
  const position = maker.ids(row.entity, row.tenant).indexOf(row.id);
  const parents = maker.random.chance(share / 2)
    ? makeParents(maker, entity, row.tenant, position < 0 ? Number.POSITIVE_INFINITY : position)
    : row.parents;
  return { ...row, attributes, parents };
}

/** Who might ask something of the world: mostly a principal of the case's tenant, with some of its roles. */
export function makeAsker(random: Random, from: Case, program: Program): Asker {
  const { world, generated } = from;
  const tenant = random.chance(0.95) ? from.tenant : random.pick(world.tenants);
  const abroad = random.chance(from.extent === "rules" ? 0.25 : 0.05);
  const principal = random.pick(world.principals.filter((p) => (p.tenant === tenant) !== abroad));
  const held = from.statements.roles.filter((role) => {
    const types = generated.roleTypes.get(role);
    return (
      random.chance(0.4) && (types === undefined || types.includes(principal.type) || random.chance(0.1))
    );
  });
  const hostile = random.chance(0.05) ? random.some(["__proto__", "constructor", ""], 1) : [];
  const maker = makerFor(random, world);
  const context = makeValues(maker, generated.ir.context.map(asField), tenant);
  // Often well proved, so that preconditions are met about as often as not.
  const proved = random.chance(from.extent === "rules" ? 0.15 : 0.35) && {
    totp: true,
    totp_age: random.pick([0, 299_999_999, 300_000_000]),
    motive: "on call",
    ...(from.extent === "rules" ? { approved: true, approved_age: random.pick([0, 300_000_000]) } : {}),
  };
  return {
    principal: random.chance(0.04) ? strayed(principal, program) : principal,
    // Repetition means nothing.
    roles: random.chance(0.1) ? [...held, ...held, ...hostile] : [...held, ...hostile],
    tenant,
    context: proved === false ? context : { ...context, ...proved },
    now: random.pick(world.pools({ kind: "instant" })) as string,
    limits: new Map(
      limitedRules(program).map((rule) => [rule, { left: random.pick([0, 0, 1, 9]), ...waitOf(random) }]),
    ),
  };
}

function waitOf(random: Random): { readonly retry_after?: number } {
  return random.chance(0.6) ? { retry_after: random.pick([0, 1, 60_000_000]) } : {};
}

/**
 * The principal with references that no row can have: ids are any text to the rules, and uuids to the database. What a rule
 * reads behind such a reference cannot be given, so where one does the principal stays as it is.
 */
function strayed(principal: WorldPrincipal, program: Program): WorldPrincipal {
  const { attributes } = principal;
  const isReadThrough = program.slots.some(
    ({ source }) => source.from === "reference" && source.of.attribute === "home",
  );
  return Object.hasOwn(attributes, "home") && !isReadThrough
    ? { ...principal, attributes: { ...attributes, home: "' nowhere" } }
    : principal;
}
