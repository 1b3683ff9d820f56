/** Every start of B7 comes to its first decision, and to the right one: a wrong one ends with an error. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { scaleRego } from "../src/b2/opa-scale.ts";
import { prepare } from "../src/b7/prepare.ts";
import { buildModule, findOpa } from "../src/peers/opa.ts";

const scripts = fileURLToPath(new URL("../src/b7/start/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "wardline-b7-"));
const opa = findOpa();

beforeAll(async () => {
  await prepare(folder, 10);
  if (opa !== null) writeFileSync(join(folder, "policy.wasm"), buildModule(opa, scaleRego));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const start = (script: string) =>
  spawnSync(process.execPath, ["--conditions=@wardline/source", join(scripts, script), folder], {
    encoding: "utf8",
  });

const names = readdirSync(scripts).filter((name) => opa !== null || name !== "opa.ts");
test.each(names)("%s", (script) => {
  const { status, stdout, stderr } = start(script);
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ wall: expect.any(Number), cpu: expect.any(Number) });
});

test("a request that is not permitted ends with an error", () => {
  writeFileSync(join(folder, "request.json"), "{}");
  expect(start("bundle.ts").stderr).toContain("the first decision is wrong");
});
