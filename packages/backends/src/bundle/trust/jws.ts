/**
 * One signature: JWS (RFC 7515) with EdDSA over Ed25519 (RFC 8037). The protected header holds `alg`, `kid` and `typ` and
 * nothing else: no header chooses an algorithm, brings a key or points to one.
 */
import { canonicalJson } from "@wardline/core";
// By parts: a cold start takes half as long as with the whole.
import type { CryptoKey } from "jose";
import * as base64url from "jose/base64url";
import * as errors from "jose/errors";
import { FlattenedSign } from "jose/jws/flattened/sign";
import { flattenedVerify } from "jose/jws/flattened/verify";
import { importJWK } from "jose/key/import";
import { refuse, shown } from "../bundle-error.ts";
import { depthOf, parseJson } from "../canonical-text.ts";
import { decodeText, encodeText } from "../web-platform.ts";
import type { PublicKey } from "./public-key.ts";

/** A private key with the id of its public one. */
export interface Signer {
  readonly kid: string;
  readonly key: CryptoKey;
}

/** `protected` and `signature` as RFC 7515 writes them. */
export interface Signature {
  readonly protected: string;
  readonly signature: string;
}

const alg = "EdDSA";

/** In characters; ours have half of it. */
const longestHeader = 400;

/** Signs a payload. `type` says what kind of document it is. */
export async function signPayload(
  payload: Uint8Array,
  type: string,
  { kid, key }: Signer,
): Promise<Signature> {
  const signed = await new FlattenedSign(payload).setProtectedHeader({ alg, kid, typ: type }).sign(key);
  // Invariant: the header that is signed is the one header that is read.
  if (signed.protected !== headerText(kid, type))
    throw new TypeError("the header is not written as it is read");
  return { protected: signed.protected, signature: signed.signature };
}

/** The key id that a signature names, if its header is the one that a document of this type has. */
export function readKeyId(signature: Signature, type: string, what: string): string {
  const text =
    signature.protected.length > longestHeader
      ? undefined
      : decodeText(readBase64(signature.protected, what));
  const header = text === undefined || depthOf(text) > 4 ? undefined : parseJson(text)?.value;
  if (typeof header !== "object" || header === null || Array.isArray(header))
    return refuse("trust/bad-header", `${what} has a signature without a readable header`);
  const { alg: named, kid, typ, ...more } = header as Readonly<Record<string, unknown>>;
  if (named !== alg)
    return refuse("trust/bad-algorithm", `${what} is signed with ${shown(named)}, not with ${alg}`);
  if (Object.hasOwn(more, "crit"))
    return refuse("trust/unknown-critical", `${what} asks for extensions, and there are none`);
  const [other] = Object.keys(more);
  if (other !== undefined || typeof kid !== "string")
    return refuse(
      "trust/bad-header",
      `${what} has a header with ${other ?? "no kid"}; a key is found by its kid alone`,
    );
  if (typ !== type) return refuse("trust/wrong-kind", `${what} is signed as ${shown(typ)}, not as ${type}`);
  if (signature.protected !== headerText(kid, type))
    return refuse("trust/bad-header", `${what} has a header that is not written as a header is`);
  if (!/^[A-Za-z0-9_-]{43}$/.test(kid))
    refuse("trust/unknown-key", `${what} names its key by ${shown(kid)}, which is no key id`);
  return kid;
}

export async function isSignedBy(
  payload: Uint8Array,
  signature: Signature,
  publicKey: PublicKey,
  what: string,
): Promise<boolean> {
  readBase64(signature.signature, what);
  const key = await imported(publicKey);
  try {
    await flattenedVerify({ ...signature, payload: base64url.encode(payload) }, key, { algorithms: [alg] });
    return true;
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWSInvalid)
      return false;
    throw error;
  }
}

/** By the object that was read and checked, which nobody changes: one key signs many bundles. */
const keys = new WeakMap<PublicKey, ReturnType<typeof importJWK>>();

function imported(publicKey: PublicKey): ReturnType<typeof importJWK> {
  const known = keys.get(publicKey);
  if (known !== undefined) return known;
  const importing = importJWK(publicKey, alg);
  // A key object that could change must not verify as what it was.
  if (Object.isFrozen(publicKey)) keys.set(publicKey, importing);
  return importing;
}

/** Bytes of base64url (RFC 4648 §5) without padding, written as an encoder writes them. */
export function readBase64(text: string, what: string): Uint8Array {
  if (/^[A-Za-z0-9_-]*$/.test(text)) {
    const bytes = base64url.decode(text);
    if (base64url.encode(bytes) === text) return bytes;
  }
  return refuse("trust/bad-document", `${what} has a part that is not base64url`);
}

function headerText(kid: string, typ: string): string {
  return base64url.encode(encodeText(canonicalJson({ alg, kid, typ })));
}

/** Bytes as base64url without padding. */
export function base64Of(bytes: Uint8Array): string {
  return base64url.encode(bytes);
}
