/** Passwords and second factors: a file that its owner alone can read. */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { Secret, TOTP } from "otpauth";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { people, type Person } from "./people.ts";

export interface Account extends Person {
  /** Of scrypt, base64url. */
  readonly salt: string;
  readonly hash: string;
  /** Of TOTP (RFC 6238), base32. */
  readonly secret: string;
}

/** What a person is told once. */
export interface Credentials {
  readonly tenant: string;
  readonly id: string;
  readonly title: string;
  readonly password: string;
  readonly secret: string;
}

/** `unknown` for a wrong password and for nobody alike; `wait` after too many of them. */
export type Proof =
  | { readonly kind: "proved"; readonly account: Account }
  | { readonly kind: "unknown" | "wait" };

const scryptOf = promisify(scrypt) as (password: string, salt: string, length: number) => Promise<Buffer>;

/** Wrong tries of one account in a minute, of passwords and of codes each. */
const mostTries = 5;
/** Characters of an account's name: what is longer is nobody's, and not counted. */
const longestName = 100;

const triesOf = () => new RateLimiterMemory({ points: mostTries, duration: 60 });

export class Accounts {
  readonly #accounts: ReadonlyMap<string, Account>;
  readonly #passwords = triesOf();
  /** Apart: whoever knows the password has no more tries at the second factor for it. */
  readonly #codes = triesOf();
  /** The last step of time whose code an account used: none is taken twice. */
  readonly #used = new Map<string, number>();
  readonly #clock: () => Date;

  private constructor(accounts: readonly Account[], clock: () => Date) {
    this.#accounts = new Map(accounts.map((account) => [keyOf(account.tenant, account.id), account]));
    this.#clock = clock;
  }

  /** Makes an account for everybody where the file is not there, and says their credentials to `onNew`, which is the only time. */
  static async open(
    file: string,
    clock: () => Date,
    onNew: (credentials: readonly Credentials[]) => void,
  ): Promise<Accounts> {
    if (existsSync(file)) return new Accounts(JSON.parse(readFileSync(file, "utf8")) as Account[], clock);
    const accounts: Account[] = [];
    const told: Credentials[] = [];
    for (const person of people) {
      const password = randomBytes(9).toString("base64url");
      const salt = randomBytes(16).toString("base64url");
      const secret = new Secret({ size: 20 }).base32;
      const hash = (await scryptOf(password, salt, 32)).toString("base64url");
      accounts.push({ ...person, salt, hash, secret });
      told.push({ tenant: person.tenant, id: person.id, title: person.title, password, secret });
    }
    writeFileSync(file, JSON.stringify(accounts), { mode: 0o600, flag: "wx" });
    onNew(told);
    return new Accounts(accounts, clock);
  }

  get(tenant: string, id: string): Account | undefined {
    return this.#accounts.get(keyOf(tenant, id));
  }

  async byPassword(tenant: string, id: string, password: string): Promise<Proof> {
    if (id.length > longestName) return { kind: "unknown" };
    if (!(await mayTry(this.#passwords, keyOf(tenant, id)))) return { kind: "wait" };
    const account = this.get(tenant, id);
    // Nobody's password takes as long as somebody's.
    const hash = await scryptOf(password, account?.salt ?? "nobody", 32);
    const wanted = account === undefined ? Buffer.alloc(32) : Buffer.from(account.hash, "base64url");
    if (account === undefined || !timingSafeEqual(hash, wanted)) return { kind: "unknown" };
    await this.#passwords.delete(keyOf(tenant, id));
    return { kind: "proved", account };
  }

  /** Whether this is the code of now, or of half a minute before or after, and was not used yet. */
  async byCode({ tenant, id }: Person, code: string): Promise<Proof> {
    const account = this.get(tenant, id);
    if (account === undefined) return { kind: "unknown" };
    const key = keyOf(tenant, id);
    if (!(await mayTry(this.#codes, key))) return { kind: "wait" };
    const timestamp = this.#clock().getTime();
    const totp = new TOTP({ secret: Secret.fromBase32(account.secret) });
    const delta = totp.validate({ token: code.replaceAll(" ", ""), timestamp, window: 1 });
    if (delta === null) return { kind: "unknown" };
    const step = totp.counter({ timestamp }) + delta;
    if (step <= (this.#used.get(key) ?? -1)) return { kind: "unknown" };
    this.#used.set(key, step);
    await this.#codes.delete(key);
    return { kind: "proved", account };
  }
}

const mayTry = (tries: RateLimiterMemory, key: string): Promise<boolean> =>
  tries.consume(key).then(
    () => true,
    () => false,
  );

const keyOf = (tenant: string, id: string): string => JSON.stringify([tenant, id]);
