/** Rows that users may see, to be asked for by their keys. */
import { byHand, docId, rows, users, type DocumentServer } from "./documents.ts";

/** A row that a user may see. */
export interface Question {
  readonly user: number;
  readonly id: string;
}

/** For each user some rows that the policy shows. */
export async function askable({ operator }: DocumentServer): Promise<readonly Question[]> {
  const all: Question[] = [];
  for (const [user, { tenant, level, id, dept }] of users.entries()) {
    const found = await operator.query(
      `select id::text as id from public.docs where ${byHand.replace("$1", "$1::text").replace("$2", "$2::int")} and id > $5::uuid order by id limit 8`,
      [tenant, level, id, dept, docId(Math.floor((rows * user) / users.length))],
    );
    all.push(...found.rows.map((row) => ({ user, id: String(row["id"]) })));
  }
  if (all.length < users.length * 4) throw new Error(`only ${all.length} rows can be asked for`);
  return all;
}
