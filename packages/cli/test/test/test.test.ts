/** `wardline test`: which tests are run, and what is said of them. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { platform, policy, projectFolder, run } from "../project.ts";

const good = `
test "own loans" {
  let ada = Member { roles: [reader], level: 1 }
  expect permit ada to read Loan { borrower: ada, title: "Emma", fee: 1.00 } by own
}
`;
const bad = `
test "everything is open" {
  let bo = Member { roles: [reader], level: 1 }
  expect permit bo to read Loan { borrower: Member "x", title: "Emma", fee: 1.00 }
  expect deny bo to read Loan { borrower: bo, title: "Emma", fee: 1.00 } as not_granted
}
`;
const ofPlatform = `
test "nobody else" {
  expect deny Member { roles: [reader], level: 1 } to read Loan { borrower: Member "x", title: "a", fee: 1.00 } as not_granted
}
`;
const tested = (text: string) => projectFolder({ "north.ward": policy + text });

test("tests that hold exit 0, and are counted", async () => {
  expect(await run(tested(good), ["test"])).toEqual({ code: 0, out: "1 test passed\n", err: "" });
});

test("a test that fails exits 3, at the expectation, with the reason", async () => {
  const ran = await run(tested(good + bad), ["test"]);
  expect(ran).toMatchObject({ code: 3, err: "" });
  expect(ran.out).toContain('error: test "everything is open" of north fails');
  expect(ran.out).toContain("north.ward:17:3");
  expect(ran.out).toContain("expected permit, and it is deny as not_granted");
  expect(ran.out).toContain("expected deny, and it is permit by north/own");
  expect(ran.out).toMatch(/\n1 of 2 tests failed\n$/);
});

test("the platform's tests run once, without any tenant's rules", async () => {
  const config = JSON.stringify({
    model: "library.ward",
    platform: ["platform.ward"],
    tenants: { north: "north.ward", south: "south.ward" },
  });
  const folder = projectFolder({
    "wardline.config.json": config,
    "platform.ward": platform + ofPlatform,
    "north.ward": policy + good,
    "south.ward": policy.replace("policy north", "policy south") + good,
  });
  const { out } = await run(folder, ["test", "--format", "json"]);
  const { tests } = JSON.parse(out) as { tests: { tenant: string | null; title: string }[] };
  expect(tests.map(({ tenant, title }) => [tenant, title])).toEqual([
    [null, "nobody else"],
    ["north", "own loans"],
    ["south", "own loans"],
  ]);
  expect((await run(folder, ["test", "south.ward"])).out).toBe("1 test passed\n");
});

test("a policy with an error runs no test, and exits 1", async () => {
  const ran = await run(tested(`${good}permit x: raeder to read Loan\n`), ["test"]);
  expect(ran.code).toBe(1);
  expect(ran.out).toContain("`reader`");
  expect(ran.out).toContain("tests of a policy with an error are not run: 1 error");
});

describe("--filter", () => {
  test("runs what holds the text, in whatever case", async () => {
    const ran = await run(tested(good + bad), ["test", "--filter", "OWN"]);
    expect(ran).toEqual({ code: 0, out: '1 test whose title holds "OWN" passed\n', err: "" });
  });

  test("that nothing holds exits 2: nothing was tested", async () => {
    const ran = await run(tested(good), ["test", "--filter", "nothing"]);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain("no test has a title that holds `nothing`");
  });
});

test("--watch runs again after a change", async () => {
  const folder = tested(good);
  let text = "";
  let interrupt = () => {};
  const ended = run(folder, ["test", "--watch"], "", {
    out: (part) => (text += part),
    err: (part) => (text += part),
    onInterrupt: (callback) => {
      interrupt = callback;
      return () => {};
    },
  });
  await expect.poll(() => text).toContain("1 test passed\nwatching");
  writeFileSync(join(folder, "north.ward"), policy + good + bad);
  await expect.poll(() => text).toContain("1 of 2 tests failed\nwatching");
  interrupt();
  expect((await ended).code).toBe(0);
});

describe("formats", () => {
  test.each(["pretty", "plain", "compact", "github", "junit"])("%s tells of the failure", async (format) => {
    const ran = await run(tested(bad), ["test", "--format", format]);
    expect(ran.code).toBe(3);
    expect(ran.out).toContain("everything is open");
    expect(ran.out).toContain("expected permit, and it is deny as not_granted");
  });

  test("json fits its published schema", async () => {
    const schema = new URL("../../../../docs/spec/test-report.schema.json", import.meta.url);
    const fits = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(
      JSON.parse(readFileSync(schema, "utf8")) as object,
    );
    for (const text of [good, bad, "", `${bad}permit x: raeder to read Loan\n`]) {
      const { out } = await run(tested(text), ["test", "--format", "json"]);
      expect(fits(JSON.parse(out)), JSON.stringify(fits.errors)).toBe(true);
    }
    expect(fits({ formatVersion: 1, tests: [] })).toBe(false);
  });

  test("junit has a suite for each tenant, and an error that kept tests from running", async () => {
    const { out } = await run(tested(`${bad}permit x: raeder to read Loan\n`), ["test", "--format", "junit"]);
    expect(out).toContain('<testsuites name="wardline test" tests="1" failures="0" errors="1">');
    const { out: failed } = await run(tested(good + bad), ["test", "--format", "junit"]);
    expect(failed).toContain('<testsuite name="north" tests="2" failures="1" errors="0">');
  });

  test("there is no sarif of tests", async () => {
    expect((await run(tested(good), ["test", "--format", "sarif"])).code).toBe(2);
    expect((await run(tested(good), ["test", "--out", "sarif:x"])).code).toBe(2);
  });
});

describe("what tests reach", () => {
  test("rules, branches and conditions that no test has seen are named", async () => {
    const { code, out } = await run(tested(good), ["test", "north.ward", "--coverage"]);
    expect(code).toBe(0);
    expect(out).toMatch(
      /coverage of north: rules 50 % \(1 of 2\), branches \d+ % \(2 of 4\), conditions \d+ %/,
    );
    expect(out).toContain("no test sees north/own not apply");
    const both = `${good}\ntest "others' loans" {
  let ada = Member { roles: [reader], level: 1 }
  expect deny ada to read Loan { borrower: Member "x", title: "Emma", fee: 1.00 } as not_granted
}
`;
    expect((await run(tested(both), ["test", "north.ward", "--coverage"])).out).toContain(
      "branches 75 % (3 of 4)",
    );
  });

  test("faults that no test notices are named, and those that one notices are not", async () => {
    const { out } = await run(tested(good), ["test", "north.ward", "--mutate"]);
    expect(out).toMatch(/mutation score of north: \d+ % \(\d+ of \d+ faults noticed/);
    expect(out).not.toContain("north/own (north.ward:3) is gone");
    expect(out).toMatch(/no test notices: north\/own .* without `/);
  });

  test("--min exits 3 below it, and only measures what it is asked to", async () => {
    const folder = tested(good);
    expect((await run(folder, ["test", "north.ward", "--coverage", "--min", "20"])).code).toBe(0);
    expect((await run(folder, ["test", "north.ward", "--coverage", "--min", "99"])).code).toBe(3);
    expect((await run(folder, ["test", "--min", "50"])).code).toBe(2);
    expect((await run(folder, ["test", "--coverage", "--min", "lots"])).code).toBe(2);
  });

  test("the report has it too", async () => {
    const { out } = await run(tested(good), [
      "test",
      "north.ward",
      "--coverage",
      "--mutate",
      "--format",
      "json",
    ]);
    const document = JSON.parse(out) as {
      measured: { tenant: string; coverage: object; mutation: object }[];
    };
    const schema = new URL("../../../../docs/spec/test-report.schema.json", import.meta.url);
    const fits = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(
      JSON.parse(readFileSync(schema, "utf8")) as object,
    );
    expect(fits(document), JSON.stringify(fits.errors)).toBe(true);
    expect(document.measured.map(({ tenant }) => tenant)).toEqual(["north"]);
  });

  test("beside a test that fails no faults are made", async () => {
    const { code, out } = await run(tested(good + bad), ["test", "north.ward", "--mutate"]);
    expect(code).toBe(3);
    expect(out).not.toContain("mutation score");
  });
});
