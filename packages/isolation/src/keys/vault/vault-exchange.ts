/**
 * One HTTP exchange with Vault, with limits of time and size. Certificates are checked whatever the environment says, which `fetch` does not
 * promise, and nobody is followed elsewhere, for the token would go with it.
 */
import { request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";

export interface VaultRequest {
  readonly url: URL;
  readonly method: "GET" | "POST" | "DELETE";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Milliseconds. */
  readonly timeout: number;
  readonly ca: string | undefined;
}

export interface VaultAnswer {
  readonly status: number;
  /** Milliseconds that the server asks to wait; 0 without a word of it. */
  readonly wait: number;
  /** Undefined where it is no JSON. */
  readonly document: unknown;
}

const mostBytes = 256 * 1024;

/** Rejects with a word about the reason: a system's code, or what limit was reached. */
export function exchange({ url, method, headers, body, timeout, ca }: VaultRequest): Promise<VaultAnswer> {
  const isSecure = url.protocol === "https:";
  const signal = AbortSignal.timeout(timeout);
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void =>
      reject(new Error(signal.aborted ? "it took too long" : wordOf(error)));
    const request = (isSecure ? secureRequest : plainRequest)(
      url,
      {
        method,
        headers: { ...headers, "content-length": String(body.length) },
        signal,
        ...(isSecure ? { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) } : {}),
      },
      (response) => {
        const parts: Buffer[] = [];
        let size = 0;
        response.on("data", (part: Buffer) => {
          size += part.length;
          if (size > mostBytes) response.destroy(new Error("the answer is too long"));
          else parts.push(part);
        });
        response.once("error", fail);
        response.once("close", () => fail(new Error("the connection was cut")));
        response.once("end", () => {
          const document = parse(parts);
          const after = Number(response.headers["retry-after"] ?? 0);
          resolve({ status: response.statusCode ?? 0, wait: after > 0 ? after * 1000 : 0, document });
        });
      },
    );
    request.once("error", fail);
    request.end(body);
  });
}

/** The bytes of the answer, which may hold a key, are overwritten; the texts in the document are the engine's to forget. */
function parse(parts: readonly Buffer[]): unknown {
  const bytes = Buffer.concat(parts);
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  } finally {
    for (const part of [bytes, ...parts]) part.fill(0);
  }
}

function wordOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code === "string" && /^[A-Z0-9_]{1,60}$/.test(code)) return code;
  return error.message === "the answer is too long" || error.message === "the connection was cut"
    ? error.message
    : "the connection failed";
}
