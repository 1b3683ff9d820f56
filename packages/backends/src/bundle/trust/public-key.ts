/** Public keys and roles. A key's id is its thumbprint, so that one key cannot stand there, and count, under two ids. */
import { decode } from "@wardline/core";
import { calculateJwkThumbprint } from "jose/jwk/thumbprint";
import { refuse } from "../bundle-error.ts";

/** An Ed25519 key as a JWK (RFC 8037). */
export interface PublicKey {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  /** The RFC 7638 thumbprint (SHA-256). */
  readonly kid: string;
  readonly x: string;
}

/** Who may sign something, and how many of them it takes. */
export interface Role {
  /** Key ids, ascending. */
  readonly keys: readonly string[];
  readonly threshold: number;
}

const base64 = (value: unknown, at: decode.Place): string =>
  typeof value === "string" && /^[A-Za-z0-9_-]{43}$/.test(value)
    ? value
    : decode.refuse(at, "must be 32 bytes of base64url");

export const keyList: decode.Decoder<readonly PublicKey[]> = ascending(
  decode.record<PublicKey>({
    kty: decode.literal("OKP"),
    crv: decode.literal("Ed25519"),
    kid: base64,
    x: base64,
  }),
  ({ kid }) => kid,
);

const roleShape = decode.record<Role>({
  keys: ascending(base64, (kid) => kid),
  threshold: decode.integer(1, 64),
});

/** A role that can be met. */
export const role: decode.Decoder<Role> = (value, at) => {
  const read = roleShape(value, at);
  return read.threshold <= read.keys.length ? read : decode.refuse(at, "asks for more keys than it has");
};

/** A list in the order of its ids, each once. */
function ascending<T>(item: decode.Decoder<T>, idOf: (item: T) => string): decode.Decoder<readonly T[]> {
  return (value, at) => {
    const items = decode.list(item)(value, at);
    const inOrder = items.every((next, index) => index === 0 || idOf(items[index - 1] as T) < idOf(next));
    return inOrder ? items : decode.refuse(at, "must be in the order of the key ids, each once");
  };
}

/** Refuses keys whose ids are not theirs, and roles that name keys which are not there. */
export async function checkKeys(
  keys: readonly PublicKey[],
  roles: readonly Role[],
  what: string,
): Promise<void> {
  for (const { kid, ...key } of keys)
    if ((await calculateJwkThumbprint(key)) !== kid)
      refuse("trust/bad-document", `${what} names the key ${kid} by an id that is not its thumbprint`);
  const known = new Set(keys.map(({ kid }) => kid));
  for (const kid of roles.flatMap((named) => named.keys))
    if (!known.has(kid))
      refuse("trust/bad-document", `${what} gives a role to ${kid}, a key that it does not have`);
}
