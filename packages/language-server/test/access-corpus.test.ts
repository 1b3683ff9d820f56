/** Over the policies of the corpus that compile: each answer has its witnesses, each witness is decided as it says, a proved never is never. */
import { evaluate } from "@wardline/core";
import { boundaryRequests } from "@wardline/core/search";
import { projectByHeader } from "@wardline/compiler/project";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { accessAxes, accessCells, snapshotOf, type Snapshot } from "../src/index.ts";

const corpus = new URL("../../../grammar/corpus/", import.meta.url).pathname;
const library = (name: string) => readFileSync(join(corpus, "library", `${name}.ward`), "utf8");

function snapshotWith(policy: string): Snapshot | null {
  const texts = {
    "model.ward": library("model"),
    "platform.ward": library("platform"),
    "policy.ward": policy,
  };
  const files = Object.entries(texts).map(([name, text]) => ({ name, text }));
  const project = projectByHeader(files, "wardline.config.json");
  if ("problem" in project) return null;
  const snapshot = snapshotOf(project);
  return snapshot.compiled("north")?.program == null ? null : snapshot;
}

/** Each policy of a case that stands in the library as it is. */
const policies = readdirSync(corpus, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith("policy.ward"))
  .toSorted()
  .map((name) => [name, readFileSync(join(corpus, name), "utf8")] as const);

test("the corpus", () => {
  let seen = 0;
  for (const [name, text] of policies) {
    const snapshot = snapshotWith(text);
    const program = snapshot?.compiled("north")?.program;
    if (snapshot === null || program == null) continue;
    const axes = accessAxes(snapshot, "north");
    if ("refused" in axes) expect.fail(`${name}: ${axes.refused}`);
    for (const { action, resource } of axes.columns) {
      const column = accessCells(snapshot, "north", action, resource);
      if ("refused" in column) expect.fail(`${name}: ${column.refused}`);
      for (const { who, access, certain, permitted, refused } of column.cells) {
        const at = `${name}: ${who} ${action} ${resource}`;
        seen += 1;
        if (permitted !== null)
          expect([at, evaluate(program, permitted.request).outcome]).toEqual([at, "permit"]);
        if (refused !== null)
          expect([at, evaluate(program, refused.request).outcome]).not.toEqual([at, "permit"]);
        expect([at, permitted === null]).toEqual([at, access === "never" || access === "none"]);
        if (access !== "never" || !certain) continue;
        const row = axes.who.find(({ id }) => id === who) ?? expect.fail(at);
        const table = program.tables.find(
          (one) => one.principal === row.principal && one.action === action && one.resource === resource,
        );
        if (table === undefined) continue;
        for (const request of boundaryRequests(program, table, { seed: 3, limit: 6 })) {
          const roles = row.role === null ? [] : [row.role];
          const tenant = row.home ? "north" : "elsewhere";
          const asked = { ...request, principal: { ...request.principal, roles, tenant } };
          expect([at, evaluate(program, asked).outcome]).not.toEqual([at, "permit"]);
        }
      }
    }
  }
  expect(seen).toBeGreaterThan(100);
});
