import { realpathSync } from "node:fs";
import { defineConfig } from "vitest/config";

const seeded = realpathSync(new URL("packages/database-testing/src/seeded-pglite.ts", import.meta.url));

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
    include: ["packages/*/test/**/*.test.ts", "test/**/*.test.ts", "examples/*/test/**/*.test.ts"],
    globalSetup: ["packages/database-testing/src/test-run.ts"],
    // Tests wait for servers half of the time: one worker would leave a processor idle.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
