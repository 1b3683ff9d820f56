/** A web server for a repository's files, with ETags, that can be told to misbehave. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";

export interface RepositoryServer {
  readonly url: string;
  /** What was asked for: path, If-None-Match, and the status of the answer. */
  readonly asked: { readonly path: string; readonly etag: string | undefined; readonly status: number }[];
  /** Answers in place of the server where it returns true. */
  trouble: ((request: IncomingMessage, response: ServerResponse, path: string) => boolean) | null;
  /** Answers the requests that are held. */
  changed(): void;
  /** Requests that are held now. */
  readonly held: ReadonlySet<() => void>;
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Holds requests that ask for it until something changes. */
  readonly holds?: boolean;
}

export async function serveRepository(
  files: ReadonlyMap<string, Uint8Array>,
  { tls, holds = false }: ServerOptions = {},
): Promise<RepositoryServer> {
  const held = new Set<() => void>();
  const asked: RepositoryServer["asked"] = [];
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const path = decodeURIComponent((request.url ?? "").slice("/repo/".length));
    const etag = request.headers["if-none-match"];
    if (served.trouble?.(request, response, path) === true) return;
    const bytes = files.get(path);
    const tag = bytes === undefined ? "" : `"${createHash("sha256").update(bytes).digest("hex")}"`;
    const wait = /^wait=([1-9]\d*)$/.exec(String(request.headers["prefer"]));
    if (holds && wait !== null && etag === tag) {
      const again = (): void => {
        held.delete(again);
        handle(Object.assign(request, { headers: { "if-none-match": etag } }), response);
      };
      held.add(again);
      request.once("close", () => held.delete(again));
      return;
    }
    const status = bytes === undefined ? 404 : etag === tag ? 304 : 200;
    asked.push({ path, etag, status });
    response.writeHead(status, tag === "" ? {} : { etag: tag });
    response.end(status === 200 ? bytes : undefined);
  };
  const server = tls === undefined ? createServer(handle) : createSecureServer(tls, handle);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const served: RepositoryServer = {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}/repo/`,
    asked,
    trouble: null,
    held,
    changed: () => {
      for (const again of held) again();
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return served;
}
