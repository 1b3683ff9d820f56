/** How a server is reached, read once. What is not understood is refused: an option with a slip in it would protect nobody. */
import { AsyncResource } from "node:async_hooks";
import { ConnectionRefused } from "./connection-refused.ts";
import { limitsOf, type Limits } from "./limits.ts";
import { tlsFor, type Tls } from "./tls.ts";

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`, without parameters. Instead of the five that follow. */
  readonly connectionString?: string;
  /** A name, an address, or the folder of a socket; `localhost` if left out. */
  readonly host?: string;
  readonly port?: number;
  readonly user?: string;
  /** A function is asked at every new connection, for passwords that change. */
  readonly password?: string | (() => string | Promise<string>);
  readonly database?: string;
  /** Where the model's tables are; `public` if left out. */
  readonly schema?: string;
  readonly tls?: Tls;
  /** Connections at most, 10 if left out, and milliseconds until one that is not used is closed. */
  readonly pool?: { readonly max?: number; readonly idleMillis?: number };
  /** `transaction`: a pooler such as PgBouncer in transaction mode stands before the server. */
  readonly pooler?: "none" | "transaction";
  readonly limits?: Limits;
}

export interface ReadOptions {
  readonly schema: string;
  readonly pooled: boolean;
  readonly limits: Required<Limits>;
  readonly pool: PoolOptions;
}

/** What the client is told. Its own types are none of an application's, which would have to install them. */
export interface PoolOptions extends Address {
  readonly ssl: ReturnType<typeof tlsFor>;
  readonly max: number;
  readonly idleTimeoutMillis: number;
  readonly connectionTimeoutMillis: number;
  readonly allowExitOnIdle: true;
  readonly keepAlive: true;
}

const names = new Set(
  "connectionString host port user password database schema tls pool pooler limits".split(" "),
);

/** Throws {@link ConnectionRefused}. */
export function readOptions(given: PostgresOptions, usual: Required<Limits>): ReadOptions {
  const options = { ...given };
  for (const name of Object.keys(options))
    if (!names.has(name)) throw bad(`there is no option ${name}: there are ${[...names].join(", ")}`);
  const { pooler = "none", pool = {}, schema = "public" } = options;
  if (pooler !== "none" && pooler !== "transaction") throw bad("pooler is none or transaction");
  const { host, port, user, password, database } = addressOf(options);
  if (host === "" || user === undefined || user === "" || database === undefined || database === "")
    throw bad("a host, a user and a database must be named");
  const limits = limitsOf(options.limits ?? {}, usual);
  return {
    schema,
    pooled: pooler === "transaction",
    limits,
    pool: {
      host,
      port,
      user,
      database,
      ...(password === undefined ? {} : { password: bound(password) }),
      ssl: tlsFor(host, options.tls),
      max: whole("pool.max", pool.max ?? 10, 1),
      idleTimeoutMillis: whole("pool.idleMillis", pool.idleMillis ?? 10_000, 0),
      connectionTimeoutMillis: limits.connect,
      allowExitOnIdle: true,
      keepAlive: true,
    },
  };
}

interface Address extends Pick<PostgresOptions, "user" | "password" | "database"> {
  readonly host: string;
  readonly port: number;
}

function addressOf(options: PostgresOptions): Address {
  const { connectionString, host = "localhost", port = 5432, user, password, database } = options;
  const parts = { ...(user === undefined ? {} : { user }), ...(password === undefined ? {} : { password }) };
  if (connectionString === undefined)
    return { host, port: whole("port", port, 1), ...parts, ...(database === undefined ? {} : { database }) };
  for (const name of ["host", "port", "user", "database"] as const)
    if (options[name] !== undefined) throw bad(`${name} stands beside a connectionString`);
  return { ...readUrl(connectionString), ...(password === undefined ? {} : { password }) };
}

function readUrl(text: string): Address {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^postgres(ql)?:$/.test(url.protocol))
    throw bad("connectionString is not postgres://user:password@host:port/database");
  // Parameters such as sslmode=disable would quietly undo what the options say.
  const parameters = [...url.searchParams.keys()];
  if (parameters.some((name) => name.startsWith("ssl")))
    throw new ConnectionRefused(
      "connection/unverified",
      "sslmode and its kin have no place in connectionString: say it by the option tls",
    );
  if (parameters.length > 0 || url.hash !== "")
    throw bad(`connectionString has parameters (${parameters.join(", ")}): there are options for them`);
  const part = (name: string, encoded: string): string => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      throw bad(`the ${name} in connectionString is not percent-encoded`);
    }
  };
  return {
    host: part("host", url.hostname).replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? 5432 : Number(url.port),
    user: part("user", url.username),
    database: part("database", url.pathname.slice(1)),
    ...(url.password === "" ? {} : { password: part("password", url.password) }),
  };
}

/** A function is run as of here, not as of whoever happens to need a connection. */
function bound(password: NonNullable<PostgresOptions["password"]>): NonNullable<PostgresOptions["password"]> {
  return typeof password === "string"
    ? password
    : AsyncResource.bind(async () => {
        const text: unknown = await password();
        if (typeof text !== "string") throw bad("the password is not a text");
        return text;
      });
}

function whole(name: string, value: unknown, least: number): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < least)
    throw bad(`${name} is a whole number from ${least}`);
  return value;
}

function bad(message: string): ConnectionRefused {
  return new ConnectionRefused("connection/bad-option", message);
}
