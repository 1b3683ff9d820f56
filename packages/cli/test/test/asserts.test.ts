/** `wardline test` tries to break the asserts. */
import { expect, test } from "vitest";
import { policy, projectFolder, run } from "../project.ts";

const held = `
assert readers_read: never permit reader to update Loan
  when principal.level < 3
  except desk
`;
const broken = `
assert nobody_updates: never permit anyone to update Loan
`;
const tested = (text: string) => projectFolder({ "north.ward": policy + text });

test("an assert that is not broken is said with the tries, and exits 0", async () => {
  const { code, out } = await run(tested(held), ["test"]);
  expect(code).toBe(0);
  expect(out).toMatch(/^1 assert of north: no counterexample in \d+ tries$/m);
  expect(out).not.toMatch(/proved|holds/);
});

test("an assert that is broken exits 3, with a request that the policy permits", async () => {
  const folder = tested(broken);
  const { code, out } = await run(folder, ["test"]);
  expect(code).toBe(3);
  expect(out).toContain("the assert north/nobody_updates does not hold for north");
  expect(out).toMatch(/Member .* to update Loan .*: permit by north\/desk/);
  expect(out).toContain("1 of 1 assert of north broken");
  const asked = /note: (Member .* to update Loan .*): permit/.exec(out)?.[1] ?? expect.fail(out);
  const [question = "", ...given] = asked.split(", given ");
  const again = ["decide", "--tenant", "north", "--ask", question, ...given.flatMap((g) => ["--given", g])];
  expect((await run(folder, again)).out).toMatch(/^permit\n/);
});

test("the reports for machines have the asserts", async () => {
  const json = await run(tested(held + broken), ["test", "--format", "json"]);
  const document = JSON.parse(json.out) as {
    passed: boolean;
    asserts: { id: string; tenant: string; tries: number; broken: { request: object } | null }[];
  };
  expect(document.passed).toBe(false);
  expect(document.asserts.map(({ id, broken: found }) => [id, found !== null])).toEqual([
    ["north/nobody_updates", true],
    ["north/readers_read", false],
  ]);
  const junit = await run(tested(broken), ["test", "--format", "junit"]);
  expect(junit.out).toContain('<testsuites name="wardline test" tests="1" failures="1" errors="0">');
  expect(junit.out).toContain('name="north/nobody_updates"');
});

test("--filter chooses asserts by their ids", async () => {
  expect((await run(tested(held + broken), ["test", "--filter", "readers_read"])).code).toBe(0);
  expect((await run(tested(held), ["test", "--filter", "nothing of the kind"])).code).toBe(2);
});
