/** The one session on which a guarded transaction sends its statements: nothing passes it that did not pass the final check. */
import type { SqlResult, SqlSession, SqlStatement } from "../contracts.ts";
import { queryAll } from "../database/query-all.ts";
import { IsolationViolation, UnsupportedQuery } from "../errors.ts";
import type { FinalCheck } from "../final-check/final-check.ts";
import { Refused, type RuleName } from "../final-check/rules.ts";

export interface CheckedSession extends SqlSession {
  /** Opens a cursor of a select and fetches its first rows, in one message. */
  openCursor(name: string, select: SqlStatement, rows: number): Promise<SqlResult>;
  fetch(name: string, rows: number): Promise<SqlResult>;
  closeCursor(name: string): Promise<void>;
}

/**
 * Sends the checked text in place of the given one. What begins, enters and ends a transaction is the driver's own and goes
 * beside it.
 */
export function checkedSession(session: SqlSession, check: FinalCheck, tenant: string): CheckedSession {
  const checked = (statement: SqlStatement): SqlStatement => checkedStatement(check, tenant, statement);
  const fetching = (name: string, rows: number): SqlStatement => {
    if (!Number.isSafeInteger(rows)) throw new RangeError("no number of rows");
    return { sql: `fetch ${rows} from ${cursorName(name)}`, parameters: [] };
  };
  return {
    async query(sql, parameters) {
      const statement = checked({ sql, parameters });
      return session.query(statement.sql, statement.parameters);
    },
    async openCursor(name, select, rows) {
      const { sql, parameters } = checked(select);
      const declared = { sql: `declare ${cursorName(name)} no scroll cursor for ${sql}`, parameters };
      return (await queryAll(session, [declared, fetching(name, rows)])).at(-1) as SqlResult;
    },
    async fetch(name, rows) {
      const { sql, parameters } = fetching(name, rows);
      return session.query(sql, parameters);
    },
    async closeCursor(name) {
      await session.query(`close ${cursorName(name)}`, []);
    },
    ...(session.batch === undefined
      ? {}
      : { batch: async (statements: readonly SqlStatement[]) => queryAll(session, statements.map(checked)) }),
    ...(session.backend === undefined ? {} : { backend: session.backend }),
  };
}

/** The statement as it may be sent. Throws an IsolationViolation with a code `check/…`. */
export function checkedStatement(
  check: FinalCheck,
  tenant: string,
  { sql, parameters }: SqlStatement,
): SqlStatement {
  const { text, namesTenant } = asCallers(() => check.check(sql));
  // Invariant: the tenant of a statement is the one whose context was entered, whoever wrote the statement.
  if (namesTenant && parameters[0] !== tenant)
    throw new IsolationViolation("check/parameter", "the statement was not sent: it names another tenant");
  return { sql: text, parameters };
}

/** Types that do not go together are the caller's mistake, which the server would say too. */
const mismatches: ReadonlySet<RuleName> = new Set([
  "operator/signature",
  "function/signature",
  "type/common",
  "cast/pair",
]);

/** Runs a check, and says a mistake of the caller's as such. */
export function asCallers<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof Refused) || !mismatches.has(error.rule)) throw error;
    throw new UnsupportedQuery(
      "query/type-mismatch",
      "an operator or a function does not take the types that it is given: cast them",
    );
  }
}

/** Names of cursors are the driver's own. */
function cursorName(name: string): string {
  if (!/^wardline_[a-z0-9_]+$/.test(name)) throw new TypeError("no name of a cursor");
  return name;
}
