/** One unsigned bundle in a folder, with each of our artefacts, as `wardline build` writes it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildBundle, compileRego, compileSql, compileWasm } from "@wardline/backends";
import type { Program } from "@wardline/core";

/** Into the folder of its tenant, which is made under `folder`. */
export async function writeBundle(folder: string, program: Program, revision = "1"): Promise<void> {
  const files = await buildBundle({
    program,
    wasm: compileWasm(program),
    rego: compileRego(program),
    sql: compileSql(program),
    revision,
    compiler: "bench",
    sourceMap: { atoms: program.atoms.map(() => []) },
    platform: "ab".repeat(32),
  });
  const own = join(folder, program.tenant);
  mkdirSync(own, { recursive: true });
  for (const [name, bytes] of files) writeFileSync(join(own, name), bytes);
}
