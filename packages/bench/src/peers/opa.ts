/** Rego written by hand, in the modules that a stock `opa` builds. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findOpa as findPinned } from "../opa/find-opa.ts";
import type { LeftOut, Way } from "../work.ts";
import { loadModule } from "./opa-module.ts";

export const noOpa = "there is no `opa`: build one with `tools/opa/build`";

interface OpaWork {
  /** Rego of the package `bench` with a rule `allow`. */
  readonly text: string;
  readonly data: object;
  readonly inputs: readonly unknown[];
}

interface Ways {
  readonly ways: readonly Way[];
  readonly leftOut: readonly LeftOut[];
}

/** Rego written by hand, in the module that `opa build -t wasm` makes; left out where there is no `opa`. */
export function opaWay(name: string, { text, data, inputs }: OpaWork): Ways {
  const command = findOpa();
  if (command === null) return { ways: [], leftOut: [{ name, why: noOpa }] };
  const module = loadModule(buildModule(command, text));
  module.setData(data);
  const ask = (n: number) => (module.evaluate(inputs[n])[0] as { readonly result: boolean }).result;
  return { ways: [{ name, ask }], leftOut: [] };
}

/** The stock OPA that everything here is held to, or null where there is none. */
export function findOpa(): string | null {
  const found = findPinned();
  return "path" in found ? found.path : null;
}

export function buildModule(command: string, text: string): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "wardline-opa-"));
  try {
    writeFileSync(join(folder, "bench.rego"), text);
    run(command, ["build", "-t", "wasm", "-e", "bench/allow", "bench.rego"], folder);
    run("tar", ["-xzf", "bundle.tar.gz", "/policy.wasm"], folder);
    return readFileSync(join(folder, "policy.wasm"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? stderr}`);
}
