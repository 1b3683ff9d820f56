/** Statements as data into the builders of a handle. Parts that are marked so come from a handle on no database. */
import {
  DummyDriver,
  expressionBuilder,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type CompiledQuery,
  type OperationNode,
} from "kysely";
import { type AnyDb, type AnyTables, type Tools } from "./build-expression.ts";
import { buildQuery } from "./build-query.ts";
import { buildWrite } from "./build-write.ts";
import type { Statement } from "./language.ts";

/** A handle on no database: what is built with it is what an application brings from elsewhere. */
export const elsewhere: AnyDb = new Kysely<AnyTables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

export interface Executable {
  execute(): Promise<readonly unknown[]>;
  stream(page: number): AsyncIterableIterator<unknown>;
  toOperationNode(): OperationNode;
  compile(): CompiledQuery;
}

/** The builder of a statement that is one tree. */
export function buildStatement(
  db: AnyDb,
  statement: Exclude<Statement, { kind: "transaction" | "text" | "text of" }>,
): Executable {
  const tools = toolsFor(db);
  if (statement.kind === "select") return tools.query(statement);
  if (statement.kind === "stream") return tools.query(statement.query);
  return buildWrite(tools, statement) as unknown as Executable;
}

function toolsFor(db: AnyDb): Tools {
  const eb = expressionBuilder<AnyTables, string>();
  const tools: Tools = {
    db,
    eb,
    query: (query) => buildQuery(query.foreign && db !== elsewhere ? toolsFor(elsewhere) : tools, query),
    write: (write) => buildWrite(tools, write),
  };
  return tools;
}
