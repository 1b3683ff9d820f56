/** The static files of the built application. What is served is what stood in its folder at the start: a path is looked up, never opened. */
import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { UsageError } from "../exit-code.ts";
import { refuse, type Answer } from "./answer.ts";
import { noToken } from "./gate.ts";

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".md": "text/plain; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

const exampleProject = "/project.json";

/** Path of a URL → file. Throws {@link UsageError} where no application was built. */
export function readAppFiles(folder: string): ReadonlyMap<string, string> {
  if (!existsSync(join(folder, "index.html")))
    throw new UsageError(
      "the studio's application is not built",
      "in a clone of the repository: pnpm --filter @wardline/studio run build:app",
    );
  const files = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path).split(sep);
    if (name.some((part) => part.startsWith("."))) continue;
    files.set(`/${name.map(encodeURIComponent).join("/")}`, path);
  }
  files.set("/", join(folder, "index.html"));
  // The example that the page opens where nobody gives it a project: here it gets one, by the token.
  files.delete(exampleProject);
  return files;
}

/** Answers with the file at exactly this path. */
export async function appFile(
  files: ReadonlyMap<string, string>,
  method: string,
  url: string,
): Promise<Answer> {
  if (method !== "GET" && method !== "HEAD")
    return refuse(405, { code: "studio/method", message: "files are only read" }, { allow: "GET, HEAD" });
  const [path = ""] = url.split("?");
  if (path === exampleProject) return refuse(401, noToken);
  const file = files.get(path);
  // What was there at the start is gone where the application is built anew meanwhile.
  if (file === undefined || !existsSync(file))
    return refuse(404, { code: "studio/no-page", message: "there is no such page", help: "begin at /" });
  return {
    status: 200,
    headers: {
      "content-type": types[extname(file)] ?? "application/octet-stream",
      // A name that bears the digest of its content never means another.
      "cache-control": /^\/assets\/.*-[\w-]{8,}\.\w+$/.test(path)
        ? "public, max-age=31536000, immutable"
        : "no-cache",
    },
    body: await readFile(file),
  };
}
