/**
 * Tries to cross: puts rows of two tenants in, enters one, and reaches for the other's as every role that was granted something.
 * All of it happens in one transaction that is rolled back; no row of anybody is changed.
 */
import { randomInt } from "node:crypto";
import type { ContextClaims, SqlSession } from "../../contracts.ts";
import { createContextKey } from "../../context/context-key.ts";
import { installContextKey, readCluster } from "../../context/contexts.ts";
import { sessionSettings } from "../../context/pinned-settings.ts";
import { createContextSigner } from "../../context/signer.ts";
import { applicationRole, controlSchema, qualify, quoteName } from "../../schema/identifier.ts";
import { relationName, type RelationFacts } from "../catalogue.ts";
import { modelTables, type DoctorFinding, type DoctorLint, type Examined } from "../lint.ts";
import { crossed, notCrossed } from "../lints/beside.ts";
import { attempt, isInconclusive, type Outcome } from "./attempt.ts";
import { createCanary, plantSql, type Canary } from "./canary.ts";
import { readable, readWay, rolesWith, writeWays, type Way } from "./ways.ts";

const stateOf = (error: unknown): string | null => {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : null;
};

const finding = (lint: DoctorLint, relation: RelationFacts, message: string): DoctorFinding => ({
  code: lint.code,
  severity: lint.severity,
  why: lint.why,
  cure: lint.cure,
  object: {
    kind: relation.kind === "partitioned table" ? "table" : relation.kind,
    name: relationName(relation),
  },
  message,
});

/** The session must have no transaction open. Only a superuser can put rows of two tenants in at once; for others it is said that nothing was tried. */
export async function tryToCross(session: SqlSession, at: Examined): Promise<readonly DoctorFinding[]> {
  const { server } = at.catalogue;
  if (!server.isSuperuser)
    return [nothingTried(at, `${server.role} is no superuser, and cannot put rows of two tenants in`)];
  await session.query("BEGIN", []);
  try {
    return await cross(session, at);
  } catch (error) {
    const state = stateOf(error);
    if (state === null) throw error;
    return [nothingTried(at, `the server refused what it takes (${state})`)];
  } finally {
    await session.query("ROLLBACK", []);
  }
}

function nothingTried({ catalogue: { server } }: Examined, message: string): DoctorFinding {
  const { code, severity, why, cure } = notCrossed;
  return { code, severity, why, cure, object: { kind: "database", name: server.database }, message };
}

async function cross(session: SqlSession, at: Examined): Promise<readonly DoctorFinding[]> {
  for (const [name, value] of Object.entries(sessionSettings()))
    await session.query(`SET LOCAL ${name} = '${value}'`, []);
  await session.query("SET LOCAL lock_timeout = '2s'", []);
  const [mine, other] = [createCanary("a"), createCanary("b")];
  const found: DoctorFinding[] = [];
  const planted = await plant(session, at, [mine, other], found);
  const relations = at.catalogue.relations.filter((relation) => isReached(at, relation));
  await letCount(session, new Set(relations.flatMap(rolesWith)));
  for (const relation of relations)
    found.push(...(await readAs(session, relation, [mine, other], "without a context ")));
  await enter(session, mine);
  for (const relation of relations) found.push(...(await readAs(session, relation, [other], "")));
  for (const { plan, table } of modelTables(at)) {
    if (!planted.has(plan.name)) continue;
    found.push(...(await seesItsOwn(session, table, mine)));
    for (const way of writeWays(plan, { mine, other, schema: at.schema })) {
      const outcome = await attempt(session, quoteName(applicationRole), way.sql);
      found.push(...judge(table, applicationRole, way, outcome, ""));
    }
  }
  return found;
}

/** What a role may not run would hide what it can read; the rights are gone with the transaction. */
async function letCount(session: SqlSession, roles: ReadonlySet<string>): Promise<void> {
  const names = [...roles].map(quoteName).join(", ");
  await session.query(
    `GRANT EXECUTE ON FUNCTION pg_catalog.count(), pg_catalog.texteq(text, text) TO ${names}`,
    [],
  );
}

/** Foreign keys and ordinary triggers are left out while rows are put in; policies do not bind a superuser. */
async function plant(
  session: SqlSession,
  at: Examined,
  canaries: readonly Canary[],
  found: DoctorFinding[],
): Promise<ReadonlySet<string>> {
  const planted = new Set<string>();
  await session.query("SET LOCAL session_replication_role = replica", []);
  for (const { plan, table } of modelTables(at)) {
    if (plan.tenant === null) continue;
    await session.query("SAVEPOINT planting", []);
    try {
      for (const canary of canaries) await session.query(plantSql(at.schema, plan, canary), []);
      planted.add(plan.name);
    } catch (error) {
      await session.query("ROLLBACK TO SAVEPOINT planting", []);
      const state = stateOf(error);
      if (state === null) throw error;
      found.push(finding(notCrossed, table, `no row could be put in (${state})`));
    }
  }
  await session.query("SET LOCAL session_replication_role = origin", []);
  return planted;
}

/** The model's tables, and whatever else somebody was granted that may show them. */
function isReached(at: Examined, { schema, kind, extension, parents }: RelationFacts): boolean {
  if (kind === "sequence" || kind === "foreign table" || extension !== null) return false;
  return schema === at.schema || kind === "view" || parents.length > 0;
}

async function readAs(
  session: SqlSession,
  relation: RelationFacts,
  others: readonly Canary[],
  how: string,
): Promise<readonly DoctorFinding[]> {
  const found: DoctorFinding[] = [];
  for (const role of rolesWith(relation))
    for (const other of others) {
      const way = readWay(relation, role, other);
      if (way === null) continue;
      const outcome = await attempt(session, quoteName(role), way.sql);
      found.push(...judge(relation, role, way, outcome, how));
    }
  return found.slice(0, 1);
}

function judge(
  relation: RelationFacts,
  role: string,
  { verb }: Way,
  outcome: Outcome,
  how: string,
): readonly DoctorFinding[] {
  if (isReaching(outcome))
    return [
      finding(crossed, relation, `${role} ${how}${verb} rows of ${how === "" ? "another" : "a"} tenant`),
    ];
  return isInconclusive(outcome) ? [finding(notCrossed, relation, "the server was too busy to answer")] : [];
}

/** A constraint is looked at after the policies: what only a key or a foreign key held back had passed them. */
function isReaching(outcome: Outcome): boolean {
  return "count" in outcome ? outcome.count > 0 : ["23503", "23505", "23P01"].includes(outcome.state);
}

/** Else the other attempts would show nothing: a wall round everything holds anything. */
async function seesItsOwn(
  session: SqlSession,
  table: RelationFacts,
  mine: Canary,
): Promise<readonly DoctorFinding[]> {
  if (readable(table, applicationRole).length === 0) return [];
  const way = readWay(table, applicationRole, mine) as Way;
  const outcome = await attempt(session, quoteName(applicationRole), way.sql);
  if ("count" in outcome && outcome.count > 0) return [];
  const why = "state" in outcome ? ` (${outcome.state})` : "";
  return [finding(notCrossed, table, `${applicationRole} does not see its own tenant's row either${why}`)];
}

/** With a key that is made for this and is gone with the transaction. */
async function enter(session: SqlSession, { tenant }: Canary): Promise<void> {
  const key = createContextKey(randomInt(0x8000_0000, 0xffff_ffff));
  await installContextKey(session, key);
  const cluster = await readCluster(session);
  if (cluster === null) throw new Error("a key was installed and the database has none");
  const claims: ContextClaims = {
    tenant,
    principal: { type: "Doctor", id: "doctor" },
    placementEpoch: 0,
    factsEpoch: null,
    revision: "0",
    intent: "gate",
    facts: {},
  };
  const token = createContextSigner({ key, cluster }).sign(claims, 0);
  await session.query(`SELECT ${qualify(controlSchema, "enter")}($1)`, [token]);
}
