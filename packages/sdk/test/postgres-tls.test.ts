/** Who is spoken to: a certificate that is good for the name, or a word that says it was not looked at. */
import {
  makeAuthority,
  startPostgres,
  type Authority,
  type PostgresServer,
} from "@wardline/database-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { postgres, type Tls } from "../src/postgres/index.ts";
import { readOptions } from "../src/postgres/postgres-options.ts";
import { usualLimits } from "../src/postgres/limits.ts";

const base = { host: "db.example.org", user: "app", database: "library" };
const codeOf = (options: object): unknown => {
  try {
    readOptions(options, usualLimits);
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return "taken";
};
const tlsOf = (options: object) => readOptions(options, usualLimits).pool.ssl;

describe("options", () => {
  test.each(["db.example.org", "10.0.0.1", "localhost.example.org", "127.example.org", "::2", "128.0.0.1"])(
    "%s is spoken to by TLS, and its certificate looked at",
    (host) => {
      expect(tlsOf({ ...base, host })).toMatchObject({ rejectUnauthorized: true, minVersion: "TLSv1.2" });
      expect(
        tlsOf({ connectionString: `postgres://app@${host.includes(":") ? `[${host}]` : host}/library` }),
      ).toMatchObject({
        rejectUnauthorized: true,
      });
    },
  );

  test.each(["localhost", "127.0.0.1", "127.1.2.3", "::1", "/run/postgresql"])(
    "%s is this machine",
    (host) => {
      expect(tlsOf({ ...base, host })).toBe(false);
      expect(tlsOf({ ...base, host, tls: {} })).toMatchObject({ rejectUnauthorized: true });
    },
  );

  test("the environment takes nothing away", () => {
    process.env["PGSSLMODE"] = "disable";
    try {
      expect(tlsOf(base)).toMatchObject({ rejectUnauthorized: true });
    } finally {
      delete process.env["PGSSLMODE"];
    }
  });

  test.each<[string, object, string]>([
    ["no check of the certificate", { ...base, tls: { rejectUnauthorized: false } }, "connection/unverified"],
    [
      "a check of one's own",
      { ...base, tls: { checkServerIdentity: () => undefined } },
      "connection/unverified",
    ],
    ["no TLS, said by false", { ...base, tls: false }, "connection/unverified"],
    ["no TLS, said by null", { ...base, tls: null }, "connection/unverified"],
    ["no TLS, by another word", { ...base, tls: "disable" }, "connection/unverified"],
    ["pg's own option", { ...base, ssl: false }, "connection/bad-option"],
    ["a slip in a name", { ...base, tls: { caa: "" } }, "connection/bad-option"],
    [
      "sslmode",
      { connectionString: "postgres://app@db.example.org/library?sslmode=disable" },
      "connection/unverified",
    ],
    ["ssl", { connectionString: "postgres://app@db.example.org/library?ssl=false" }, "connection/unverified"],
    [
      "a host behind the host",
      { connectionString: "postgres://app@localhost/library?host=db.example.org" },
      "connection/bad-option",
    ],
    [
      "settings",
      { connectionString: "postgres://app@localhost/library?options=-crow_security%3Doff" },
      "connection/bad-option",
    ],
    ["another protocol", { connectionString: "mysql://app@localhost/library" }, "connection/bad-option"],
    [
      "two hosts",
      { connectionString: "postgres://app@localhost/library", host: "other" },
      "connection/bad-option",
    ],
    ["no user", { host: "localhost", database: "library" }, "connection/bad-option"],
    ["no database", { connectionString: "postgres://app@localhost" }, "connection/bad-option"],
    ["no limit at all", { ...base, limits: { statement: 0 } }, "connection/bad-option"],
    ["a limit that is none", { ...base, limits: { answer: Infinity } }, "connection/bad-option"],
    ["a limit with a slip", { ...base, limits: { statements: 5 } }, "connection/bad-option"],
    ["a pool of nobody", { ...base, pool: { max: 0 } }, "connection/bad-option"],
    ["an unknown pooler", { ...base, pooler: "session" }, "connection/bad-option"],
  ])("%s is refused", (_, options, code) => {
    expect(codeOf(options)).toBe(code);
  });

  test("no error shows the password", () => {
    const wrong = { connectionString: "postgres://app:s3cret@localhost/library?a=b" };
    expect(() => readOptions(wrong, usualLimits)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining("s3cret") }),
    );
  });
});

describe("a server with TLS", () => {
  let server: PostgresServer;
  let plain: PostgresServer;
  let authority: Authority;
  beforeAll(async () => {
    authority = makeAuthority("Library Authority");
    server = await startPostgres({ tls: authority.issue("IP:127.0.0.1", "DNS:db.test") });
    plain = await startPostgres();
  });
  afterAll(async () => {
    await server.stop();
    await plain.stop();
  });

  const ask = async (tls: Tls | undefined, at: PostgresServer = server): Promise<unknown> => {
    const { host, port, user, password, database } = at;
    const opened = postgres({ host, port, user, password, database, ...(tls === undefined ? {} : { tls }) });
    try {
      const [result] = await opened.batch([
        { sql: "select ssl from pg_stat_ssl where pid = pg_backend_pid()", parameters: [] },
      ]);
      return result?.rows[0]?.["ssl"];
    } catch (error) {
      return (
        (error as { cause?: { code?: unknown; message?: unknown } }).cause?.code ?? (error as Error).message
      );
    } finally {
      await opened.close();
    }
  };

  test("is spoken to where its certificate is signed by whom we trust, for the name that it has", async () => {
    expect(await ask({ ca: authority.ca })).toBe(true);
    expect(await ask({ ca: [authority.ca], servername: "db.test" })).toBe(true);
    expect(await ask("unverified-development")).toBe(true);
    expect(await ask("plaintext-development")).toBe(false);
    expect(await ask(undefined)).toBe(false);
  });

  test("is refused for another name, another authority, and one that the system does not know", async () => {
    expect(await ask({ ca: authority.ca, servername: "other.test" })).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
    expect(await ask({ ca: makeAuthority("Somebody").ca })).toMatch(/^(UNABLE_TO_VERIFY|SELF_SIGNED)/);
    expect(await ask({})).toMatch(/^(UNABLE_TO_VERIFY|SELF_SIGNED)/);
  });

  test("a certificate for localhost is none for an address, nor for another name that is asked for at localhost", async () => {
    const local = await startPostgres({ tls: authority.issue("DNS:localhost") });
    expect(await ask({ ca: authority.ca }, local)).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
    expect(await ask({ ca: authority.ca, servername: "localhost" }, local)).toBe(true);
    const named = { ...local, host: "localhost" } as unknown as PostgresServer;
    expect(await ask({ ca: authority.ca }, named)).toBe(true);
    expect(await ask({ ca: authority.ca, servername: "db.test" }, named)).toBe(
      "ERR_TLS_CERT_ALTNAME_INVALID",
    );
    await local.stop();
  });

  test("one that has no TLS is not spoken to without it", async () => {
    expect(await ask({ ca: authority.ca }, plain)).not.toBe(false);
  });
});
