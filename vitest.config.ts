import { realpathSync } from "node:fs";
import { configDefaults, defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

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

/**
 * Tests that compute so much that they are faster in a process alone: where others have run before them, the engine knows more
 * shapes of what their code is given. They take up to three times as long then.
 */
const alone = [
  "packages/compiler/test/analysis/rates.test.ts",
  "packages/core/test/analysis/diff-programs.test.ts",
  "packages/compiler/test/compile/laws.test.ts",
  "packages/compiler/test/format/laws.test.ts",
  "packages/language-server/test/cards/contract.test.ts",
  "packages/compiler/test/hostile/garbage.test.ts",
  "packages/compiler/test/hostile/scaling.test.ts",
  "packages/compiler/test/parse/recovery.test.ts",
  "packages/compiler/test/diagnostics/pages.test.ts",
  "packages/core/test/analysis/search-assert.test.ts",
  "packages/backends/test/wasm/terms.test.ts",
  "packages/backends/test/wasm/large.test.ts",
];

/** What takes longest, and so is begun first: one that begins last keeps a run waiting with a worker that has nothing to do. */
const longest = [
  "packages/bench/test/agreement.test.ts",
  "packages/sdk/test/adopt-steps.test.ts",
  "packages/bench/test/mutate-parts.test.ts",
  "packages/sdk/test/adopt-kill.test.ts",
  "packages/bench/test/row-security.test.ts",
  "test/served-studio.test.ts",
  "packages/cli/test/placed-rows.test.ts",
  "examples/clinic/test/service/browser.test.ts",
  "packages/sdk/test/shred-restored.test.ts",
  "packages/sdk/test/reseal.test.ts",
  "packages/isolation/test/scope-places.test.ts",
  "packages/sdk/test/shred-hostile.test.ts",
  "packages/cli/test/keys-adopt.test.ts",
  "packages/isolation/test/plan-database.test.ts",
  "packages/studio/test/browser/policy.test.ts",
  "packages/cli/test/db.test.ts",
  "packages/sdk/test/placement-move.test.ts",
  "packages/isolation/test/vectors/reads.test.ts",
  "packages/studio/test/browser/open-lists.test.ts",
  "packages/isolation/test/audit-signer-killed.test.ts",
  "packages/studio/test/browser/states.test.ts",
  ...alone,
];

/** Begins with the longest; the others follow as without it: project by project, and in each large files first. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const first = longest.flatMap((path) => files.filter(({ moduleId }) => moduleId.endsWith(`/${path}`)));
    // oxlint-disable-next-line unicorn/no-array-sort -- it is no array's
    return [...first, ...(await super.sort(files.filter((file) => !first.includes(file))))];
  }
}

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
    // As many as continuous integration has processors: tests compute, in their own process or in a server's, most of the time.
    maxWorkers: 2,
    // Of what hangs alone: a slow or busy machine takes several times as long as another.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    sequence: { sequencer: LongestFirst },
    // What is looked for again and again comes late where a machine is slow, or stands still for seconds.
    expect: { poll: { timeout: 60_000 } },
    projects: [
      {
        extends: true,
        test: { name: "pure", include: pure, exclude: [...configDefaults.exclude, ...alone], isolate: false },
      },
      {
        extends: true,
        test: {
          name: "rest",
          include: ["packages/*/test/**/*.test.ts", "test/**/*.test.ts", "examples/*/test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...pure],
        },
      },
      { extends: true, test: { name: "alone", include: alone } },
    ],
  },
});
