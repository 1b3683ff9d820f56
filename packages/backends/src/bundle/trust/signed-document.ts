/**
 * A document of the repository: claims, and the signatures of those who vouch for them, as a JWS in the general JSON form
 * (RFC 7515 §7.2.1) that is written in one way only. A signature that does not hold refuses the document.
 */
import { canonicalJson, decode } from "@wardline/core";
import * as base64url from "jose/base64url";
import { BundleRefusal, refuse, shown } from "../bundle-error.ts";
import { readCanonicalFile, readCanonicalText, type TextCodes } from "../canonical-text.ts";
import { decodeText, encodeText } from "../web-platform.ts";
import { isSignedBy, readBase64, readKeyId, signPayload, type Signature, type Signer } from "./jws.ts";
import type { PublicKey, Role } from "./public-key.ts";

export const trustFormat = "wardline/trust/1";

export type DocumentKind = "root" | "release" | "snapshot" | "timestamp";

/** What every document claims. Times are seconds since 1970-01-01T00:00:00Z. */
export interface Claims {
  readonly format: typeof trustFormat;
  readonly kind: DocumentKind;
  /** From 1; only ever goes up. */
  readonly version: number;
  readonly not_before: number;
  /** The first second at which it does not hold any more. */
  readonly expires: number;
}

export const trustCodes: TextCodes = {
  large: "trust/too-large",
  deep: "trust/too-deep",
  bad: "trust/bad-document",
};

const version = decode.integer(1, Number.MAX_SAFE_INTEGER);
const second = decode.integer(0, 253_402_300_799);

/** The decoders of what every document claims. */
export function claimsOf<Kind extends DocumentKind>(kind: Kind) {
  return {
    format: decode.literal(trustFormat),
    kind: decode.literal(kind),
    version,
    not_before: second,
    expires: second,
  };
}

export const claimDecoders = { version, second };

const typeOf = (kind: DocumentKind): string => `wardline-${kind}+jws`;

interface Envelope {
  readonly payload: string;
  readonly signatures: readonly Signature[];
}

const envelope = decode.record<Envelope>({
  payload: decode.text,
  signatures: decode.someOf(decode.record<Signature>({ protected: decode.text, signature: decode.text })),
});

/** Signs claims. The signers are put in the order of their ids. */
export async function writeDocument(claims: Claims, signers: readonly Signer[]): Promise<Uint8Array> {
  const payload = encodeText(canonicalJson(claims));
  const ordered = signers.toSorted((a, b) => (a.kid < b.kid ? -1 : 1));
  const signatures: Signature[] = [];
  for (const signer of ordered) signatures.push(await signPayload(payload, typeOf(claims.kind), signer));
  return encodeText(`${canonicalJson({ payload: base64url.encode(payload), signatures })}\n`);
}

/** A document whose form is right. Nothing in it is to be believed before {@link checkSignatures}. */
export interface UnverifiedDocument<T extends Claims> {
  readonly what: string;
  readonly claims: T;
  readonly payload: Uint8Array;
  readonly signatures: readonly (Signature & { readonly kid: string })[];
}

export function readDocument<T extends Claims>(
  bytes: Uint8Array,
  kind: T["kind"],
  shape: decode.Decoder<T>,
  maxSize: number,
): UnverifiedDocument<T> {
  const what = `the ${kind}`;
  const { payload, signatures } = decoded(
    () => envelope(readCanonicalFile(bytes, what, maxSize, trustCodes), decode.root),
    what,
  );
  const keyed = signatures.map((signature) => ({
    ...signature,
    kid: readKeyId(signature, typeOf(kind), what),
  }));
  for (const [index, { kid }] of keyed.entries()) {
    const before = keyed[index - 1]?.kid;
    if (before === kid) refuse("trust/duplicate-signature", `${what} has two signatures of ${kid}`);
    if (before !== undefined && before > kid)
      refuse("trust/bad-document", `${what} has signatures out of the order of their key ids`);
  }
  const content = readBase64(payload, what);
  const text = decodeText(content);
  if (text === undefined) return refuse("trust/bad-document", `${what} is not UTF-8`);
  const claims = readCanonicalText(text, what, trustCodes);
  const { format, kind: named } = (claims ?? {}) as { readonly format?: unknown; readonly kind?: unknown };
  if (typeof format === "string" && format !== trustFormat)
    return refuse("trust/unknown-format", `${what} is of format ${shown(format)}, not ${trustFormat}`);
  if (typeof named === "string" && named !== kind)
    return refuse("trust/wrong-kind", `${what} says that it is the ${shown(named)}`);
  return {
    what,
    claims: decoded(() => shape(claims, decode.root), what),
    payload: content,
    signatures: keyed,
  };
}

/** What a decoder gives; its refusal becomes one of ours. */
export function decoded<T>(run: () => T, what: string): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof decode.Refusal)
      throw new BundleRefusal("trust/bad-document", `${what}: ${error.message}`);
    throw error;
  }
}

/**
 * Checks every signature, and that each of the roles is met. `keys` are those that whoever delegates knows; a document's
 * own keys are among them only for a root.
 */
export async function checkSignatures<T extends Claims>(
  document: UnverifiedDocument<T>,
  keys: readonly PublicKey[],
  roles: readonly { readonly role: Role; readonly unmet: "trust/threshold" | "trust/rotation" }[],
): Promise<T> {
  const { what, claims, payload, signatures } = document;
  for (const signature of signatures) {
    const key = keys.find(({ kid }) => kid === signature.kid);
    if (key === undefined)
      return refuse("trust/unknown-key", `${what} is signed by ${signature.kid}, whom nobody trusts`);
    if (!roles.some(({ role }) => role.keys.includes(signature.kid)))
      return refuse("trust/wrong-role", `${what} is signed by ${signature.kid}, a key of another role`);
    if (!(await isSignedBy(payload, signature, key, what)))
      return refuse("trust/bad-signature", `${what} has a signature of ${signature.kid} that does not hold`);
  }
  for (const { role, unmet } of roles) {
    const count = signatures.filter(({ kid }) => role.keys.includes(kid)).length;
    if (count < role.threshold)
      refuse(
        unmet,
        `${what} has ${count} of the ${role.threshold} signatures that ${unmet === "trust/rotation" ? "the root before it" : "its role"} asks for`,
      );
  }
  return claims;
}

/** Refuses claims whose time has not come or is over. `now` in seconds. */
export function checkTime({ kind, not_before, expires }: Claims, now: number): void {
  // Written so that a time that is no number refuses.
  if (!(now >= not_before))
    refuse("trust/not-yet-valid", `the ${kind} holds from ${timeText(not_before)} on`);
  if (!(now < expires)) refuse("trust/expired", `the ${kind} held until ${timeText(expires)}`);
}

/** A time in seconds as people and logs write it. */
export function timeText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000", "");
}
