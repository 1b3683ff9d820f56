/** Row-level security made of policies: the rows that it shows are the oracle's, and a fault in it is found. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PGlite } from "@electric-sql/pglite";
import type { RowSecurity } from "@wardline/backends";
import type { RowBranch, RowPolicy } from "@wardline/core";
import { allRowSecurity, guardrails, type RowSecurityMaker } from "../src/agree/row-security.ts";
import { describeMismatch, runAgreement } from "../src/agree/run.ts";

let pglite: PGlite;
beforeAll(async () => {
  pglite = await PGlite.create();
});
afterAll(async () => {
  await pglite.close();
});

const run = (rowSecurity: RowSecurityMaker, cases: number) =>
  runAgreement({
    cases,
    policies: 1,
    seed: 3,
    effort: { requests: 0, lists: 4 },
    databases: { pglite },
    engines: { targets: [], rowSecurity },
  });

test("the rows that the application's role finds in bare tables are those that the oracle permits", async () => {
  const { mismatch, tally } = await run(allRowSecurity, 300);
  expect(mismatch && describeMismatch(mismatch)).toBeUndefined();
  expect(tally.report()).toMatch(/rls on pglite +\d{3}/);
});

test("guardrails show the rows that the platform lets a tenant permit, and what a tenant says changes nothing", async () => {
  const { mismatch, tally } = await run(guardrails, 150);
  expect(mismatch && describeMismatch(mismatch)).toBeUndefined();
  expect(tally.report()).toMatch(/rls on pglite +\d{3}/);
});

test("guardrails with a rule of the tenant's in them are found", async () => {
  const { mismatch } = await run((program, schema) => {
    const { says } = guardrails(program, schema);
    return { ...allRowSecurity(program, schema), ...(says && { says }) };
  }, 600);
  expect(Object.keys(mismatch?.answers ?? {})).toContain("rls on pglite");
});

test("guardrails that forget what the platform forbids are found", async () => {
  const { mismatch } = await run((program, schema) => {
    const rules = program.rules.map((rule) =>
      rule.kind === "forbid" ? { ...rule, layer: "tenant" as const } : rule,
    );
    const { says } = guardrails(program, schema);
    return { ...guardrails({ ...program, rules }, schema), ...(says && { says }) };
  }, 1200);
  expect(Object.keys(mismatch?.answers ?? {})).toContain("rls on pglite");
});

describe("a planted fault is found", () => {
  const policies = (security: RowSecurity, change: (policy: RowPolicy) => RowPolicy): RowSecurity => ({
    ...security,
    policies: security.policies.map((policy) => change(policy)),
  });
  const branches = (change: (branch: RowBranch) => RowBranch) => (policy: RowPolicy) => ({
    ...policy,
    using: policy.using?.map(change) ?? null,
  });
  const faults: Readonly<Record<string, (security: RowSecurity) => RowSecurity>> = {
    "a condition that always holds": (security) =>
      policies(
        security,
        branches((branch) => ({ ...branch, where: "TRUE", readsTables: false })),
      ),
    "a condition that never holds": (security) =>
      policies(
        security,
        branches((branch) => ({ ...branch, where: "FALSE", readsTables: false })),
      ),
    "a table of a principal under another's key": (security) =>
      policies(security, (policy) => {
        const using = policy.using;
        if (using === null || using.length < 2) return policy;
        return {
          ...policy,
          using: using.map((branch, at) => ({ ...branch, key: using.at(at - 1)?.key ?? "" })),
        };
      }),
    "facts that are left out": (security) => ({
      ...security,
      facts: (...asked) => ({ ...security.facts(...asked), values: {} }),
    }),
    "a policy that is forgotten": (security) => ({
      ...security,
      policies: security.policies.filter(({ command }) => command !== "select"),
    }),
  };
  test.each(Object.entries(faults))(
    "%s",
    async (_, plant) => {
      const { mismatch } = await run((...made) => plant(allRowSecurity(...made)), 600);
      expect(Object.keys(mismatch?.answers ?? {})).toContain("rls on pglite");
    },
    120_000,
  );
});
