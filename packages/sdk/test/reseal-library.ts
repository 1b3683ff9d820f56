/** The library on a real server with a sealed field that can be searched, for tests that give a tenant new keys. */
import type { Program } from "@wardline/core";
import type { Database, SqlSession } from "@wardline/isolation";
import { openServerLibrary, serverProgram, type ServerLibrary } from "./server-library.ts";

/** As `serverProgram`, and a book's code is searchable. */
export const searchableProgram = (tenant: string): Program => searchable(serverProgram(tenant));

function searchable(program: Program): Program {
  const entities = program.model.entities.map((entity) =>
    entity.name === "Book"
      ? {
          ...entity,
          fields: entity.fields.map((field) =>
            field.name === "code" ? { ...field, searchable: true } : field,
          ),
        }
      : entity,
  );
  return { ...program, model: { ...program.model, entities } };
}

export const openResealLibrary = (): Promise<ServerLibrary> => openServerLibrary({}, undefined, searchable);

/** What stands of a tenant's books: versions of cells and of indexes, and how many have each. */
export async function versionsIn(library: ServerLibrary, tenant: string): Promise<readonly string[]> {
  const rows = await library.raw(
    `select 'seal ' || coalesce(get_byte(code, 7)::text, '-') || ' index ' || coalesce(get_byte(code_bidx, 3)::text, '-') || ' × ' || count(*) as v
     from public.books where tenant_id = $1 group by get_byte(code, 7), get_byte(code_bidx, 3) order by 1`,
    tenant,
  );
  return rows.map(({ v }) => String(v));
}

/** What is done before a statement is sent: it may throw, wait, or cut the session. */
export type Meddling = (session: SqlSession, sql: string, count: number) => void | Promise<void>;

/** The same database, with somebody who meddles in its turns. Statements are counted from 1 over all turns. */
export function meddled(database: Database, meddle: Meddling): Database {
  let count = 0;
  return {
    ...database,
    turn: (run) =>
      database.turn((session) =>
        run({
          ...session,
          async query(sql, parameters) {
            await meddle(session, sql, (count += 1));
            return session.query(sql, parameters);
          },
        }),
      ),
  };
}
