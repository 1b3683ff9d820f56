/** A static server of the built files, with the headers that whoever serves the studio should send. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { contentSecurityPolicy } from "@wardline/studio";
import type { BesideProject } from "../../src/host/browser-host.ts";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".ttf": "font/ttf",
  ".wasm": "application/wasm",
};

export interface ServedApp {
  readonly url: string;
  /** The paths that were asked for. */
  readonly asked: readonly string[];
  /** What `project.json` is from here on. Null: as it was built. */
  give(project: BesideProject | null): void;
  close(): Promise<void>;
}

export async function serveApp(folder: string): Promise<ServedApp> {
  const asked: string[] = [];
  let given: BesideProject | null = null;
  const server = createServer((request, response) => {
    void (async () => {
      const path = new URL(request.url ?? "/", "http://localhost").pathname;
      asked.push(path);
      const name = normalize(path === "/" ? "/index.html" : path);
      const headers = {
        "content-type": types[extname(name)] ?? "application/octet-stream",
        "content-security-policy": contentSecurityPolicy(),
        "x-content-type-options": "nosniff",
      };
      if (name === "/project.json" && given !== null) {
        response.writeHead(200, headers).end(JSON.stringify(given));
        return;
      }
      try {
        const bytes = await readFile(join(folder, name));
        response.writeHead(200, headers).end(bytes);
      } catch {
        response.writeHead(404, headers).end();
      }
    })();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    asked,
    give: (project) => {
      given = project;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
