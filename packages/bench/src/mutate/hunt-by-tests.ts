/** Breaks a copy of a room in one place and runs the room's own tests against it: one that fails has caught the fault. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { withFault } from "./fault.ts";
import type { Part, RoomFault } from "./room-fault.ts";

const home = fileURLToPath(new URL("../../../../", import.meta.url));

/** What the configuration of the tests begins a run with. */
const servers = "packages/database-testing";

/** The source of a part that a fault is put into. */
export function readPart({ room }: Part, file: string): string {
  return readFileSync(join(home, room, file), "utf8");
}

export interface TestOutcome {
  /** The first test that failed; undefined if none did. */
  readonly caughtBy: string | undefined;
}

/** Throws if the tests can't be run at all, so that a fault that breaks the run itself is none that was caught. */
export function huntByTests(part: Part, fault: RoomFault | null): TestOutcome {
  const folder = mkdtempSync(join(tmpdir(), "wardline-mutate-"));
  try {
    const room = join(folder, part.room);
    mkdirSync(room, { recursive: true });
    for (const one of ["src", "test", "package.json"])
      cpSync(join(home, part.room, one), join(room, one), { recursive: true });
    symlinkSync(join(home, part.room, "node_modules"), join(room, "node_modules"));
    symlinkSync(join(home, "node_modules"), join(folder, "node_modules"));
    cpSync(join(home, "vitest.config.ts"), join(folder, "vitest.config.ts"));
    symlinkSync(join(home, servers), join(folder, servers));
    if (fault !== null)
      writeFileSync(join(room, fault.file), withFault(readFileSync(join(room, fault.file), "utf8"), fault));
    return run(folder, fault?.test === undefined ? part : { ...part, tests: [fault.test] });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Report {
  readonly numTotalTests: number;
  readonly testResults: readonly {
    readonly message?: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

function run(folder: string, { room, tests, named }: Part): TestOutcome {
  const vitest = join(
    dirname(createRequire(join(home, "package.json")).resolve("vitest/package.json")),
    "vitest.mjs",
  );
  const report = join(folder, "report.json");
  const names = named === undefined ? [] : ["--testNamePattern", named];
  const answer = spawnSync(
    process.execPath,
    [
      vitest,
      "run",
      "--root",
      folder,
      "--bail",
      "1",
      "--no-file-parallelism",
      "--reporter",
      "json",
      "--outputFile",
      report,
      ...names,
      ...tests.map((test) => join(room, test)),
    ],
    { cwd: folder, encoding: "utf8", timeout: 300_000 },
  );
  let said: Report;
  try {
    said = JSON.parse(readFileSync(report, "utf8")) as Report;
  } catch {
    throw new Error(`the tests could not be run: ${answer.stderr.slice(-2000)}`);
  }
  if (said.numTotalTests === 0) throw new Error(`no test was run: ${answer.stderr.slice(-2000)}`);
  const failed = said.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .find(({ status }) => status === "failed");
  return { caughtBy: failed?.fullName };
}
