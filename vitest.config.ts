import { realpathSync } from "node:fs";
import { configDefaults, defineConfig } from "vitest/config";

const seeded = realpathSync(new URL("packages/database-testing/src/seeded-pglite.ts", import.meta.url));

/**
 * Tests that compute and start nothing that outlives them, nor set anything that the next file would see: their files share
 * a process, which loads and warms the compiler once and not for each.
 */
const pure = [
  ...["core", "compiler", "language-server"].map((room) => `packages/${room}/test/**/*.test.ts`),
  "packages/backends/test/*.test.ts",
  "packages/backends/test/{closure,residual,rego,wasm,wasm-host}/*.test.ts",
  "packages/backends/test/bundle/{attack-*,bundle,repository}.test.ts",
  "packages/backends/test/store/compile-store.test.ts",
  "packages/bench/test/{fuzz-failure,fuzz-vary,fuzz-work,laws,residual-example,residual-kinds}.test.ts",
  "packages/bench/test/{session,store,whole-closures,whole-conditions,workloads}.test.ts",
  "packages/bench/test/wasm/*.test.ts",
  "packages/studio/test/*.test.ts",
  "packages/studio/test/store/*.test.ts",
];

export default defineConfig({
  plugins: [
    {
      name: "seeded-pglite",
      enforce: "pre",
      resolveId: (id, importer) =>
        id === "@electric-sql/pglite" && importer !== seeded ? seeded : undefined,
    },
  ],
  resolve: { conditions: ["@wardline/source"] },
  ssr: { resolve: { conditions: ["@wardline/source"] } },
  test: {
    globalSetup: ["packages/database-testing/src/test-run.ts"],
    // Tests wait for servers half of the time: one worker would leave a processor idle.
    maxWorkers: 2,
    // Of what hangs alone: a slow or busy machine takes several times as long as another.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // What is looked for again and again comes late where a machine is slow, or stands still for seconds.
    expect: { poll: { timeout: 60_000 } },
    projects: [
      { extends: true, test: { name: "pure", include: pure, isolate: false } },
      {
        extends: true,
        test: {
          name: "rest",
          include: ["packages/*/test/**/*.test.ts", "test/**/*.test.ts", "examples/*/test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...pure],
        },
      },
    ],
  },
});
