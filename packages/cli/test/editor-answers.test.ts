/** What an editor shows of access is what the commands print: the matrix that of `who-can`, a review that of `diff`, a bundle that of `build`. */
import { projectByHeader, type Project } from "@wardline/compiler/project";
import type { Access } from "@wardline/core/search";
import { accessAxes, accessCells, handlers, reviewAccess, snapshotOf } from "@wardline/language-server";
import { createHash } from "node:crypto";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { model, platform, policy, projectFolder, run } from "./project.ts";

const wider = `${policy.replace("principal.level >= 3", "principal.level >= 2").replace("reader to read, list", "reader to read")}
role trainee
permit trainees: trainee to list Loan
`;

function snapshotWith(north: string) {
  const files = { "library.ward": model, "platform.ward": platform, "north.ward": north };
  const sources = Object.entries(files).map(([name, text]) => ({ name, text }));
  return snapshotOf(projectByHeader(sources, "wardline.config.json") as Project);
}

test.each(["read", "list", "update"])("who can %s", async (action) => {
  const snapshot = snapshotWith(wider);
  const folder = projectFolder({ "north.ward": wider });
  const ran = await run(folder, ["who-can", action, "Loan", "--tenant", "north", "--format", "json"]);
  const printed = (JSON.parse(ran.out) as { readonly access: readonly Access[] }).access;
  const axes = accessAxes(snapshot, "north");
  const column = accessCells(snapshot, "north", action, "Loan");
  if ("refused" in axes || "refused" in column) expect.fail("refused");
  expect(printed.length).toBeGreaterThan(1);
  for (const one of printed) {
    const row = axes.who.find(
      ({ principal, role, home }) =>
        principal === one.principal && home === one.home && role === (one.roles[0] ?? null),
    );
    const cell = column.cells.find(({ who }) => who === row?.id);
    expect(cell).toMatchObject({
      access: one.access,
      certain: one.certain,
      tries: one.tries,
      rules: one.rules,
    });
    expect(cell?.permitted?.request ?? null).toEqual(one.permitted);
    expect(cell?.refused?.request ?? null).toEqual(one.refused);
  }
});

test("a review is what `diff` prints", async () => {
  const folder = projectFolder({ "north.ward": policy });
  for (const version of ["one", "two"])
    for (const file of ["wardline.config.json", "library.ward", "platform.ward", "north.ward"])
      cpSync(join(folder, file), join(folder, version, file));
  writeFileSync(join(folder, "two", "north.ward"), wider);
  const gated = ["--gate", "no-new-access", "--gate", "no-lost-access"];
  const ran = await run(folder, ["diff", "one", "two", "--format", "json", ...gated]);
  const printed = JSON.parse(ran.out) as {
    readonly tenants: readonly [
      {
        readonly differences: readonly {
          readonly witness: unknown;
          readonly kind: string;
          readonly seen: number;
        }[];
        readonly tried: number;
      },
    ];
    readonly gates: readonly {
      readonly gate: string;
      readonly passed: boolean;
      readonly reasons: readonly string[];
    }[];
  };
  const versions = { before: { "north.ward": policy }, after: {} };
  const reviewed = reviewAccess(snapshotWith(wider), "north", versions, 0, () => 0);
  if ("refused" in reviewed) expect.fail(reviewed.refused);
  const [{ differences, tried }] = printed.tenants;
  expect(differences.length).toBeGreaterThan(3);
  expect(reviewed.next).toBeNull();
  expect(reviewed.tried).toBe(tried);
  expect(reviewed.changes.map(({ kind, request, seen }) => ({ kind, witness: request, seen }))).toEqual(
    differences.map(({ kind, witness, seen }) => ({ kind, witness, seen })),
  );
  expect(reviewed.gates).toEqual(printed.gates);
});

test("a bundle is what `build` writes, byte for byte", async () => {
  const folder = projectFolder({ "north.ward": wider });
  expect(await run(folder, ["build", "--out", "out"])).toMatchObject({ code: 0 });
  const bundle = await handlers["wardline/bundle"](
    snapshotWith(wider),
    { tenant: "north" },
    { uriOf: String, isCancelled: () => false },
  );
  if ("refused" in bundle) expect.fail(bundle.refused);
  expect(bundle.files).toHaveLength(7);
  for (const { name, sha256 } of bundle.files) {
    const written = readFileSync(join(folder, "out/north", name));
    expect([name, createHash("sha256").update(written).digest("hex")]).toEqual([name, sha256]);
  }
});
