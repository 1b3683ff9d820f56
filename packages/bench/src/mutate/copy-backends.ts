/** A copy of the backends with a fault in it, which imports the same core as everything else. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { withFault, type Fault } from "./fault.ts";

const home = fileURLToPath(new URL("../../../backends/", import.meta.url));

export interface Copy {
  /** Imports a module of the copy, by its path in the package. */
  readonly load: (path: string) => Promise<unknown>;
  readonly remove: () => void;
}

/** The source of a backend that a fault is put into. */
export function readSource(file: string): string {
  return readFileSync(join(home, file), "utf8");
}

export async function copyBackends(fault: Fault): Promise<Copy> {
  const faulty = withFault(readSource(fault.file), fault);
  const folder = mkdtempSync(join(tmpdir(), "wardline-mutate-"));
  for (const part of ["src", "runtime", "scripts", "package.json"])
    cpSync(join(home, part), join(folder, part), { recursive: true });
  symlinkSync(join(home, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, fault.file), faulty);
  const load = async (path: string): Promise<unknown> => await import(pathToFileURL(join(folder, path)).href);
  if (fault.file.startsWith("runtime/")) {
    const build = (await load("scripts/build-runtime.mjs")) as {
      readonly buildRuntime: () => Promise<Uint8Array>;
      readonly moduleText: (bytes: Uint8Array) => Promise<string>;
    };
    writeFileSync(
      join(folder, "src/wasm/runtime-bytes.ts"),
      await build.moduleText(await build.buildRuntime()),
    );
  }
  return { load, remove: () => rmSync(folder, { recursive: true }) };
}
