/** A folder of bundles as `wardline build` would write it, from a program that stands in core. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildBundle, compileRego, compileSql, compileWasm } from "@wardline/backends";
import type { Program } from "@wardline/core";
import { libraryProgram } from "@wardline/core/testing";
import { localKeys, type LocalKeys } from "@wardline/isolation";
import { afterAll, onTestFinished } from "vitest";

/** One program for each tenant; `change` may make one tenant's different. */
export async function bundleFolder(
  tenants: readonly string[],
  change: (program: Program) => Program = (program) => program,
  folder: string = temporaryFolder(),
  revision = "7",
): Promise<string> {
  for (const tenant of tenants) {
    const program = change(programOf(tenant));
    const files = await buildBundle({
      program,
      wasm: compileWasm(program),
      rego: compileRego(program),
      sql: compileSql(program),
      revision,
      compiler: "test",
      sourceMap: { atoms: program.atoms.map(() => []) },
      platform: "ab".repeat(32),
    });
    mkdirSync(join(folder, tenant));
    for (const [name, bytes] of files) writeFileSync(join(folder, tenant, name), bytes);
  }
  return folder;
}

export function programOf(tenant: string): Program {
  return {
    ...libraryProgram,
    tenant,
    rules: libraryProgram.rules.map((rule) => ({ ...rule, id: rule.id.replace(/^north\//, `${tenant}/`) })),
  };
}

/** Local keys for all tests of a file. */
export function keysOfFile(): LocalKeys {
  const folder = mkdtempSync(join(tmpdir(), "wardline-keys-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return localKeys(join(folder, "keys.json"));
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "wardline-sdk-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
