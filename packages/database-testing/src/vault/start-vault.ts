/**
 * A loopback server that speaks as much of Vault's HTTP API as a provider of keys takes: the transit engine at one mount, in one
 * namespace, with tokens that end. It can be sealed, throttle, send away, fail, stay silent or cut, and keep its keys in a file.
 */
import { randomUUID } from "node:crypto";
import {
  createServer as plainServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from "node:http";
import { createServer as secureServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Certificate } from "../make-authority.ts";
import { runTransit } from "./transit-operations.ts";
import { TransitStore } from "./transit-store.ts";
import { VaultError } from "./vault-error.ts";

/**
 * What the next requests meet, one each: an answer of this status, with sentences; silence; a cut before the request is carried out, or
 * after it and before its answer; a success whose body is this text.
 */
export type VaultTrouble =
  | {
      readonly status: number;
      readonly errors?: readonly string[];
      readonly headers?: Readonly<Record<string, string>>;
    }
  | "silence"
  | "cut-before"
  | "cut-after"
  | { readonly body: string };

export interface VaultOptions {
  /** `transit` without it. */
  readonly mount?: string;
  readonly namespace?: string;
  readonly file?: string;
  readonly port?: number;
  /** Serves TLS with it. */
  readonly certificate?: Certificate;
}

export interface Vault {
  readonly url: string;
  /** Tokens that count, each with the paths below the mount that it is permitted; every path where the pattern is undefined. */
  readonly tokens: Map<string, RegExp | undefined>;
  sealed: boolean;
  readonly troubles: VaultTrouble[];
  /** One line a request: method, path below the mount, status. */
  readonly requests: string[];
  readonly store: TransitStore;
  readonly stop: () => Promise<void>;
}

export async function startVault(options: VaultOptions = {}): Promise<Vault> {
  const { mount = "transit", namespace = "", certificate } = options;
  const store = new TransitStore(options.file);

  function carryOut(request: IncomingMessage, path: string, body: Buffer): object | null {
    if (vault.sealed) throw new VaultError(503, "Vault is sealed");
    const token = String(request.headers["x-vault-token"] ?? "");
    if (token === "") throw new VaultError(400, "missing client token");
    if (!vault.tokens.has(token)) throw new VaultError(403, "permission denied", "invalid token");
    const denied = new VaultError(403, "1 error occurred:\n\t* permission denied\n\n");
    if (String(request.headers["x-vault-namespace"] ?? "") !== namespace) throw denied;
    if (!(vault.tokens.get(token)?.test(`${request.method} ${path}`) ?? true)) throw denied;
    const data = body.length === 0 ? {} : (JSON.parse(body.toString("utf8")) as Record<string, unknown>);
    const result = runTransit(store, request.method ?? "", path, data);
    store.save();
    return result;
  }

  function answer(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const prefix = `/v1/${mount}/`;
    const url = request.url ?? "";
    const path = url.startsWith(prefix) ? decodeURIComponent(url.slice(prefix.length)) : "";
    const trouble = vault.troubles.shift();
    const line = `${request.method} ${path}`;
    const say = (status: number, text: string, headers: Readonly<Record<string, string>> = {}): void => {
      vault.requests.push(`${line} ${status}`);
      response.writeHead(status, {
        "content-type": "application/json",
        "cache-control": "no-store",
        ...headers,
      });
      response.end(text);
    };
    if (trouble === "silence" || trouble === "cut-before") {
      vault.requests.push(`${line} ${trouble}`);
      if (trouble === "cut-before") request.socket.destroy();
      return;
    }
    if (typeof trouble === "object" && "status" in trouble) {
      say(trouble.status, JSON.stringify({ errors: trouble.errors ?? [] }), trouble.headers);
      return;
    }
    try {
      const data = carryOut(request, path, body);
      if (trouble === "cut-after") request.socket.destroy();
      else if (trouble !== undefined) say(200, trouble.body);
      else if (data === null) say(204, "");
      else
        say(
          200,
          JSON.stringify({
            request_id: randomUUID(),
            lease_id: "",
            renewable: false,
            lease_duration: 0,
            data,
            wrap_info: null,
            warnings: null,
            auth: null,
          }),
        );
    } catch (error) {
      const known = error instanceof VaultError ? error : new VaultError(500, "internal error");
      say(known.status, JSON.stringify({ errors: known.errors }));
    }
  }

  const listener: RequestListener = (request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.once("end", () => answer(request, response, Buffer.concat(parts)));
    request.once("error", () => undefined);
  };
  const server = certificate === undefined ? plainServer(listener) : secureServer(certificate, listener);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const vault: Vault = {
    url: `${certificate === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    tokens: new Map(),
    sealed: false,
    troubles: [],
    requests: [],
    store,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return vault;
}
