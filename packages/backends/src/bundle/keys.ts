/** Making and reading Ed25519 keys. A private key is a JWK (RFC 8037) with its id; where it is kept is the caller's business. */
import { decode } from "@wardline/core";
import { calculateJwkThumbprint } from "jose/jwk/thumbprint";
import { exportJWK } from "jose/key/export";
import { generateKeyPair } from "jose/key/generate/keypair";
import { importJWK } from "jose/key/import";
import type { Signer } from "./trust/jws.ts";
import type { PublicKey } from "./trust/public-key.ts";

export interface PrivateKey extends PublicKey {
  readonly d: string;
}

const base64 = (value: unknown, at: decode.Place): string =>
  typeof value === "string" && /^[A-Za-z0-9_-]{43}$/.test(value)
    ? value
    : decode.refuse(at, "must be 32 bytes of base64url");

const shape = decode.record<PrivateKey>({
  kty: decode.literal("OKP"),
  crv: decode.literal("Ed25519"),
  kid: base64,
  x: base64,
  d: base64,
});

export async function generateKey(): Promise<PrivateKey> {
  const { privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
  const { x = "", d = "" } = await exportJWK(privateKey);
  const key = { kty: "OKP", crv: "Ed25519", x } as const;
  return { ...key, kid: await calculateJwkThumbprint(key), d };
}

/** A private key as it was read from somewhere. Throws a TypeError if it is none, or not the one of its id. */
export async function openKey(
  value: unknown,
): Promise<{ readonly publicKey: PublicKey; readonly signer: Signer }> {
  const { d, ...publicKey } = readShape(value);
  const { kty, crv, x, kid } = publicKey;
  if ((await calculateJwkThumbprint({ kty, crv, x })) !== kid)
    throw new TypeError("the key's id is not its thumbprint");
  const key = await importJWK({ kty, crv, x, d }, "EdDSA");
  if (key instanceof Uint8Array) throw new TypeError("it is no private key");
  return { publicKey, signer: { kid, key } };
}

function readShape(value: unknown): PrivateKey {
  try {
    return shape(value, decode.root);
  } catch (error) {
    if (error instanceof decode.Refusal)
      throw new TypeError(`it is no private key: ${error.message}`, { cause: error });
    throw error;
  }
}
