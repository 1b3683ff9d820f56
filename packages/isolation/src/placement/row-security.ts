/**
 * The policies of rows at a tenant's place: the second wall, beneath the guarded driver. They are made in one transaction that reads
 * them back and leaves the digest of what it read, by which one that was changed or dropped is found.
 */
import { createHash } from "node:crypto";
import { canonicalJson, type RowPolicy } from "@wardline/core";
import type { SqlSession } from "../contracts.ts";
import { control } from "../context/ddl/control-object.ts";
import { applicationRole, controlSchema, quoteText } from "../schema/identifier.ts";
import {
  factsPolicyName,
  rowFunctionPrefix,
  rowMarkerName,
  rowMarkerPrefix,
  rowPolicyName,
  rowPolicyNames,
  type RowSecurityKind,
} from "../schema/row-security-names.ts";
import { databaseAt, plansOf, type Estate } from "./estate.ts";
import { asOperator } from "./operator-session.ts";
import { PlacementError } from "./placement-error.ts";
import type { Spot, Tier } from "./placement.ts";

/** What the tables of one schema are to be guarded with. */
export interface WantedRowSecurity {
  readonly of: RowSecurityKind;
  readonly policies: readonly Pick<RowPolicy, "table" | "command">[];
  /** For tables that stand and are guarded, in order, each by itself; running them again puts back what they say. */
  readonly statements: readonly string[];
}

/** What stands at a place, as the receipt says it. */
export interface StandingRowSecurity {
  readonly kind: RowSecurityKind["kind"];
  readonly policies: number;
  /** Of their definitions and of the functions that they ask, as the database has them; hex. */
  readonly sha256: string;
}

/** Nobody waits longer behind it at the tables of a pool. */
const patience = "SET LOCAL lock_timeout = '5s'";
const oneAtATime = `SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('wardline/row-security', 0))`;

/**
 * Makes the policies of rows that belong to the tenant's tier, unless they stand there as they were made. Repeatable. Throws
 * `placement/row-security-differs` for a pool that has other ones, which are not one tenant's to change.
 */
export async function raiseRowSecurity(
  estate: Estate,
  tenant: string,
  place: Spot & { readonly tier: Tier },
): Promise<StandingRowSecurity> {
  const { schema, tier } = place;
  const { of, policies, statements } = estate.rowSecurityOf(tenant, tier, schema);
  const marker = rowMarkerName(schema, of);
  const names = plansOf(estate).flatMap(({ name }) => [...rowPolicyNames(name), factsPolicyName(name)]);
  const stands = (found: Read): StandingRowSecurity => ({
    kind: of.kind,
    policies: found.policies.length,
    sha256: digestOf(found),
  });
  return asOperator(databaseAt(estate, place), async (session) => {
    await session.query(oneAtATime, []);
    await session.query(patience, []);
    const before = await read(session, schema, names);
    if (tier === "pool" && before.markers.some(({ name }) => name !== marker)) throw differs(schema);
    const mark = before.markers.find(({ name }) => name === marker);
    if (mark?.said === digestOf(before)) return stands(before);
    for (const statement of statements) await session.query(statement, []);
    const after = await read(session, schema, names);
    const missing = policies.find(
      ({ table, command }) => !after.policies.some((it) => isThat(it, table, command)),
    );
    if (missing !== undefined || after.markers.length !== 1)
      throw new PlacementError(
        "placement/row-security-differs",
        `what stands of the policies of rows in ${schema} is not what was made`,
      );
    await session.query(`COMMENT ON FUNCTION ${control(marker)}() IS ${quoteText(digestOf(after))}`, []);
    return stands(after);
  });
}

function differs(schema: string): PlacementError {
  return new PlacementError(
    "placement/row-security-differs",
    `the tables in ${schema}, which tenants share, have other policies of rows than this platform's: run \`wardline db apply --row-security guardrails\` there first`,
  );
}

interface ReadPolicy {
  readonly table: string;
  readonly name: string;
  readonly command: string;
  readonly restrictive: boolean;
  readonly forApplication: boolean;
  readonly definition: string;
}

interface Read {
  readonly policies: readonly ReadPolicy[];
  readonly functions: readonly string[];
  /** `said`: the digest that was left when they were made. */
  readonly markers: readonly { readonly name: string; readonly said: string | null }[];
}

const letters = { select: "r", insert: "a", update: "w", delete: "d" } as const;

function isThat(it: ReadPolicy, table: string, command: RowPolicy["command"]): boolean {
  return (
    it.table === table &&
    it.name === rowPolicyName(table, command) &&
    it.command === letters[command] &&
    it.restrictive &&
    it.forApplication
  );
}

/** `pg_get_expr` and `pg_get_functiondef` write names in full, since the search path is empty. */
async function read(session: SqlSession, schema: string, names: readonly string[]): Promise<Read> {
  const policies = await session.query(
    `SELECT c.relname::text AS "table", p.polname::text AS name, p.polcmd::text AS command, (NOT p.polpermissive)::text AS restrictive,
  (p.polroles = ARRAY[${quoteText(applicationRole)}::pg_catalog.regrole::oid])::text AS "forApplication",
  pg_catalog.jsonb_build_array(p.polroles::pg_catalog.regrole[]::text[], pg_catalog.pg_get_expr(p.polqual, p.polrelid),
    pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid), c.relrowsecurity, c.relforcerowsecurity)::text AS definition
FROM pg_catalog.pg_policy p
JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND p.polname::text = ANY ($2::text[]) ORDER BY c.relname::text COLLATE "C", p.polname::text COLLATE "C"`,
    [schema, names],
  );
  const functions = await session.query(
    `SELECT p.proname::text AS name, pg_catalog.obj_description(p.oid, 'pg_proc') AS said,
  pg_catalog.jsonb_build_array(pg_catalog.pg_get_functiondef(p.oid), p.proowner::pg_catalog.regrole::text,
    ARRAY(SELECT a::text FROM pg_catalog.unnest(p.proacl) AS a ORDER BY a::text COLLATE "C"))::text AS definition
FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = $1 AND pg_catalog.starts_with(p.proname::text, $2) ORDER BY p.proname::text COLLATE "C"`,
    [controlSchema, rowFunctionPrefix(schema)],
  );
  const isMarker = (name: string): boolean =>
    (["rows", "guardrails"] as const).some((kind) => name.startsWith(rowMarkerPrefix(schema, kind)));
  return {
    policies: policies.rows.map((row) => ({
      table: String(row["table"]),
      name: String(row["name"]),
      command: String(row["command"]),
      restrictive: row["restrictive"] === "true",
      forApplication: row["forApplication"] === "true",
      definition: String(row["definition"]),
    })),
    functions: functions.rows.map((row) => String(row["definition"])),
    markers: functions.rows.flatMap(({ name, said }) =>
      isMarker(String(name)) ? [{ name: String(name), said: typeof said === "string" ? said : null }] : [],
    ),
  };
}

function digestOf({ policies, functions }: Read): string {
  const text = canonicalJson([policies.map((policy) => ({ ...policy })), functions]);
  return createHash("sha256").update(text, "utf8").digest("hex");
}
