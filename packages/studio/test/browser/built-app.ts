/** Builds the application once for the sources as they are: the next run with the same sources takes what is there. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";

const room = new URL("../../", import.meta.url).pathname;
const root = new URL("../../../../", import.meta.url).pathname;
const sources = [
  ...["index.html", "vite.config.ts", "scripts/third-party.ts", "src"].map((name) => join(room, name)),
  ...["core", "compiler", "backends", "language-server"].map((name) => join(root, "packages", name, "src")),
  join(root, "examples/projects"),
  join(root, "grammar"),
  join(root, "pnpm-lock.yaml"),
];

/** The folder of the built files. */
export async function builtApp(): Promise<string> {
  const key = keyOf(sources);
  const cache = join(room, "node_modules/.cache/studio");
  const folder = join(cache, key);
  if (existsSync(folder)) return folder;
  return alone(key, async () => {
    if (existsSync(folder)) return folder;
    mkdirSync(cache, { recursive: true });
    for (const old of readdirSync(cache)) rmSync(join(cache, old), { recursive: true, force: true });
    const unfinished = `${folder}.new`;
    await asProduction(() =>
      build({ root: room, logLevel: "error", build: { outDir: unfinished, emptyOutDir: true } }),
    );
    renameSync(unfinished, folder);
    return folder;
  });
}

/** A test's own NODE_ENV would put React's development build into the application. */
async function asProduction<Result>(work: () => Promise<Result>): Promise<Result> {
  const before = process.env["NODE_ENV"];
  process.env["NODE_ENV"] = "production";
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env["NODE_ENV"];
    else process.env["NODE_ENV"] = before;
  }
}

function keyOf(places: readonly string[]): string {
  const hash = createHash("sha256");
  for (const place of places)
    for (const file of filesIn(place)) hash.update(file).update("\0").update(readFileSync(file)).update("\0");
  return hash.digest("hex").slice(0, 16);
}

function filesIn(place: string): readonly string[] {
  if (!existsSync(place)) return [];
  if (statSync(place).isFile()) return [place];
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** Runs `work` in one process at a time. Who waits is woken by the end of the connection, be it that the holder died. */
async function alone<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
  const place = join(tmpdir(), `wardline-studio-${key}.sock`);
  for (;;) {
    const held = await hold(place);
    if (held === null) {
      await waitFor(place);
      continue;
    }
    try {
      return await work();
    } finally {
      held();
    }
  }
}

/** What lets go of the place; null where another process holds it. */
function hold(place: string): Promise<(() => void) | null> {
  return new Promise((resolve, reject) => {
    const waiting = new Set<{ destroy(): void }>();
    const server = createServer((socket) => {
      waiting.add(socket);
      socket.on("error", () => waiting.delete(socket));
    });
    server.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(null) : reject(error),
    );
    server.listen(place, () =>
      resolve(() => {
        server.close();
        for (const socket of waiting) socket.destroy();
      }),
    );
  });
}

function waitFor(place: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(place);
    socket.on("error", (error: NodeJS.ErrnoException) => {
      // Nobody listens any more: what is left is a name.
      if (error.code === "ECONNREFUSED") rmSync(place, { force: true });
      resolve();
    });
    socket.on("close", () => resolve());
    socket.resume();
  });
}
