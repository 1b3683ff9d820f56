/**
 * An adoption whose process is killed with SIGKILL again and again, at statements that are drawn. After each kill the application, of the old
 * model or the new one, reads every value that was ever acknowledged, and writes more; then another process goes on.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomFrom, type Random } from "@wardline/core/testing";
import { afterAll, beforeAll, test } from "vitest";
import { openArena, type Arena, type Step } from "./adopt-arena.ts";
import { openAdoptServer, type AdoptServer } from "./adopt-world.ts";

/** `WARDLINE_KILLS=200` for a long run. */
const kills = Number(process.env["WARDLINE_KILLS"] ?? 40);
const seed = Number(process.env["WARDLINE_SEED"] ?? Date.now() % 2 ** 31);
const steps = ["begin", "switch", "drop"] as const;

let server: AdoptServer;
let folder: string;
let arenas: readonly Arena[] = [];

beforeAll(async () => {
  server = await openAdoptServer();
  folder = await mkdtemp(join(tmpdir(), "wardline-kill-"));
  const arena = (name: string) => openArena(server, join(folder, name), name);
  // Processes and servers wait for each other half of the time.
  arenas = [await arena("mortal_1"), await arena("mortal_2")];
});
afterAll(async () => {
  for (const arena of arenas) await arena.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

test(
  `is killed ${kills} times on the way, and no value is lost or wrong after any (seed ${seed})`,
  { timeout: 900_000 },
  async () => {
    const lengths = new Map<Step, number>([["abort", 30]]);
    const killed = new Map<Step, number>();
    const total = (): number => [...killed.values()].reduce((sum, n) => sum + n, 0);
    const isEachKilledOften = () => steps.every((step) => (killed.get(step) ?? 0) > kills / 10);
    /** Until the step is at its end. */
    const take = async (arena: Arena, step: Step, random: Random): Promise<void> => {
      for (let tries = 0; ; tries += 1) {
        const length = lengths.get(step);
        // The first time it is only counted, and after some kills it may come to its end.
        const killAt = length === undefined || tries === 4 ? 0 : 1 + random.below(length);
        const end = await arena.run({ step, killAt, delay: random.below(5) - 1 });
        await arena.check();
        if (end !== null) return void (length ?? lengths.set(step, end));
        killed.set(step, (killed.get(step) ?? 0) + 1);
      }
    };
    await Promise.all(
      arenas.map(async (arena, number) => {
        const random = randomFrom(seed, `arena ${number}`);
        while (total() < kills || !isEachKilledOften()) {
          await arena.reset();
          await take(arena, "begin", random);
          if (random.below(3) === 0) {
            await take(arena, "abort", random);
            await take(arena, "begin", random);
          }
          for (const step of ["switch", "drop"] as const) await take(arena, step, random);
        }
      }),
    );
  },
);
