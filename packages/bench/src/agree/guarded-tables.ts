/** The tables of a world under row-level security: policies made by an operator, rows found by the application's role. */
import type { RowSecurity } from "@wardline/backends";
import type { Program } from "@wardline/core";
import type { SqlDatabase } from "@wardline/database-testing";
import {
  createContextGate,
  createContextKey,
  createContextSigner,
  installContextKey,
  readCluster,
  rowSecurityDdl,
  securityDdl,
  sessionSettings,
  type ContextClaims,
  type ContextGate,
  type SqlSession,
} from "@wardline/isolation";

/** A database with an operator's connection, and one that has logged in as the application; null: the operator takes on its role. */
export interface GuardedServer {
  readonly operator: SqlDatabase;
  readonly application: SqlDatabase | null;
}

/** The tables of a world with the policies of one program. */
export interface GuardedTables {
  /** The ids in a table that the application's role finds in a context; each as text. */
  readonly find: (claims: ContextClaims, table: string, key: string) => Promise<readonly string[]>;
}

export interface GuardedWorlds {
  /** The policies of a program over the tables that stand in a schema, in place of those of the program before. */
  readonly put: (program: Program, security: RowSecurity, schema: string) => Promise<GuardedTables>;
}

export function createGuardedWorlds({ operator, application }: GuardedServer): GuardedWorlds {
  const kind = application === null ? "embedded" : "server";
  const limits = application === null ? null : undefined;
  let gate: Promise<ContextGate> | undefined;
  let guarded: string | undefined;
  let last:
    | { readonly program: Program; readonly schema: string; readonly tables: GuardedTables }
    | undefined;
  const session = application ?? operator;
  return {
    async put(program, security, schema) {
      if (last?.program === program && last.schema === schema) return last.tables;
      last = undefined;
      const options = { schema, login: kind === "server", ...(limits === null ? { limits } : {}) };
      const statements = [
        ...(guarded === schema ? [] : securityDdl(program, options)),
        ...rowSecurityDdl(program, security.policies, { schema }),
      ];
      await inTransaction(operator, "COMMIT", async () => {
        for (const statement of statements) await operator.exec(statement);
      });
      guarded = schema;
      gate ??= openGate(operator, session, kind);
      const entered = await gate;
      const tables: GuardedTables = {
        find: async (claims, table, key) =>
          await inTransaction(session, "ROLLBACK", async () => {
            for (const { sql, parameters } of entered.statements(claims))
              await session.query(sql, [...parameters]);
            const { rows } = await session.query(
              `SELECT r."${key}"::text AS id FROM "${schema}"."${table}" AS r`,
            );
            return rows.map((row) => String(row["id"]));
          }),
      };
      last = { program, schema, tables };
      return tables;
    },
  };
}

async function openGate(operator: SqlDatabase, session: SqlDatabase, kind: "embedded" | "server") {
  for (const [name, value] of Object.entries(sessionSettings()))
    await session.exec(`SET "${name}" = '${value}'`);
  const key = createContextKey(1);
  await installContextKey(sessionOf(operator), key);
  const cluster = await readCluster(sessionOf(operator));
  if (cluster === null) throw new TypeError("the database has no id");
  return createContextGate({ signer: createContextSigner({ key, cluster }), kind });
}

function sessionOf(database: SqlDatabase): SqlSession {
  return {
    async query(sql, parameters) {
      const { rows } = await database.query(sql, [...parameters]);
      return { rows, affected: rows.length };
    },
  };
}

async function inTransaction<T>(
  database: SqlDatabase,
  end: "COMMIT" | "ROLLBACK",
  work: () => Promise<T>,
): Promise<T> {
  await database.exec("BEGIN");
  try {
    const result = await work();
    await database.exec(end);
    return result;
  } catch (error) {
    await database.exec("ROLLBACK");
    throw error;
  }
}
