/** What a policy becomes: the texts name their rules' places, the SQL is that of one person, the module decides as the policy means. */
import { expect, test } from "vitest";
import {
  bundleArtefact,
  fileArtefact,
  irArtefact,
  regoArtefact,
  sqlArtefact,
  sqlText,
  wasmArtefact,
} from "../src/artefacts/index.ts";
import { accessCells, type SqlArtefact } from "../src/index.ts";
import { lending, policy } from "./lending.ts";

const snapshot = lending();

function answered<Answer extends object>(answer: Answer | { readonly refused: string }): Answer {
  if ("refused" in answer) expect.fail(answer.refused);
  return answer;
}

function sqlOf(who: string, action: string, resource: string): SqlArtefact {
  const { cells } = answered(accessCells(snapshot, "north", action, resource));
  const cell = cells.find((one) => one.who === who) ?? expect.fail(`no ${who}`);
  const { request } = cell.permitted ?? cell.refused ?? expect.fail("no witness");
  return answered(sqlArtefact(snapshot, "north", request));
}

test.each([
  ["rego", regoArtefact],
  ["sql", sqlText],
])("each place in the %s is that of the rule whose words stand there", (_, artefact) => {
  const { text, places } = answered(artefact(snapshot, "north"));
  expect(new Set(places.map(({ rule }) => rule))).toContain("north/desk");
  expect(places.length).toBeGreaterThan(3);
  for (const { line, rule, file, fileLine } of places) {
    expect(text.split("\n")[line - 1]).toContain(rule);
    const stands = (snapshot.text(file) ?? "").split("\n")[fileLine - 1];
    expect(stands).toContain(` ${rule.slice(rule.indexOf("/") + 1)}:`);
  }
});

test("the view of somebody who may see rows has what is known of them folded in, and values apart", () => {
  const { parts, facts } = sqlOf("Member reader", "read", "Loan");
  const [view] = parts;
  expect(parts).toHaveLength(1);
  expect(view?.says).toBe("This person sees the rows for which the condition holds.");
  expect(view?.text).toMatch(/FROM loans AS t\nWHERE t\.tenant_id = \$\d+::text/);
  expect(view?.text).not.toContain("librarian");
  expect(view?.text).not.toContain("'");
  expect(view?.places.map(({ rule }) => rule)).toEqual(["north/own"]);
  const used = [...new Set([...(view?.text ?? "").matchAll(/\$(\d+)/g)].map(([name]) => name))].toSorted();
  expect(view?.parameters.map(({ name }) => name).toSorted()).toEqual(used);
  expect(view?.parameters.map(({ value }) => value)).toContain("north (the tenant)");
  expect(facts.find(({ name }) => name === "principal.roles")?.value).toBe('["reader"]');
});

test("who may see nothing has a view without rows", () => {
  const { parts } = sqlOf("Member", "read", "Letter");
  expect(parts[0]?.says).toBe("This person sees no row.");
  expect(parts[0]?.text).toContain("AND FALSE");
});

test("a write asks something of the row as it is and as it would be", () => {
  const { parts } = sqlOf("Member librarian", "update", "Loan");
  expect(parts.map(({ title }) => title)).toEqual(["Of the row as it is", "Of the row as it would be"]);
  expect(parts[0]?.text).toContain("t.lost");
  expect(parts[0]?.places.map(({ rule }) => rule)).toEqual(["platform/lost_stays"]);
});

test("the module decides each request as the policy means, and asks its host for nothing but memory and an abort", async () => {
  const module = answered(await wasmArtefact(snapshot, "north"));
  expect(module.asked).toBeGreaterThan(50);
  expect(module.alike).toBe(module.asked);
  expect(module.imports.toSorted()).toEqual(["env.memory: memory", "env.opa_abort: function"]);
  expect(module.exports).toContain("opa_eval: function");
  expect(module.withLists).toBeGreaterThan(module.size);
  expect(module.gzip).toBeLessThan(module.size);
  expect(module.sha256).toMatch(/^[0-9a-f]{64}$/);
});

test("the files of a bundle can be taken along one by one or together, and are what its manifest says", async () => {
  const bundle = answered(await bundleArtefact(snapshot, "north"));
  const manifest = JSON.parse(bundle.manifest) as {
    readonly metadata: { readonly wardline: { readonly files: Readonly<Record<string, object>> } };
  };
  for (const { name, sha256, size } of bundle.files.filter((one) => one.name !== ".manifest"))
    expect(manifest.metadata.wardline.files[name]).toEqual({ sha256, size });
  const module = answered(await wasmArtefact(snapshot, "north"));
  expect(bundle.files.find(({ name }) => name === "policy.wasm")?.sha256).toBe(module.sha256);
  for (const { name, size } of [...bundle.files, bundle.archive]) {
    const file = answered(await fileArtefact(snapshot, "north", name));
    expect(Buffer.from(file.base64, "base64")).toHaveLength(size);
  }
  expect(await fileArtefact(snapshot, "north", "../x")).toEqual({ refused: "The bundle has no file ../x." });
});

test("the program is JSON with all rules", () => {
  const { text } = answered(irArtefact(snapshot, "north"));
  const program = JSON.parse(text) as { readonly rules: readonly { readonly id: string }[] };
  expect(program.rules.map(({ id }) => id)).toContain("north/desk");
});

test("of a policy that does not compile there is none, and it says why", async () => {
  const broken = lending(`${policy}\npermit\n`);
  const request = { tenant: { id: "north" } } as never;
  const answers = [
    regoArtefact(broken, "north"),
    sqlText(broken, "north"),
    sqlArtefact(broken, "north", request),
    await wasmArtefact(broken, "north"),
    await bundleArtefact(broken, "north"),
    irArtefact(broken, "north"),
  ];
  for (const answer of answers)
    expect(answer).toEqual({ refused: expect.stringContaining("The policy of north has") as string });
});

test("a request that is none is refused with a sentence", () => {
  for (const request of [
    {},
    { principal: null },
    { principal: { type: "Nobody" }, action: { name: "read" }, resource: { type: "Loan" } },
  ])
    expect(sqlArtefact(snapshot, "north", request as never)).toHaveProperty("refused");
});
