import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { policy, projectFolder, run } from "./project.ts";

const request = (borrower: string) => ({
  tenant: { id: "north" },
  principal: { type: "Member", id: "ada", tenant: "north", roles: ["reader"], attributes: { level: 1 } },
  action: { name: "read" },
  resource: { type: "Loan", id: "1", tenant: "north", attributes: { borrower, title: "Emma", fee: "0.00" } },
});
const decide = ["decide", "--tenant", "north", "--request"];

test("prints the decision, its rule and where the rule stands", async () => {
  const folder = projectFolder();
  writeFileSync(join(folder, "request.json"), JSON.stringify(request("ada")));
  const ran = await run(folder, [...decide, "request.json"]);
  expect(ran).toEqual({ code: 0, out: "permit\n  by north/own (north.ward:3)\n", err: "" });
});

test("reads standard input, prints JSON, and exits 5 on a deny when asked to", async () => {
  const ran = await run(
    projectFolder(),
    [...decide, "-", "--format", "json", "--exit-decision"],
    JSON.stringify(request("bo")),
  );
  expect(ran.code).toBe(5);
  expect(JSON.parse(ran.out)).toEqual({ outcome: "deny", rules: [], obligations: [], reason: "not_granted" });
});

test("says what of a request is improper", async () => {
  const asked = request("ada");
  const improper = {
    ...asked,
    principal: { ...asked.principal, attributes: {} },
    resource: { ...asked.resource, attributes: { title: 1 } },
  };
  const ran = await run(projectFolder(), [...decide, "-"], JSON.stringify(improper));
  expect(ran.code).toBe(0);
  expect(ran.out).toMatch(/^deny: invalid_input\n/);
  expect(ran.out).toContain("  principal.attributes.level: expected Int(0..5), found nothing\n");
  expect(ran.out).toContain(
    "  resource.attributes.borrower: expected the id of a Member, a string, found nothing\n",
  );
});

test("another tenant's request is refused, never answered", async () => {
  const other = { ...request("ada"), tenant: { id: "south" } };
  const ran = await run(projectFolder(), [...decide, "-"], JSON.stringify(other));
  expect(ran).toMatchObject({ code: 2, out: "" });
  expect(ran.err).toContain("the request is for tenant `south`");
});

test("a policy with an error decides nothing", async () => {
  const folder = projectFolder({ "north.ward": policy.replace("resource.borrower", "resource.borower") });
  const ran = await run(folder, [...decide, "-"], JSON.stringify(request("ada")));
  expect(ran.code).toBe(1);
  expect(ran.out).toBe("");
  expect(ran.err).toContain("`borrower`");
});

test.each([
  [["decide", "--tenant", "south", "--request", "-"], "no tenant `south`"],
  [[...decide, "nowhere.json"], "there is no request file"],
  [[...decide, "."], "cannot be read"],
  [[...decide, "-"], "is not JSON"],
  [["decide"], "--tenant"],
])("%j exits 2", async (args, words) => {
  const ran = await run(projectFolder(), args, "{");
  expect(ran.code).toBe(2);
  expect(ran.err).toContain(words);
});

test("without a configuration it says that files are taken at their header's word", async () => {
  const ran = await run(
    projectFolder({ "wardline.config.json": null }),
    [...decide, "-"],
    JSON.stringify(request("ada")),
  );
  expect(ran.code).toBe(0);
  expect(ran.err).toContain("no wardline.config.json");
});
