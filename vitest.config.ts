import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["@wardline/source"] },
  ssr: { resolve: { conditions: ["@wardline/source"] } },
  test: {
    include: ["packages/*/test/**/*.test.ts", "test/**/*.test.ts", "examples/*/test/**/*.test.ts"],
    // Tests wait for servers half of the time: one worker would leave a processor idle.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
