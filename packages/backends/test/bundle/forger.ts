/** What a forger has: documents taken apart and put together again, signed with whatever key and header they like. */
import { createHmac, sign as signWith, createPrivateKey } from "node:crypto";
import { canonicalJson } from "@wardline/core";
import type { Pair } from "./town.ts";
import { base64, bytes, text } from "./town.ts";

export interface Envelope {
  payload: string;
  signatures: { protected: string; signature: string }[];
}

export const envelopeOf = (document: Uint8Array | undefined): Envelope =>
  JSON.parse(text(document)) as Envelope;
export const claimsOf = (document: Uint8Array | undefined) =>
  JSON.parse(Buffer.from(envelopeOf(document).payload, "base64url").toString()) as Record<string, unknown>;
export const documentOf = (envelope: unknown): Uint8Array => bytes(`${canonicalJson(envelope)}\n`);

export type Header = Readonly<Record<string, unknown>>;

export const usualHeader = (by: Pair, type: string): Header => ({
  alg: "EdDSA",
  kid: by.publicKey.kid,
  typ: type,
});

/** A signature over a header and a payload, whatever they are: by Ed25519, or as the header's `alg` says. */
export function signatureBy(
  by: Pair,
  header: Header,
  payload: string,
): { protected: string; signature: string } {
  const head = base64(canonicalJson(header));
  const input = Buffer.from(`${head}.${payload}`);
  switch (header["alg"]) {
    case "none":
      return { protected: head, signature: "" };
    case "HS256":
      return {
        protected: head,
        signature: createHmac("sha256", Buffer.from(by.publicKey.x, "base64url"))
          .update(input)
          .digest("base64url"),
      };
    default: {
      const { kty, crv, x, d } = by.privateKey;
      const key = createPrivateKey({ key: { kty, crv, x, d }, format: "jwk" });
      return { protected: head, signature: signWith(null, input, key).toString("base64url") };
    }
  }
}

/** A document of the repository with claims and headers of the forger's choice. */
export function forgedDocument(
  claims: unknown,
  type: string,
  by: readonly Pair[],
  header: (by: Pair) => Header = (pair) => usualHeader(pair, type),
): Uint8Array {
  const payload = base64(typeof claims === "string" ? claims : canonicalJson(claims));
  const ordered = by.toSorted((a, b) => (a.publicKey.kid < b.publicKey.kid ? -1 : 1));
  const signatures = [];
  for (const pair of ordered) signatures.push(signatureBy(pair, header(pair), payload));
  return documentOf({ payload, signatures });
}

/** A signatures file of a bundle with claims and headers of the forger's choice. */
export function forgedSignatures(
  claims: unknown,
  by: readonly Pair[],
  header: (by: Pair) => Header = (pair) => usualHeader(pair, "wardline-bundle+jwt"),
): Uint8Array {
  const payload = base64(typeof claims === "string" ? claims : canonicalJson(claims));
  const ordered = by.toSorted((a, b) => (a.publicKey.kid < b.publicKey.kid ? -1 : 1));
  const signatures = [];
  for (const pair of ordered) {
    const { protected: head, signature } = signatureBy(pair, header(pair), payload);
    signatures.push(`${head}.${payload}.${signature}`);
  }
  return documentOf({ signatures });
}

/** The claims of a signatures file. */
export function signedClaims(
  signatures: Uint8Array | undefined,
): Record<string, unknown> & { wardline: Record<string, unknown> } {
  const [token = ""] = (JSON.parse(text(signatures)) as { signatures: string[] }).signatures;
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as ReturnType<
    typeof signedClaims
  >;
}
