/** One HTTP request with limits of time and size. Certificates are verified, and redirections are not followed. */
import { request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import { AnchorError } from "./anchor.ts";

export interface Sent {
  readonly url: URL;
  readonly method: "POST" | "PUT" | "GET";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Milliseconds for the whole exchange. */
  readonly timeout: number;
  /** The authorities that the server's certificate is checked against, instead of those that Node trusts. */
  readonly ca?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

/** Bytes; a record has a few hundred, and one with all heads of many tenants some megabytes. */
const mostBytes = 64 * 1024 * 1024;

/** Throws {@link AnchorError} `anchor/unavailable` where no whole answer came in time. */
export function send({ url, method, headers, body, timeout, ca }: Sent): Promise<Answer> {
  const isSecure = url.protocol === "https:";
  return new Promise((resolve, reject) => {
    const fail = (why: string): void =>
      reject(new AnchorError("anchor/unavailable", `${url.host} did not answer: ${why}`));
    const signal = AbortSignal.timeout(timeout);
    const options = {
      method,
      headers: { ...headers, "content-length": String(body?.length ?? 0) },
      signal,
      agent: false as const,
      ...(isSecure && ca !== undefined ? { ca } : {}),
    };
    const request = (isSecure ? secureRequest : plainRequest)(url, options, (response) => {
      const parts: Buffer[] = [];
      let size = 0;
      response.on("data", (part: Buffer) => {
        size += part.length;
        if (size > mostBytes) response.destroy(new Error("the answer is too long"));
        else parts.push(part);
      });
      response.once("error", (error) => fail(reasonOf(error, signal)));
      response.once("close", () => fail("the connection was cut"));
      response.once("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
      );
    });
    request.once("error", (error) => fail(reasonOf(error, signal)));
    request.end(body);
  });
}

function reasonOf(error: Error, signal: AbortSignal): string {
  if (signal.aborted) return "it took too long";
  const { code } = error as NodeJS.ErrnoException;
  return code ?? error.message;
}

/** The error of an answer that is no success; `seconds` or a date in Retry-After is heard. */
export function refusal(name: string, { status, headers }: Answer): AnchorError {
  const retriable = status === 429 || status === 408 || status >= 500;
  const [after] = [headers["retry-after"]].flat();
  const seconds = after === undefined ? Number.NaN : Number(after);
  const until = Number.isNaN(seconds) ? Date.parse(after ?? "") - Date.now() : seconds * 1000;
  return new AnchorError(
    retriable ? "anchor/unavailable" : "anchor/refused",
    `${name} answered ${status}`,
    Number.isNaN(until) || until < 0 ? null : until,
  );
}

/** An address of an anchor. Throws {@link AnchorError} for one without TLS to another machine, or with a password in it. */
export function checkAddress(given: string): URL {
  let url: URL;
  try {
    url = new URL(given);
  } catch {
    throw new AnchorError("anchor/bad-option", "an anchor's address is no URL");
  }
  if (url.username !== "" || url.password !== "" || url.hash !== "")
    throw new AnchorError(
      "anchor/bad-option",
      "an anchor's address holds no user, no password and no fragment",
    );
  const isHere = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isHere))
    throw new AnchorError(
      "anchor/bad-option",
      `${url.host}: an anchor on another machine is reached by https`,
    );
  return url;
}
