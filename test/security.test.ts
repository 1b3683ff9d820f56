/** Holds docs/security.md to the project: each test, page and command that it names is there, and each layer names tests. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const page = readFileSync(join(root, "docs/security.md"), "utf8");
const files = new Set(
  globSync(["test/*.ts", "packages/*/test/**/*.ts", "examples/*/test/**/*.ts"], { cwd: root })
    .filter((path) => !path.includes("node_modules") && !path.includes("dist"))
    .flatMap((path) => [basename(path), path, path.split("/").slice(-2).join("/")]),
);

test("each layer says what it defends, what it does not, and which tests attack it", () => {
  const layers = page.split(/^### /m).slice(1);
  expect(layers.length).toBeGreaterThanOrEqual(11);
  for (const layer of layers)
    for (const part of ["*Defends*", "*Does not*", "*Tested*"]) expect(layer, part).toContain(part);
  for (const layer of layers) {
    const [, tested = ""] = layer.split("*Tested*");
    expect(tested, layer).toMatch(/\.test\.ts`/);
  }
});

test("each test that the page names is there", () => {
  const named = [...page.matchAll(/`([\w/-]+(?:\.test)?\.ts)`/g)].map(([, name]) => name as string);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => !files.has(name))).toEqual([]);
});

test("each script and page that the page names is there", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };
  for (const [, script] of page.matchAll(/`pnpm ([\w:]+)/g)) expect(scripts).toHaveProperty(script as string);
  for (const [, link] of page.matchAll(/\]\(([\w/.-]+\.md)/g))
    expect(existsSync(join(root, "docs", link as string)), link).toBe(true);
});
