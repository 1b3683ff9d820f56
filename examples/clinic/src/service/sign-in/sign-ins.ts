/**
 * Who is signed in, in a schema of the database that no tenant's handle can see. What a browser holds is random and opaque; the table knows its
 * digest alone.
 */
import { createHash, randomBytes } from "node:crypto";
import type { Database } from "@wardline/sdk";

export interface SignIn {
  readonly tenant: string;
  readonly account: string;
  readonly begunAt: Date;
  /** The use before the present one. */
  readonly usedAt: Date;
  /** When a second factor was shown; null if none was. */
  readonly factorAt: Date | null;
  /** Opaque: not what the browser holds. */
  readonly id: string;
}

/** Milliseconds: a sign-in is over after a day, whatever policies allow; a use is written down once in ten seconds. */
export const longest = 86_400_000;
const usedEvery = 10_000;

export const signInSchema = `CREATE SCHEMA IF NOT EXISTS clinic_sign_in;
CREATE TABLE IF NOT EXISTS clinic_sign_in.sign_in (
  digest bytea PRIMARY KEY,
  tenant text NOT NULL,
  account text NOT NULL,
  begun_at bigint NOT NULL,
  used_at bigint NOT NULL,
  factor_at bigint
)`;

export class SignIns {
  readonly #database: Database;
  readonly #clock: () => Date;

  constructor(database: Database, clock: () => Date) {
    this.#database = database;
    this.#clock = clock;
  }

  /** A new sign-in; the token is shown once. */
  async begin(tenant: string, account: string): Promise<string> {
    const token = randomBytes(32).toString("base64url");
    const now = this.#clock().getTime();
    await this.#ask("DELETE FROM clinic_sign_in.sign_in WHERE begun_at < $1", [now - longest]);
    await this.#ask(
      "INSERT INTO clinic_sign_in.sign_in (digest, tenant, account, begun_at, used_at) VALUES ($1, $2, $3, $4, $4)",
      [digestOf(token), tenant, account, now],
    );
    return token;
  }

  /** Null for a token that is none, of another tenant, or over. */
  async find(tenant: string, token: string): Promise<SignIn | null> {
    const now = this.#clock().getTime();
    const digest = digestOf(token);
    const [row] = await this.#ask(
      `SELECT account, begun_at::text, used_at::text, factor_at::text FROM clinic_sign_in.sign_in
WHERE digest = $1 AND tenant = $2 AND begun_at > $3`,
      [digest, tenant, now - longest],
    );
    if (row === undefined) return null;
    const factorAt = row["factor_at"];
    return {
      tenant,
      account: String(row["account"]),
      begunAt: new Date(Number(row["begun_at"])),
      usedAt: new Date(Number(row["used_at"])),
      factorAt: factorAt === null ? null : new Date(Number(factorAt)),
      id: createHash("sha256").update("session").update(digest).digest("base64url"),
    };
  }

  /** Writes down that the person did something. Not before it is known that the sign-in lasts: it would begin to last anew. */
  async used(token: string, { usedAt }: SignIn): Promise<void> {
    const now = this.#clock().getTime();
    if (now - usedAt.getTime() > usedEvery)
      await this.#ask("UPDATE clinic_sign_in.sign_in SET used_at = $2 WHERE digest = $1", [
        digestOf(token),
        now,
      ]);
  }

  /** Writes down that a second factor was shown, and gives when: now. */
  async confirm(token: string): Promise<Date> {
    const now = this.#clock();
    await this.#ask("UPDATE clinic_sign_in.sign_in SET factor_at = $2 WHERE digest = $1", [
      digestOf(token),
      now.getTime(),
    ]);
    return now;
  }

  async end(token: string): Promise<void> {
    await this.#ask("DELETE FROM clinic_sign_in.sign_in WHERE digest = $1", [digestOf(token)]);
  }

  #ask(text: string, parameters: readonly unknown[]) {
    return this.#database.turn(async (session) => (await session.query(text, parameters)).rows);
  }
}

const digestOf = (token: string): Buffer => createHash("sha256").update(token).digest();
