/** What a verifier of an issuer's tokens is told, checked before anything is asked or believed. */
import { IdentityRefused } from "../identity/identity-refused.ts";
import type { SessionUse } from "../identity/session-use.ts";
import type { ContextMapping } from "./context-facts.ts";
import type { MemberMapping } from "./members.ts";

/** Asymmetric all: a key that checks a signature can make none. */
export const asymmetric = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
] as const;
export type Algorithm = (typeof asymmetric)[number];

export interface OidcOptions {
  /** As the issuer writes it, to the letter. With TLS; see `transport`. */
  readonly issuer: string;
  /** What this service is called in `aud`; with several, one of them must be there. */
  readonly audience: string | readonly string[];
  /**
   * Which kind of token. `at+jwt` is an access token by RFC 9068, which says of itself that it is one. `JWT` takes what says nothing more: then
   * the audience alone tells it from a token that was made for an application.
   */
  readonly type?: "at+jwt" | "JWT";
  /** The applications (`azp`, `client_id`) whose tokens are taken. Default: all to whom the issuer gives the audience. */
  readonly parties?: readonly string[];
  /** Default: all asymmetric ones. */
  readonly algorithms?: readonly Algorithm[];
  /** Which principal it is, of which tenant, with which roles. */
  readonly members: MemberMapping;
  /** Context facts of the model that a token proves. */
  readonly context?: ContextMapping;
  /**
   * What counts as the beginning of a session. `iat` takes the making of the token for it where there is no `auth_time`: then a client that gets
   * token after token never reaches the end of a session. Default: `auth_time` alone.
   */
  readonly sessionStart?: "auth_time" | "iat";
  /** Default: in the memory of this process. */
  readonly sessions?: SessionUse;
  /** Milliseconds that the issuer's clock and this one may be apart. Default: 30 seconds; at most two minutes. */
  readonly skew?: number;
  /** Milliseconds after its making at which a token counts as expired, whatever it says. Default: a day. */
  readonly longest?: number;
  /** Milliseconds. */
  readonly keys?: KeyTimes;
  /** `plaintext-development` lets an issuer on this machine's own address do without TLS; no other value does, and no other issuer. */
  readonly transport?: "plaintext-development";
  readonly clock?: () => Date;
}

export interface KeyTimes {
  /** After which keys are asked for again; a key that the issuer withdrew is good no longer than that. Default: 10 minutes. */
  readonly refresh?: number;
  /** For how long keys are good while the issuer cannot be asked. Default: an hour. */
  readonly life?: number;
  /** Between two askings, whatever names of keys tokens give. Default: 30 seconds. */
  readonly pause?: number;
  /** For an answer. Default: 5 seconds. */
  readonly timeout?: number;
}

export interface CheckedOptions extends Omit<OidcOptions, "keys" | "audience" | "algorithms"> {
  readonly audience: readonly string[];
  readonly algorithms: readonly string[];
  readonly type: "at+jwt" | "JWT";
  readonly skew: number;
  readonly longest: number;
  readonly keys: Required<KeyTimes>;
  readonly clock: () => Date;
}

/** Throws `identity/bad-option`. */
export function checkOptions(given: OidcOptions): CheckedOptions {
  const { issuer, audience, type = "at+jwt", algorithms = asymmetric, skew = 30_000, keys = {} } = given;
  const { longest = 86_400_000, parties, clock = () => new Date() } = given;
  const audiences = typeof audience === "string" ? [audience] : [...audience];
  refuse(!isIssuer(issuer), "issuer");
  refuse(given.transport !== undefined && given.transport !== "plaintext-development", "transport");
  refuse(!isSafe(new URL(issuer), given), "issuer: use https");
  refuse(!isNames(audiences), "audience");
  refuse(parties !== undefined && !isNames(parties), "parties");
  refuse(type !== "at+jwt" && type !== "JWT", "type");
  const allowed: readonly string[] = asymmetric;
  refuse(!isNames(algorithms) || !algorithms.every((name) => allowed.includes(name)), "algorithms");
  refuse(!isTime(skew, 0, 120_000), "skew");
  refuse(!isTime(longest, 1), "longest");
  const { refresh = 600_000, life = 3_600_000, pause = 30_000, timeout = 5000 } = keys;
  refuse(![refresh, pause, timeout].every((time) => isTime(time, 1)) || !isTime(life, refresh), "keys");
  const start = given.sessionStart ?? "auth_time";
  refuse(start !== "auth_time" && start !== "iat", "sessionStart");
  return {
    ...given,
    audience: audiences,
    type,
    algorithms: [...algorithms],
    skew,
    longest,
    clock,
    keys: { refresh, life, pause, timeout },
  };
}

/** Whether what comes from there comes from there: by TLS, or from this machine where that was said. */
export function isSafe(url: URL, { transport }: Pick<OidcOptions, "transport">): boolean {
  if (url.username !== "" || url.password !== "") return false;
  if (url.protocol === "https:") return true;
  const here = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  return url.protocol === "http:" && here && transport === "plaintext-development";
}

const isIssuer = (given: unknown): boolean =>
  typeof given === "string" && URL.canParse(given) && !/[?#]/.test(given);

const isNames = (given: unknown): boolean =>
  Array.isArray(given) && given.length > 0 && given.every((name) => typeof name === "string" && name !== "");

const isTime = (given: unknown, least: number, most: number = Number.MAX_SAFE_INTEGER): boolean =>
  typeof given === "number" && given >= least && given <= most;

function refuse(wrong: boolean, option: string): void {
  if (wrong) throw new IdentityRefused("identity/bad-option", option);
}
