/** The clinic's bundles, built by the command line from its texts, or from texts that a test has changed. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCli } from "@wardline/cli";
import { openClinic, type Clinic } from "../src/setup.ts";

const home = fileURLToPath(new URL("..", import.meta.url));

/** File of the policy folder → what stands there instead, made from what stands there now. */
export type Changes = Readonly<Record<string, (text: string) => string>>;

export interface Built {
  readonly code: number;
  /** Folder of the bundles. */
  readonly bundles: string;
  readonly printed: string;
}

/** Copies the example, applies the changes, and runs `wardline build` on the copy. */
export async function buildClinic(changes: Changes = {}): Promise<Built> {
  const folder = mkdtempSync(join(tmpdir(), "clinic-test-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(home, "policy"), join(folder, "policy"), { recursive: true });
  cpSync(join(home, "wardline.config.json"), join(folder, "wardline.config.json"));
  for (const [name, change] of Object.entries(changes)) {
    const path = join(folder, "policy", name);
    const before = readFileSync(path, "utf8");
    const after = change(before);
    if (after === before) throw new Error(`the change of ${name} changes nothing`);
    writeFileSync(path, after);
  }
  let printed = "";
  const print = (text: string) => {
    printed += text;
  };
  const io = {
    cwd: folder,
    out: print,
    err: print,
    stdin: () => Promise.resolve(""),
    color: false,
    interactive: false,
    onInterrupt: () => () => {},
  };
  const code = await runCli(["build", ".", "--out", "bundles"], io);
  return { code, bundles: join(folder, "bundles"), printed };
}

/** Present of all tests. */
export const now = new Date("2026-11-20T12:00:00Z");

/** A small clinic with data. Throws if the texts do not build. */
export async function openTestClinic(changes: Changes = {}, size = 60): Promise<Clinic> {
  const built = await buildClinic(changes);
  if (built.code !== 0) throw new Error(built.printed);
  return openClinic({ bundles: built.bundles, size, clock: () => now });
}
