/**
 * The repository on a web server: the files of its folder, at their paths. Asks for the timestamp with the ETag that it had, follows
 * nobody elsewhere, and takes no more than what a file may have. What caches between them give is checked as everything is.
 */
import { Agent as PlainAgent } from "node:http";
import { Agent as SecureAgent } from "node:https";
import type { RepositorySource } from "@wardline/backends";
import { answerTooLong, exchange, type Answer } from "@wardline/isolation";
import { isLoopback } from "../postgres/tls.ts";
import { partsOf } from "./repository-path.ts";
import { SourceError } from "./source-error.ts";
import { timestampLook } from "./timestamp-look.ts";
import { watching } from "./watching.ts";

export interface HttpSourceOptions {
  /** Sent as a bearer token. A function is asked for each request, for tokens that change. */
  readonly token?: string | (() => string | Promise<string>);
  /** The authorities that the server's certificate is checked against, instead of those that Node trusts. PEM. */
  readonly ca?: string;
  /** `plaintext-development`: without TLS to another machine. Whoever listens reads the policies and the token. */
  readonly tls?: "plaintext-development";
  /** Milliseconds for one request. 10 s without it. */
  readonly timeout?: number;
  /** Milliseconds from one look at the timestamp to the next, less up to a half. 750 without it; 10 s with `wait`. */
  readonly pollEvery?: number;
  /** Seconds for which the server may hold a request until the timestamp changes (`Prefer: wait`, RFC 7240), if it knows how to. */
  readonly wait?: number;
}

interface Kept {
  readonly etag: string | null;
  readonly bytes: Uint8Array;
}

/** The repository below an address. Throws {@link SourceError}. */
export function httpSource(address: string | URL, options: HttpSourceOptions = {}): RepositorySource {
  const { token, ca, timeout = 10_000, wait } = options;
  const { pollEvery = wait === undefined ? 750 : 10_000 } = options;
  const base = readAddress(address, options.tls);
  const agent = new (base.protocol === "https:" ? SecureAgent : PlainAgent)({
    keepAlive: true,
    maxSockets: 4,
  });
  // Invariant: an ETag is only sent for the path that it came with, and by looks: what is loaded is never what was kept, so a wrong
  // answer under the right ETag does not outlive the next load.
  let timestamp: Kept | null = null;

  async function ask(path: string, mostBytes: number, kept: Kept | null, held?: Held): Promise<Answer> {
    const url = new URL(base);
    url.pathname = `${base.pathname}${partsOf(path).join("/")}`;
    const bearer = typeof token === "function" ? await token() : token;
    const asked = {
      url,
      method: "GET" as const,
      headers: {
        "cache-control": "no-cache",
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        ...(kept === null || kept.etag === null ? {} : { "if-none-match": kept.etag }),
        ...(held === undefined ? {} : { prefer: `wait=${held.wait}` }),
      },
      timeout: timeout + (held?.wait ?? 0) * 1000,
      ca,
      mostBytes,
      agent,
      ...(held === undefined ? {} : { signal: held.signal }),
    };
    try {
      return await exchange(asked);
    } catch (error) {
      // A connection that was kept may be one that the server has just closed.
      if (!/^(ECONNRESET|EPIPE)$/.test((error as Error).message)) throw error;
      return await exchange(asked);
    }
  }

  async function get(
    path: string,
    maxSize: number,
    kept: Kept | null,
    held?: Held,
  ): Promise<Kept | "missing" | "too-large"> {
    let answer: Answer;
    try {
      answer = await ask(path, maxSize, kept, held);
    } catch (error) {
      if (error instanceof SourceError) throw error;
      const { message } = error as Error;
      if (message === answerTooLong) return "too-large";
      throw new SourceError("source/unavailable", `${base.host} did not answer: ${message}`);
    }
    const { status, headers, body } = answer;
    if (status === 304 && kept !== null && kept.etag !== null) return kept;
    if (status === 404 || status === 410) return "missing";
    // A redirection would take the token, and the word of who answers, elsewhere.
    if (status !== 200)
      throw new SourceError("source/unavailable", `${base.host} answered ${status} for ${path}`);
    const [etag] = [headers["etag"]].flat();
    return { etag: etag !== undefined && isEtag(etag) ? etag : null, bytes: Uint8Array.from(body) };
  }

  const read: RepositorySource["read"] = async (path, maxSize) => {
    const got = await get(path, maxSize, null);
    return typeof got === "string" ? got : got.bytes;
  };

  const look = async (held?: Held): Promise<string> =>
    timestampLook({
      read: async (path, maxSize) => {
        const got = await get(path, maxSize, timestamp, held);
        timestamp = typeof got === "string" ? null : got;
        return typeof got === "string" ? got : got.bytes;
      },
    });

  return {
    read,
    watch: (onChange, onTrouble) =>
      watching(
        {
          look: () => look(),
          pollEvery,
          ...(wait === undefined ? {} : { subscribe: holding(wait, look) }),
        },
        onChange,
        onTrouble,
      ),
  };
}

interface Held {
  readonly wait: number;
  readonly signal: AbortSignal;
}

/** Requests that the server answers when the timestamp changes, one after the other. */
function holding(wait: number, look: (held: Held) => Promise<string>) {
  return async (told: () => void, lost: (error?: Error) => void): Promise<() => Promise<void>> => {
    const ended = new AbortController();
    const { signal } = ended;
    const run = async (): Promise<void> => {
      let last = await look({ wait: 0, signal });
      while (!signal.aborted) {
        const begun = performance.now();
        const now = await look({ wait, signal });
        if (now !== last) told();
        else if (performance.now() - begun < wait * 500)
          throw new SourceError(
            "source/unavailable",
            "the server does not hold requests: it is asked now and then",
          );
        last = now;
      }
    };
    void run().catch((error: Error) => {
      if (!signal.aborted) lost(error);
    });
    return async () => ended.abort();
  };
}

/** What RFC 9110 calls an entity tag, of a length that a header can have. */
function isEtag(text: string): boolean {
  return text.length <= 256 && /^(?:W\/)?"[\x21\x23-\x7e]*"$/.test(text);
}

function readAddress(given: string | URL, tls: HttpSourceOptions["tls"]): URL {
  const text = String(given);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:"))
    throw new SourceError("source/bad-address", "the address of a repository begins with https://");
  if (url.username !== "" || url.password !== "" || url.hash !== "" || url.search !== "")
    throw new SourceError(
      "source/bad-address",
      "the address of a repository holds no user, password, query or fragment: say `token`, and leave signed addresses of one file to one file",
    );
  if (
    url.protocol === "http:" &&
    !isLoopback(url.hostname.replace(/^\[(.*)\]$/, "$1")) &&
    tls !== "plaintext-development"
  )
    throw new SourceError(
      "source/plaintext",
      `${url.host}: a repository on another machine is reached by https, or with tls: "plaintext-development"`,
    );
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}
