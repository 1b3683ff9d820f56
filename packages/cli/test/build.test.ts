import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadWasmPolicy, openBundle } from "@wardline/backends";
import { expect, test } from "vitest";
import { model, platform, policy, projectFolder, run } from "./project.ts";

const names = [
  ".manifest",
  "data.json",
  "ir.json",
  "policy.rego",
  "policy.sql",
  "policy.wasm",
  "source-map.json",
];
const contents = (folder: string) =>
  Object.fromEntries(
    names.map((name) => [name, readFileSync(join(folder, "out/north", name)).toString("base64")]),
  );

test("writes one bundle a tenant, the same bytes each time, over its own output", async () => {
  const folder = projectFolder();
  const first = await run(folder, ["build", "--out", "out"]);
  expect(first).toEqual({ code: 0, out: "1 bundle in out: north\n", err: "" });
  expect(readdirSync(join(folder, "out/north")).toSorted()).toEqual(names);
  const before = contents(folder);
  expect((await run(folder, ["build", "--out", "out"])).code).toBe(0);
  expect(contents(folder)).toEqual(before);
});

test("writes the same bytes wherever it is built from", async () => {
  const folder = projectFolder();
  await run(folder, ["build", "--out", "out"]);
  const before = contents(folder);
  await run(join(folder, ".."), ["build", folder, "--out", join(folder, "out")]);
  expect(contents(folder)).toEqual(before);
});

test("with --lists the module answers lists, the manifest says so, and a reader opens it", async () => {
  const folder = projectFolder();
  expect((await run(folder, ["build", "--out", "out", "--lists"])).code).toBe(0);
  const files = new Map(names.map((name) => [name, readFileSync(join(folder, "out/north", name))]));
  const opened = await openBundle(files, { tenant: "north" });
  if ("error" in opened) throw new Error(opened.error.message);
  expect(opened.manifest.metadata.wardline.entrypoints).toEqual([
    "wardline/decision",
    "wardline/allow",
    "wardline/filter",
  ]);
  const asked = new TextEncoder().encode(
    JSON.stringify({ action: { name: "read" }, resource: { type: "Loan" } }),
  );
  expect(loadWasmPolicy(opened.wasm).filter(asked)).toEqual({ refused: "invalid_input" });
  await run(folder, ["build", "--out", "out"]);
  const plain = readFileSync(join(folder, "out/north/policy.wasm"));
  expect(() => loadWasmPolicy(plain).filter(asked)).toThrow("compiled without lists");
});

test("with an error nothing is written, and what was there stays", async () => {
  const folder = projectFolder();
  await run(folder, ["build", "--out", "out"]);
  const before = contents(folder);
  writeFileSync(join(folder, "north.ward"), policy.replace("resource.borrower", "resource.borower"));
  const ran = await run(folder, ["build", "--out", "out"]);
  expect(ran.code).toBe(1);
  expect(ran.err).toContain("nothing was built");
  expect(contents(folder)).toEqual(before);
  expect((await run(folder, ["build", "--out", "fresh"])).code).toBe(1);
  expect(existsSync(join(folder, "fresh"))).toBe(false);
  expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
});

test.each([
  [
    "a shared entity",
    {
      "library.ward": model
        .replace(
          "entity Loan",
          "entity Country shared stored in countries {\n  name: String\n}\n\nentity Loan",
        )
        .replace("reads Loan", "reads Loan, Country"),
    },
  ],
  ["a floor", { "platform.ward": `${platform}floor own: Member to read Loan\n` }],
  [
    "a rule that compares a row with itself",
    {
      "north.ward": `${policy}\nforbid fees: anyone to update Loan\n  when next.fee != prior.fee\n`,
    },
  ],
])("%s is built for every target", async (_, files) => {
  expect(await run(projectFolder(files), ["build", "--out", "out"])).toMatchObject({ code: 0, err: "" });
});

test("a folder with files of others is left alone", async () => {
  const folder = projectFolder();
  mkdirSync(join(folder, "out"));
  writeFileSync(join(folder, "out/thesis.txt"), "years of work");
  const ran = await run(folder, ["build", "--out", "out"]);
  expect(ran.code).toBe(2);
  expect(readFileSync(join(folder, "out/thesis.txt"), "utf8")).toBe("years of work");
});

test("a file in the place of the folder is left alone", async () => {
  const folder = projectFolder({ out: "a file" });
  const ran = await run(folder, ["build", "--out", "out"]);
  expect(ran.code).toBe(2);
  expect(ran.err).toContain("is a file");
  expect(readFileSync(join(folder, "out"), "utf8")).toBe("a file");
});

test.each([
  [["build", "--revision", "0"], {}],
  [["build"], { "wardline.config.json": null }],
])("%j exits 2", async (args, files) => {
  expect((await run(projectFolder(files), args)).code).toBe(2);
});
