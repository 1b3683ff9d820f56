/** The load run, small: `pnpm load:clinic` is the long one. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres } from "@wardline/database-testing";
import { expect, test } from "vitest";
import { foreignIn, markOf, ownIn } from "../load/canary.ts";
import { loadRun } from "../load/load-run.ts";

const responses = Number(process.env["CLINIC_RESPONSES"] ?? 600);
const seed = Number(process.env["WARDLINE_SEED"] ?? Date.now() % 2 ** 31);

test(
  `people of two tenants at two processes see nothing of each other while policies change (seed ${seed})`,
  { timeout: 600_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "clinic-load-"));
    const server = await startPostgres();
    try {
      const { host, port, user, password, database } = server;
      const databaseUrl = `postgres://${user}:${password}@${host}:${port}/${database}`;
      const report = await loadRun({ folder, databaseUrl, responses, visitors: 12, size: 120, seed });
      console.info(JSON.stringify(report));
      expect(report.foreign).toEqual([]);
      expect(report.responses).toBeGreaterThanOrEqual(responses);
      expect(report.own).toBeGreaterThan(responses);
      expect(report.published).toBeGreaterThan(0);
      const statuses = new Set(Object.values(report.answers).flatMap((of) => Object.keys(of).map(Number)));
      expect([...statuses].filter((status) => status >= 500)).toEqual([]);
      expect(report.answers["foreign patient"]).toEqual({ 404: expect.any(Number) as number });
      expect(report.answers["foreign change"]).toEqual({ 404: expect.any(Number) as number });
      expect(Object.keys(report.answers["list"] ?? {})).toEqual(["200"]);
    } finally {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

test("a row of another tenant in an answer is found, by its mark or by its id", () => {
  const id = "01990000-0000-7000-8000-000000000001";
  const canaries = {
    marks: new Map(["acme", "globex"].map((tenant) => [tenant, markOf(tenant)])),
    ids: new Map([
      ["acme", new Set(["01990000-0000-7000-8000-000000000002"])],
      ["globex", new Set([id])],
    ]),
  };
  expect(foreignIn(`Ann Example${markOf("globex")}`, "acme", canaries)).toHaveLength(1);
  expect(foreignIn(`{"id":"${id}"}`, "acme", canaries)).toEqual([id]);
  expect(foreignIn(`{"id":"${id}"}`, "globex", canaries)).toEqual([]);
  expect(ownIn(`{"id":"${id}"}`, "globex", canaries)).toBe(1);
});
