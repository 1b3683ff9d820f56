/** The public keys of one issuer: found by its discovery document, asked for again when they are old or a name is new, within a rate. */
import { createLocalJWKSet, errors, type CryptoKey, type JWK, type JWSHeaderParameters } from "jose";
import { IdentityRefused } from "../identity/identity-refused.ts";
import { fetchDocument } from "./fetch-document.ts";
import { isSafe, type CheckedOptions } from "./oidc-options.ts";

const mostKeys = 100;
/** Characters of the modulus of 2,048 bits. */
const shortestModulus = 342;

type FindKey = ReturnType<typeof createLocalJWKSet>;

export class IssuerKeys {
  readonly #options: CheckedOptions;
  #known: { readonly find: FindKey; readonly at: number } | null = null;
  #askedAt: number | null = null;
  #asking: Promise<void> | null = null;

  constructor(options: CheckedOptions) {
    this.#options = options;
  }

  /** The key that a token's header names. Rejects with `identity/unknown-key`, or `identity/unreachable` and `identity/bad-issuer` without keys. */
  async find(header: JWSHeaderParameters): Promise<CryptoKey> {
    const found = await this.#lookUp(await this.refresh(), header);
    if (found !== undefined) return found;
    // Invariant: names of keys that anybody may make up ask the issuer no more than once in each pause.
    if (!this.#mayAsk() && this.#asking === null) throw new IdentityRefused("identity/unknown-key");
    await this.#ask();
    const again = await this.#lookUp(await this.refresh(), header);
    if (again === undefined) throw new IdentityRefused("identity/unknown-key");
    return again;
  }

  /** The keys, asked for if they are missing or old. What was known stays good for its life where the issuer cannot be asked. */
  async refresh(): Promise<FindKey> {
    const { refresh, life } = this.#options.keys;
    if (this.#known !== null && this.#isWithin(this.#known.at, refresh)) return this.#known.find;
    let refused: unknown = new IdentityRefused("identity/unreachable");
    if (this.#mayAsk() || this.#asking !== null)
      await this.#ask().catch((error: unknown) => (refused = error));
    if (this.#known === null || !this.#isWithin(this.#known.at, life)) throw refused;
    return this.#known.find;
  }

  async #lookUp(find: FindKey, header: JWSHeaderParameters): Promise<CryptoKey | undefined> {
    try {
      // Of the header only these two say which key; never one that it brings or points to.
      const { alg, kid } = header;
      return await find({ ...(alg === undefined ? {} : { alg }), ...(kid === undefined ? {} : { kid }) });
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  #mayAsk(): boolean {
    return this.#askedAt === null || !this.#isWithin(this.#askedAt, this.#options.keys.pause);
  }

  /** A clock that went back makes old what it cannot measure. */
  #isWithin(from: number, time: number): boolean {
    const age = this.#now() - from;
    return age >= 0 && age < time;
  }

  #now(): number {
    return this.#options.clock().getTime();
  }

  /** One asking at a time. */
  #ask(): Promise<void> {
    this.#askedAt = this.#asking === null ? this.#now() : this.#askedAt;
    this.#asking ??= this.#load().finally(() => (this.#asking = null));
    return this.#asking;
  }

  async #load(): Promise<void> {
    const { issuer, keys } = this.#options;
    const at = this.#now();
    const discovery = new URL(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
    const document = await fetchDocument(discovery, keys.timeout);
    const { issuer: named, jwks_uri: uri } = document;
    // Invariant: an issuer is who it was said to be, to the letter, and its keys come by as safe a way.
    if (
      named !== issuer ||
      typeof uri !== "string" ||
      !URL.canParse(uri) ||
      !isSafe(new URL(uri), this.#options)
    )
      throw new IdentityRefused("identity/bad-issuer");
    const { keys: found } = await fetchDocument(new URL(uri), keys.timeout);
    if (!Array.isArray(found) || found.length > mostKeys) throw new IdentityRefused("identity/bad-issuer");
    const usable = found.filter(isUsable);
    if (usable.length === 0) throw new IdentityRefused("identity/bad-issuer");
    this.#known = { find: createLocalJWKSet({ keys: usable }), at };
  }
}

/** A public key of an asymmetric kind; what is secret, or too short, checks nothing. */
function isUsable(given: unknown): given is JWK {
  if (typeof given !== "object" || given === null) return false;
  const { kty, kid, n, d, k } = given as JWK;
  if (d !== undefined || k !== undefined || (kid !== undefined && typeof kid !== "string")) return false;
  if (kty === "RSA") return typeof n === "string" && n.length >= shortestModulus;
  return kty === "EC" || kty === "OKP";
}
