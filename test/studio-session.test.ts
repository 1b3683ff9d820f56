/**
 * Two write the same project: a person at a page of the studio, and somebody else on the disk. The session, the host and the server are the
 * real ones; each request arrives and each answer comes back at any moment, or never. `WARDLINE_SESSION_RUNS` is how many stories are
 * tried, `WARDLINE_SEED` where they begin.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { startStudio, type Studio } from "../packages/cli/src/studio/studio-server.ts";
import { corpus } from "./studio-session/corpus.ts";
import { story, tell, type Deed } from "./studio-session/story.ts";

const runs = Number(process.env["WARDLINE_SESSION_RUNS"] ?? 100);
const seed = Number(process.env["WARDLINE_SEED"] ?? 1);

let studio: Studio;
const folder = mkdtempSync(join(tmpdir(), "wardline-session-"));
const failures: unknown[] = [];

beforeAll(async () => {
  const app = join(folder, "app");
  mkdirSync(app);
  writeFileSync(join(app, "index.html"), "");
  mkdirSync(join(folder, "project"));
  studio = await startStudio({
    folder: join(folder, "project"),
    allFiles: false,
    appFolder: app,
    port: 0,
    onError: (error) => failures.push(error),
  });
});

afterEach(() => vi.unstubAllGlobals());

afterAll(async () => {
  await studio.close();
  rmSync(folder, { recursive: true, force: true });
});

const told = (deeds: readonly Deed[]) => tell(deeds, { studio, folder: join(folder, "project") });

test.each(corpus)("$name", async ({ deeds }) => {
  await told(deeds);
  expect(failures).toEqual([]);
});

test(`nothing that either writes is lost, whatever happens on the way (seed ${seed})`, async () => {
  await fc.assert(fc.asyncProperty(story, told), { seed, numRuns: runs });
  expect(failures).toEqual([]);
});
