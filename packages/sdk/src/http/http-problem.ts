/** Errors as answers of HTTP (RFC 9457). An answer has a code and no message: it tells of no table, rule, value or token. */
import type { Obligation } from "@wardline/core";
import { ChallengeRequired } from "@wardline/isolation";
import { statusOf, type ProblemStatus } from "./problem-status.ts";

export interface HttpProblem {
  readonly status: ProblemStatus;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** To be sent as JSON. */
  readonly body: ProblemBody;
}

export interface ProblemBody {
  readonly title: string;
  readonly status: ProblemStatus;
  /** As in the guide's table of errors; `internal` for an error that is none of ours. */
  readonly code: string;
  /** What a challenge asks for. */
  readonly obligations?: readonly Challenge[];
  /** With which a challenged write can be resumed; opaque. */
  readonly continuation?: string;
}

/** An obligation as a client needs it: `within` in microseconds. */
export type Challenge =
  | Extract<Obligation, { type: "step_up" | "approval" }>
  | Extract<Obligation, { type: "reason" }>;

export interface ProblemOptions {
  /** The `acr` value that a client asks its issuer for, by factor of the policy. Default: none is named. */
  readonly acr?: Readonly<Record<string, string>>;
}

const titles: Readonly<Record<ProblemStatus, string>> = {
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/** The answer to any error; 500 and `internal` for one that is none of ours. Never throws. */
export function httpProblem(error: unknown, options: ProblemOptions = {}): HttpProblem {
  return wardlineProblem(error, options) ?? problem(500, "internal");
}

/** The answer to an error of ours; undefined for another, which the application's own handler answers. Never throws. */
export function wardlineProblem(error: unknown, { acr = {} }: ProblemOptions = {}): HttpProblem | undefined {
  const found = statusOf(error);
  if (found === undefined) return undefined;
  const { status, code } = found;
  if (error instanceof ChallengeRequired) return challenge(error, acr);
  switch (status) {
    case 401:
      return problem(status, code, { "www-authenticate": wanted(code) });
    case 429:
      return problem(status, code, { "retry-after": seconds(error) });
    case 503:
      return problem(status, code, { "retry-after": "1" });
    case 403:
    case 404:
    case 409:
    case 422:
    case 500:
      return problem(status, code);
  }
}

/** What a client has to come back with: evidence, other evidence, or the person themselves (RFC 6750, RFC 9470). */
function wanted(code: string): string {
  if (code === "identity/no-evidence") return "Bearer";
  return `Bearer error="${code.startsWith("session/") ? "insufficient_user_authentication" : "invalid_token"}"`;
}

function problem(
  status: ProblemStatus,
  code: string,
  headers: Readonly<Record<string, string>> = {},
  more: Pick<ProblemBody, "obligations" | "continuation"> = {},
): HttpProblem {
  return {
    status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "private, no-store",
      ...headers,
    },
    body: { title: titles[status], status, code, ...more },
  };
}

/** A missing factor is asked for as RFC 9470 has it; everything else by the body. */
function challenge(error: ChallengeRequired, acr: Readonly<Record<string, string>>): HttpProblem {
  const obligations = error.decision.obligations.filter(isChallenge);
  const continuation: unknown = "continuation" in error ? error.continuation : undefined;
  const more = { obligations, ...(typeof continuation === "string" ? { continuation } : {}) };
  const factors = obligations.filter((one) => one.type === "step_up");
  if (factors.length === 0) return problem(403, error.code, {}, more);
  const values = factors.flatMap(({ factor }) => (Object.hasOwn(acr, factor) ? [acr[factor] ?? ""] : []));
  const ages = factors.flatMap(({ within }) => (within === null ? [] : [within]));
  const parameters = [
    'error="insufficient_user_authentication"',
    ...(values.length > 0 && values.every(isQuotable) ? [`acr_values="${values.join(" ")}"`] : []),
    ...(ages.length > 0 ? [`max_age=${Math.floor(Math.min(...ages) / 1_000_000)}`] : []),
  ];
  return problem(401, error.code, { "www-authenticate": `Bearer ${parameters.join(", ")}` }, more);
}

const isChallenge = (one: Obligation): one is Challenge =>
  one.type === "step_up" || one.type === "approval" || one.type === "reason";

/** What may stand between quotes in a header as it is. */
const isQuotable = (text: string): boolean => /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/.test(text);

/** `retryAfter` of an error is in milliseconds. */
function seconds(error: unknown): string {
  const given: unknown =
    typeof error === "object" && error !== null && "retryAfter" in error ? error.retryAfter : undefined;
  const wait = typeof given === "number" && Number.isFinite(given) ? Math.ceil(given / 1000) : 1;
  return String(Math.max(1, wait));
}
