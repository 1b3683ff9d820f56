/**
 * One HTTP exchange with limits of time and size. Certificates are checked whatever the environment says, which `fetch` does not
 * promise, and nobody is followed elsewhere, for a token would go with it.
 */
import { request as plainRequest, type Agent } from "node:http";
import { request as secureRequest } from "node:https";

export interface Exchange {
  readonly url: URL;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Milliseconds for the whole exchange. */
  readonly timeout: number;
  /** The authorities that the server's certificate is checked against, instead of those that Node trusts. */
  readonly ca?: string | undefined;
  /** The longest answer. */
  readonly mostBytes: number;
  /** Keeps connections, which the other end may have closed meanwhile; without it each exchange has its own. */
  readonly agent?: Agent;
  /** Ends the exchange. */
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

/** Rejects with a word about the reason: a system's code, or what limit was reached. */
export function exchange(asked: Exchange): Promise<Answer> {
  const { url, method, headers, body, timeout, ca, mostBytes, agent = false } = asked;
  const isSecure = url.protocol === "https:";
  const limit = AbortSignal.timeout(timeout);
  const signal = asked.signal === undefined ? limit : AbortSignal.any([limit, asked.signal]);
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void =>
      reject(new Error(limit.aborted ? "it took too long" : wordOf(error)));
    const options = {
      method,
      headers: { ...headers, "content-length": String(body?.length ?? 0) },
      signal,
      agent,
      ...(isSecure ? { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) } : {}),
    };
    const request = (isSecure ? secureRequest : plainRequest)(url, options, (response) => {
      const parts: Buffer[] = [];
      let size = 0;
      response.on("data", (part: Buffer) => {
        size += part.length;
        if (size > mostBytes) response.destroy(new Error(answerTooLong));
        else parts.push(part);
      });
      response.once("error", fail);
      response.once("close", () => fail(new Error(wasCut)));
      response.once("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: joined(parts),
        }),
      );
    });
    request.once("error", fail);
    request.end(body);
  });
}

/** The word for an answer with more bytes than asked for. */
export const answerTooLong = "the answer is too long";
const wasCut = "the connection was cut";

/** The parts, which may hold a key, are overwritten; the whole is the caller's to overwrite. */
function joined(parts: readonly Buffer[]): Buffer {
  const whole = Buffer.concat(parts);
  for (const part of parts) part.fill(0);
  return whole;
}

function wordOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code === "string" && /^[A-Z0-9_]{1,60}$/.test(code)) return code;
  return error.message === answerTooLong || error.message === wasCut
    ? error.message
    : "the connection failed";
}
