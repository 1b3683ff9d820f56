/** What the configuration says of lints: in a check, and where a policy is used. */
import { expect, test } from "vitest";
import { policy, projectFolder, run } from "./project.ts";

const unused = `${policy}\nlet unused = principal.level >= 4\n`;
const project = (lints: Readonly<Record<string, string>>) =>
  projectFolder({
    "north.ward": unused,
    "wardline.config.json": JSON.stringify({
      model: "library.ward",
      platform: ["platform.ward"],
      tenants: { north: "north.ward" },
      lints,
    }),
  });

test.each([
  [{}, 0, "warning lint/unused-let"],
  [{ "lint/unused-let": "error" }, 1, "error lint/unused-let"],
  [{ "lint/unused-let": "warning" }, 0, "warning lint/unused-let"],
])("%j: a check exits %i and says %s", async (lints, code, words) => {
  const ran = await run(project(lints), ["check", "--format", "plain"]);
  expect(ran.code).toBe(code);
  expect(ran.out).toContain(words);
});

test("what is off is not found", async () => {
  const ran = await run(project({ "lint/unused-let": "off" }), ["check", "--format", "plain"]);
  expect(ran.out).not.toContain("lint/unused-let");
});

test.each([
  ["build", ["build"]],
  ["test", ["test"]],
  ["decide", ["decide", "--tenant", "north", "--ask", "Member { roles: [reader], level: 1 } to read Loan"]],
])("a lint that is an error stops %s, and one that is a warning does not", async (_, args) => {
  expect((await run(project({ "lint/unused-let": "error" }), args)).code).toBe(1);
  const ran = await run(project({}), args);
  expect(ran.err).not.toContain("lint/");
  expect(ran.code).not.toBe(1);
});
