/**
 * The bytes of a context token: see `docs/spec/context.md`. Fields of fixed size stand at fixed places, the others behind their
 * lengths, so that two different claims never have one encoding. Nothing here signs a claim that it could not encode whole.
 */
import { createHash, createHmac } from "node:crypto";
import type { ContextClaims } from "../contracts.ts";
import { IsolationViolation } from "../errors.ts";
import type { ContextKey } from "./context-key.ts";

export interface TokenFrame {
  /** 16 bytes that the database made for itself. */
  readonly cluster: Uint8Array;
  /** The process id of the backend that alone may take it, or 0 for any. */
  readonly audience: number;
  /** 16 random bytes. */
  readonly nonce: Uint8Array;
  /** Microseconds since 2000-01-01T00:00:00Z, as Postgres counts. */
  readonly expiry: bigint;
}

/** The most bytes of a name in a token; and of the facts. */
export const nameLimit = 1024;
export const factsLimit = 1_048_576;

const domain = Buffer.from("\x10wardline/context\x01", "latin1");

/** Stands for "no facts of a session": no epoch is higher. */
const noEpoch = 0xffff_ffff_ffff_ffffn;

/** What is signed, without the frame: equal bytes are equal claims. Throws `handle/no-context` on what has no encoding. */
export function encodeClaims(claims: ContextClaims): Uint8Array {
  const facts = Buffer.from(formatFacts(claims.facts), "utf8");
  if (facts.length > factsLimit) throw refuse("the facts are too large for a context");
  return Buffer.concat([
    uint(4, BigInt(facts.length)),
    createHash("sha256").update(facts).digest(),
    uint(8, epoch(claims.placementEpoch, "placement epoch")),
    uint(8, claims.factsEpoch === null ? noEpoch : epoch(claims.factsEpoch, "facts epoch")),
    uint(8, revision(claims.revision)),
    name(claims.tenant, "tenant"),
    name(claims.principal.type, "principal's type"),
    name(claims.principal.id, "principal's id"),
    name(claims.intent, "intent"),
    facts,
  ]);
}

/** The token: the MAC, then what it is of. */
export function signToken(key: ContextKey, frame: TokenFrame, claims: Uint8Array): Uint8Array {
  const { cluster, audience, nonce, expiry } = frame;
  if (cluster.length !== 16 || nonce.length !== 16)
    throw new TypeError("a cluster id and a nonce have 16 bytes");
  const body = Buffer.concat([
    domain,
    uint(4, BigInt(key.id)),
    cluster,
    uint(4, BigInt(audience)),
    uint(8, expiry),
    nonce,
    claims,
  ]);
  return Buffer.concat([createHmac("sha256", key.secret).update(body).digest(), body]);
}

/** Nothing where there are none, so that a context without facts carries no text. */
function formatFacts(facts: ContextClaims["facts"]): string {
  if (Object.keys(facts).length === 0) return "";
  const text = JSON.stringify(facts);
  // jsonb has no U+0000, and a lone surrogate is no text.
  if (/\\u(?:0000|d[89a-f])/.test(text.replaceAll("\\\\", "")))
    throw refuse("the facts hold what is no text");
  return text;
}

function name(text: string, what: string): Buffer {
  const bytes = Buffer.from(text, "utf8");
  if (text === "" || text.includes("\0") || !text.isWellFormed() || bytes.length > nameLimit)
    throw refuse(`the ${what} is no text of 1 to ${nameLimit} bytes`);
  return Buffer.concat([uint(2, BigInt(bytes.length)), bytes]);
}

function epoch(value: number, what: string): bigint {
  if (!Number.isSafeInteger(value) || value < 0) throw refuse(`the ${what} is no whole number from 0`);
  return BigInt(value);
}

function revision(text: string): bigint {
  if (!/^(?:0|[1-9]\d{0,14})$/.test(text)) throw refuse("the policy's revision is no whole number");
  return BigInt(text);
}

function uint(size: 2 | 4 | 8, value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes.subarray(8 - size);
}

function refuse(why: string): IsolationViolation {
  return new IsolationViolation("handle/no-context", `no tenant context could be entered: ${why}`);
}
