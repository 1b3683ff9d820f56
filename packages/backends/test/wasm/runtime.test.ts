import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const script = at("scripts/build-runtime.mjs");

interface Build {
  readonly buildRuntime: () => Promise<Uint8Array>;
  readonly moduleText: (bytes: Uint8Array) => Promise<string>;
}

it("is what its source compiles to, byte for byte", async () => {
  expect(existsSync(script)).toBe(true);
  const build = (await import(script)) as Build;
  expect(await build.moduleText(await build.buildRuntime())).toBe(
    readFileSync(at("src/wasm/runtime-bytes.ts"), "utf8"),
  );
});
