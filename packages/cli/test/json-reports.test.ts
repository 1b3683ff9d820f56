/** What commands print as JSON fits its published schema and says its version. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { policy, projectFolder, run } from "./project.ts";
import { schemaOf } from "./schema.ts";

const guarded = `${policy}
forbid large: reader to read Loan
  when resource.fee >= 100.00 or (resource.fee < 0.00 and resource.title == "x")
  because "large fees are for the desk"
`;
const loan = (borrower: string, fee: string) =>
  `Loan { borrower: Member "${borrower}", title: "Emma", fee: ${fee} }`;
const asked = [
  `Member "ada" { roles: [reader], level: 1 } to read ${loan("bo", "1.00")}`,
  `Member "ada" { roles: [reader], level: 1 } to read ${loan("ada", "250.00")}`,
  `Member "ada" { roles: [librarian], level: 4 } to update ${loan("ada", "1.00")}`,
  `Member "ada" { level: 1, tenant: "south" } to list ${loan("ada", "1.00")}`,
];

async function printed(args: readonly string[], stdin = ""): Promise<unknown> {
  const ran = await run(projectFolder({ "north.ward": guarded }), [...args, "--format", "json"], stdin);
  expect(ran).toMatchObject({ code: 0, err: "" });
  return JSON.parse(ran.out);
}

describe("explain", () => {
  const fits = schemaOf("explanation");
  const holds = (document: unknown) => expect(fits(document), JSON.stringify(fits.errors)).toBe(true);

  test.each(asked)("%s", async (words) => {
    holds(await printed(["explain", "--tenant", "north", "--ask", words]));
  });

  test("a request that is no request", async () => {
    holds(await printed(["explain", "--tenant", "north", "--request", "-"], '{"tenant":{"id":"north"}}'));
  });

  test("the schema is not lenient", () => {
    expect(fits({ formatVersion: 1 })).toBe(false);
  });
});

describe("who-can and what-can", () => {
  const fits = schemaOf("access-report");

  test.each([
    ["who-can", "read", "Loan"],
    ["what-can", "Member", "--roles", "reader"],
  ])("%s", async (...args) => {
    const document = await printed([...args, "--tenant", "north"]);
    expect(fits(document), JSON.stringify(fits.errors)).toBe(true);
    expect(fits({ ...(document as object), formatVersion: 2 })).toBe(false);
  });
});

test("config print", async () => {
  const fits = schemaOf("config-report");
  expect(fits(await printed(["config", "print"])), JSON.stringify(fits.errors)).toBe(true);
});

test("a baseline that is written", async () => {
  const folder = projectFolder({ "north.ward": policy.replace("resource.borrower", "resource.borower") });
  await run(folder, ["check", "--write-baseline", "known.json"]);
  const document = JSON.parse(readFileSync(join(folder, "known.json"), "utf8")) as { findings: unknown[] };
  const fits = schemaOf("baseline");
  expect(fits(document), JSON.stringify(fits.errors)).toBe(true);
  expect(document.findings).toHaveLength(1);
});

test("decide prints the decision document", async () => {
  const fits = schemaOf("decision");
  for (const words of asked)
    expect(fits(await printed(["decide", "--tenant", "north", "--ask", words]))).toBe(true);
});
