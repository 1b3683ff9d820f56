/** Why evidence proves nothing. No message tells a token, a claim's value or a tenant. */

export type IdentityRefusedCode =
  /** There is no evidence, or not in the place where it belongs. */
  | "identity/no-evidence"
  /** The evidence is too large or is not of its form. */
  | "identity/malformed"
  /** It was signed in a way that is not allowed, or not at all. */
  | "identity/bad-algorithm"
  /** Its header asks for an extension that must be understood. */
  | "identity/critical"
  /** No key of the issuer has the name that it gives. */
  | "identity/unknown-key"
  | "identity/bad-signature"
  /** It is a token of another kind, such as one for the application that the person signs in to. */
  | "identity/wrong-type"
  | "identity/wrong-issuer"
  /** It was made for another service. */
  | "identity/wrong-audience"
  /** It was made for an application that may not speak for people here. */
  | "identity/wrong-party"
  /** It is bound to a key of its holder, and this bearer proves none. */
  | "identity/bound-token"
  | "identity/expired"
  | "identity/not-yet-valid"
  /** A claim that must be there is missing, or one is not of its form. */
  | "identity/bad-claims"
  /** There is no such tenant for this subject: it does not exist, or the subject is no member, or the request names none. */
  | "identity/unknown-tenant"
  /** A cookie came with a request that another site may have caused. */
  | "identity/cross-site"
  /** The issuer could not be asked, and what was known of it is too old. */
  | "identity/unreachable"
  /** The issuer's documents are not its own, too large, or send elsewhere without TLS. */
  | "identity/bad-issuer"
  /** An operator's mistake: an option that is not understood or not safe. */
  | "identity/bad-option";

const sentences: Readonly<Record<IdentityRefusedCode, string>> = {
  "identity/no-evidence": "no evidence of who calls was given: send it where this service reads it",
  "identity/malformed": "the evidence is too large or not of its form",
  "identity/bad-algorithm": "the evidence is not signed by an algorithm that is allowed",
  "identity/critical": "the evidence asks for an extension that is not known here",
  "identity/unknown-key": "the issuer has no key of the name that the evidence gives",
  "identity/bad-signature": "the evidence is not what its issuer signed",
  "identity/wrong-type": "the evidence is a token of another kind",
  "identity/wrong-issuer": "the evidence is of another issuer",
  "identity/wrong-audience": "the evidence was made for another service",
  "identity/wrong-party": "the evidence was made for an application that may not be used here",
  "identity/bound-token": "the evidence is bound to a key whose possession was not proved",
  "identity/expired": "the evidence has expired: get new evidence",
  "identity/not-yet-valid": "the evidence is not valid yet",
  "identity/bad-claims": "a claim of the evidence is missing or not of its form",
  "identity/unknown-tenant": "there is no such tenant",
  "identity/cross-site": "a cookie is no evidence in a request that another site may have caused",
  "identity/unreachable": "the issuer could not be asked: try again",
  "identity/bad-issuer": "the issuer's documents cannot be trusted",
  "identity/bad-option": "an option of the verifier is not understood",
};

/** Who calls was not proved. Nothing was opened. */
export class IdentityRefused extends Error {
  override readonly name = "IdentityRefused";
  readonly code: IdentityRefusedCode;

  /** `place`: the name of an option, a claim or a header, never its value. */
  constructor(code: IdentityRefusedCode, place?: string) {
    super(place === undefined ? sentences[code] : `${sentences[code]}: ${place}`);
    this.code = code;
  }
}
