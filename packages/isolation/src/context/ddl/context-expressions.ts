/**
 * Expressions over a token and over the context that is bound of it, as `wardline.enter` and what reads a context are made of. The
 * places of fields are those of `docs/spec/context.md`.
 */
import { keyTable } from "./keys-ddl.ts";

export const refused = "USING ERRCODE = '28000'";
export const op = (sign: string): string => `OPERATOR(pg_catalog.${sign})`;
export const both = ` ${op("||")} `;

/** HMAC-SHA256 under pads of a row `k`. */
export const hmac = (pads: "token" | "bound", message: string): string =>
  `pg_catalog.sha256(k.${pads}_outer${both}pg_catalog.sha256(k.${pads}_inner${both}${message}))`;

/** What an entered context is bound to, with the text that the setting holds after the MAC. Domain, process, transaction, text. */
export const boundMessage = (rest: string): string =>
  [
    "'\\x10776172646c696e652f626f756e642f32'::pg_catalog.bytea",
    "pg_catalog.int4send(pg_catalog.pg_backend_pid())",
    "pg_catalog.timestamptz_send(pg_catalog.transaction_timestamp())",
    `pg_catalog.convert_to(${rest}, 'UTF8')`,
  ].join(both);

export const contextSetting = "pg_catalog.current_setting('wardline.context', true)";

/** The pads of the key that a context names, 8 digits after those of the MAC. */
export const readPads = (
  context: string,
): string => `SELECT k.bound_inner, k.bound_outer INTO bound_inner, bound_outer
  FROM ${keyTable} AS k WHERE k.tag ${op("=")} pg_catalog.substr(${context}, 65, 8);`;

/** Looks whether the context is one that `enter` bound here and now. Null, as false, where there is none. */
export const isBound = (context: string): string =>
  `pg_catalog.encode(pg_catalog.sha256(bound_outer${both}pg_catalog.sha256(bound_inner${both}${boundMessage(`pg_catalog.substr(${context}, 65)`)})), 'hex') ${op("=")} pg_catalog.substr(${context}, 1, 64)`;

/** What a context holds after its MAC: the token from its key on, without the facts, and the tenant as text, which needs no reading. */
export const boundText = (rest: string, tenant: string): string =>
  `pg_catalog.encode(${rest}, 'hex')${both}'.'${both}${tenant}`;

/** The tenant of a context, whose MAC and bytes have no full stop in hexadecimal. */
export const tenantOf = (context: string): string =>
  `pg_catalog.substr(${context}, pg_catalog.strpos(${context}, '.') ${op("+")} 1)`;

/** The bytes of a context. */
export const restOf = (context: string): string =>
  `pg_catalog.decode(pg_catalog.substr(${context}, 65, pg_catalog.strpos(${context}, '.') - 65), 'hex')`;

export const pads = `bound_inner pg_catalog.bytea;
  bound_outer pg_catalog.bytea;`;

/** Where the parts of a token begin, from 1. */
export const at = {
  body: 33,
  key: 51,
  cluster: 55,
  audience: 71,
  expiry: 75,
  factsLength: 99,
  claims: 103,
  identity: 135,
  placementEpoch: 135,
  factsEpoch: 143,
  revision: 151,
  tenant: 159,
} as const;

/** An expression of numbers whose operators are those of the catalogue, whatever the search path. */
export const qualified = (expression: string): string =>
  expression.replaceAll(/ (\*|\+|-) /g, (_, sign: string) => ` ${op(sign)} `);

/** A whole number of two bytes at a place counted from 1. */
export const short = (bytes: string, place: string): string =>
  `(pg_catalog.get_byte(${bytes}, ${place} - 1) * 256 + pg_catalog.get_byte(${bytes}, ${place}))`;

/** Where the parts of a context's bytes begin, which are the token from its key on, without the facts. */
export const inContext = { digest: 53, identity: 85, tenant: 109 } as const;
