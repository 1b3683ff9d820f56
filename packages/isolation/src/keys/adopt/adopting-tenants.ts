/** The tenants with rows in tables whose columns are adopted, and whether each of them has keys to seal with. */
import type { SqlSession } from "../../contracts.ts";
import { quoteName } from "../../schema/identifier.ts";
import { stateTable } from "../../context/ddl/state-ddl.ts";
import { tenantKeyStateTable, tenantKeyTable } from "../registry-ddl.ts";
import type { Hindrance } from "./adoption-error.ts";
import type { AdoptedTable } from "./adopted-table.ts";

/** By their ids. The primary key leads with the tenant, so each costs one look into it. */
export async function adoptionTenants(
  session: SqlSession,
  tables: readonly AdoptedTable[],
): Promise<readonly string[]> {
  const tenants = new Set<string>();
  for (const { relation, plan } of tables) {
    const tenant = quoteName(plan.tenant);
    const { rows } = await session.query(
      `WITH RECURSIVE t AS (
  (SELECT r.${tenant} AS id FROM ${relation} AS r ORDER BY r.${tenant} LIMIT 1)
  UNION ALL
  SELECT (SELECT r.${tenant} FROM ${relation} AS r WHERE r.${tenant} > t.id ORDER BY r.${tenant} LIMIT 1) FROM t WHERE t.id IS NOT NULL
) SELECT t.id::text AS id FROM t WHERE t.id IS NOT NULL`,
      [],
    );
    for (const row of rows) tenants.add(String(row["id"]));
  }
  return [...tenants].toSorted();
}

/** A sentence for each that has none, or whose keys are not to be used. */
export async function keylessTenants(
  session: SqlSession,
  tenants: readonly string[],
  isSearched: boolean,
): Promise<readonly Hindrance[]> {
  const { rows } = await session.query(
    `SELECT t.id, COALESCE(s.state, 'active') AS state,
  (SELECT pg_catalog.count(*) FROM ${tenantKeyTable} AS k WHERE k.tenant_id = t.id AND k.state = 'current' AND k.purpose = ANY ($2::text[]))::text AS keys,
  COALESCE((SELECT p.state FROM ${stateTable} AS p WHERE p.tenant = t.id), 'active') AS placed
FROM pg_catalog.unnest($1::text[]) AS t(id) LEFT JOIN ${tenantKeyStateTable} AS s ON s.tenant_id = t.id`,
    [tenants, isSearched ? ["seal", "index"] : ["seal"]],
  );
  return rows.flatMap((row): readonly Hindrance[] => {
    const place = `tenant ${String(row["id"])}`;
    if (row["state"] !== "destroyed" && row["placed"] !== "active")
      return [
        {
          place,
          reason: "it is suspended, being moved, or has moved, so its rows are not changed",
          cure: "let the move come to its end, or reinstate it",
        },
      ];
    switch (String(row["state"])) {
      case "destroyed":
        return [
          { place, reason: "its keys were destroyed, and it has rows in plaintext", cure: "delete its rows" },
        ];
      case "disabled":
        return [
          { place, reason: "its keys are disabled", cure: "make them active again, or delete its rows" },
        ];
      default:
        return Number(row["keys"]) < (isSearched ? 2 : 1)
          ? [
              {
                place,
                reason: "it has no keys",
                cure: "make them: `createTenantKeys`, or `wardline tenant create`",
              },
            ]
          : [];
    }
  });
}

/** Those of the tenants whose keys were destroyed: nothing of theirs opens, and nothing of theirs is to be kept. */
export async function destroyedTenants(session: SqlSession): Promise<ReadonlySet<string>> {
  const { rows } = await session.query(
    `SELECT s.tenant_id AS id FROM ${tenantKeyStateTable} AS s WHERE s.state = 'destroyed'`,
    [],
  );
  return new Set(rows.map((row) => String(row["id"])));
}
