/** Where the stock OPA that `tools/opa` pins stands, or why there is none. Nothing is built here: `tools/opa/build` does. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export type FoundOpa = { readonly path: string } | { readonly missing: string };

/** The binary that `tools/opa/build` made, or one of the same version on the PATH. With `WARDLINE_OPA=required` a missing one is an error. */
export function findOpa(): FoundOpa {
  const folder = toolsFolder();
  const version = /open-policy-agent\/opa v(\S+)/.exec(readFileSync(join(folder, "go.mod"), "utf8"))?.[1];
  if (version === undefined) throw new Error(`${folder}/go.mod names no version of OPA`);
  const path = [join(folder, ".cache", `opa-${version}`), "opa"].find((at) => versionOf(at) === version);
  if (path !== undefined) return { path };
  const missing = `there is no OPA ${version} yet: tools/opa/build makes it, with Go`;
  if (process.env["WARDLINE_OPA"] === "required") throw new Error(missing);
  return { missing };
}

function versionOf(binary: string): string | undefined {
  const { stdout } = spawnSync(binary, ["version"], { encoding: "utf8" });
  return /^Version: (\S+)$/m.exec(stdout ?? "")?.[1];
}

/** Sources and what is built of them stand at different depths below the root. */
function toolsFolder(): string {
  for (let at = import.meta.dirname; at !== dirname(at); at = dirname(at)) {
    const folder = join(at, "tools", "opa");
    if (existsSync(join(folder, "go.mod"))) return folder;
  }
  throw new Error("there is no tools/opa above this file");
}
