/** What can be known of the server and the database by whoever may connect. */
import type { SqlSession } from "../../contracts.ts";
import type { ServerFacts } from "../catalogue.ts";
import { grantsSql, readRows } from "./rows.ts";

const query = `SELECT d.datname AS database, d.oid::text AS "databaseOid", pg_get_userbyid(d.datdba) AS "databaseOwner",
  ${grantsSql("d.datacl", "d", "d.datdba")} AS "databaseGrants", r.rolname AS role, r.rolsuper AS "isSuperuser",
  (SELECT coalesce(json_agg(o.rolname ORDER BY o.rolname), '[]'::json) FROM pg_roles o
    WHERE o.rolname !~ '^pg_' AND pg_has_role(r.oid, o.oid, 'USAGE')) AS "mayBecome"
FROM pg_database d, pg_roles r WHERE d.datname = current_database() AND r.rolname = current_user`;

export async function readServer(session: SqlSession): Promise<ServerFacts> {
  // A command, which no revoked right can refuse.
  const shown = async (name: string) => {
    const { rows } = await session.query(`SHOW ${name}`, []);
    return String(rows[0]?.[name]);
  };
  const [facts] = await readRows<Omit<ServerFacts, "version" | "versionText">>(session, query);
  if (facts === undefined) throw new Error("the database does not say which it is");
  return {
    ...facts,
    version: Number(await shown("server_version_num")),
    versionText: await shown("server_version"),
  };
}
