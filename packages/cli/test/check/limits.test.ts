/** Warnings alone are fine, up to a number. */
import { expect, test } from "vitest";
import { projectFolder, run } from "../project.ts";

const warned = { "platform.ward": "platform for library\n" };

test.each([
  [[], 0],
  [["--max-warnings", "0"], 1],
  [["--max-warnings", "1"], 0],
  [["--max-warnings", "1000"], 0],
  [["--max-warnings", "-1"], 2],
  [["--max-warnings", "some"], 2],
  [["--max-warnings", "1.5"], 2],
  [["--max-warnings"], 2],
])("one warning with %j exits %i", async (option, code) => {
  expect((await run(projectFolder(warned), ["check", ...option])).code).toBe(code);
});

test("too many are said, to people and to machines", async () => {
  const folder = projectFolder(warned);
  const people = await run(folder, ["check", "--max-warnings", "0"]);
  expect(people.out).toContain("1 warning of at most 0\n");
  const machines = await run(folder, ["check", "--max-warnings", "0", "--format", "json"]);
  expect(JSON.parse(machines.out)).toMatchObject({ passed: false });
  expect(machines.err).toBe("1 warning of at most 0\n");
});
