import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { findChromium } from "@wardline/database-testing";
import { runPage } from "../../src/browser/run-page.ts";

afterEach(() => vi.unstubAllEnvs());

test("a browser that ends, or is not there, is an error and no answer", async () => {
  const run = (browser: string) => runPage(browser, new Map(), "default-src 'none'", 20_000);
  await expect(run("false")).rejects.toThrow(/^the browser ended with 1/);
  await expect(run("/no/browser")).rejects.toThrow(/ENOENT/);
});

test("a missing browser is told, and is an error where it is required", () => {
  vi.stubEnv("PATH", mkdtempSync(join(tmpdir(), "wardline-empty-")));
  vi.stubEnv("WARDLINE_CHROMIUM", "");
  expect(findChromium()).toHaveProperty("missing");
  vi.stubEnv("WARDLINE_CHROMIUM", "required");
  expect(findChromium).toThrow(/there is no chromium/);
});
