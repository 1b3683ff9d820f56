import { compileProject } from "@wardline/compiler/project";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { evaluate } from "@wardline/core";
import { describe, expect, test } from "vitest";
import { readProject } from "../src/project/project.ts";
import { policy, projectFolder, run } from "./project.ts";

const guarded = `${policy}
forbid large: reader to read Loan
  when resource.fee >= 100.00
  because "large fees are for the desk"
`;
const explain = (args: readonly string[], text = guarded) =>
  run(projectFolder({ "north.ward": text }), ["explain", "--tenant", "north", ...args]);
const ask = (borrower: string, fee: string) =>
  `Member "ada" { roles: [reader], level: 1 } to read Loan { borrower: Member "${borrower}", title: "Emma", fee: ${fee} }`;

test("a deny names each permit, and the part of it that failed, with the values", async () => {
  expect(await explain(["--ask", ask("bo", "1.00")])).toEqual({
    code: 0,
    err: "",
    out: `deny: not_granted
  no permit matches: north/desk (north.ward:6), north/own (north.ward:3)
  would be permitted if \`resource.borrower == principal\` were true (north.ward:4)

ceiling platform/all (platform.ward:3) lets it through

permit north/desk (north.ward:6) does not match
  fails  principal has role librarian
         principal.roles is ["reader"]
  fails  principal.level >= 3 (north.ward:7:8)
         principal.level is 1

permit north/own (north.ward:3) does not match
  fails  resource.borrower == principal (north.ward:4:8)
         principal is Member "ada", resource.borrower is Member "bo"
`,
  });
});

test("the nearest miss says what would have to be otherwise, and json has its request", async () => {
  const { out } = await explain(["--ask", ask("bo", "1.00")]);
  expect(out).toContain(
    "\n  would be permitted if `resource.borrower == principal` were true (north.ward:4)\n",
  );
  const { out: json } = await explain(["--format", "json", "--ask", ask("bo", "1.00")]);
  const { nearest_miss } = JSON.parse(json) as {
    nearest_miss: { towards: string; misses: { decision: { outcome: string }; request: unknown }[] };
  };
  expect(nearest_miss.towards).toBe("permit");
  expect(nearest_miss.misses[0]).toMatchObject({
    decision: { outcome: "permit" },
    request: { resource: { attributes: { borrower: "ada" } } },
  });
});

test("a forbid says why, and a permit that matched all the same is shown", async () => {
  const { out } = await explain(["--ask", ask("ada", "250.00")]);
  expect(out).toMatch(/^deny: forbidden\n/);
  expect(out).toContain(
    'forbid north/large (north.ward:10) forbids it, because "large fees are for the desk"',
  );
  expect(out).toContain("permit north/own (north.ward:3) matches, and a forbid stops it");
});

test("--all shows what holds too, and rules that had no say", async () => {
  const { out } = await explain(["--all", "--ask", ask("ada", "1.00")]);
  expect(out).toMatch(/^permit\n/);
  expect(out).toContain("forbid north/large (north.ward:10) does not match");
  expect(out).toMatch(/permit north\/own .* grants it\n {2}holds /);
  expect((await explain(["--ask", ask("ada", "1.00")])).out).not.toContain("north/large");
});

test("an update is explained for both rows", async () => {
  const words = ask("ada", "1.00").replace("to read", "to update");
  const { out } = await explain(["--ask", words]);
  expect(out).toContain("\nthe row as it is:\n");
  expect(out).toContain("\nthe row as it would be:\n");
});

test("json is the explanation, and decides as the program does", async () => {
  const folder = projectFolder({ "north.ward": guarded });
  const request = {
    tenant: { id: "north" },
    principal: { type: "Member", id: "ada", tenant: "north", roles: ["reader"], attributes: { level: 1 } },
    action: { name: "read" },
    resource: {
      type: "Loan",
      id: "1",
      tenant: "north",
      attributes: { borrower: "bo", title: "Emma", fee: "0.00" },
    },
  };
  writeFileSync(join(folder, "request.json"), JSON.stringify(request));
  const ran = await run(folder, [
    "explain",
    "--tenant",
    "north",
    "--request",
    "request.json",
    "--format",
    "json",
  ]);
  const document = JSON.parse(ran.out) as { formatVersion: number; decision: unknown; passes: unknown[] };
  const program = compileProject(readProject(folder, ".")).programs.get("north") ?? expect.fail("no program");
  expect(document.formatVersion).toBe(1);
  expect(document.decision).toEqual(evaluate(program, request));
  expect(document.passes).toHaveLength(1);
});

test("what is improper is said", async () => {
  const folder = projectFolder();
  const ran = await run(
    folder,
    ["explain", "--tenant", "north", "--request", "-"],
    '{"tenant":{"id":"north"}}',
  );
  expect(ran.out).toMatch(/^deny: invalid_input\n {2}the request is improper: /);
});

describe("exit codes", () => {
  test("5 for what is not permitted, where it is asked for", async () => {
    expect((await explain(["--exit-decision", "--ask", ask("bo", "1.00")])).code).toBe(5);
    expect((await explain(["--exit-decision", "--ask", ask("ada", "1.00")])).code).toBe(0);
  });

  test("1 for a policy with an error, 2 for a question with one", async () => {
    const words = ask("ada", "1.00");
    expect((await explain(["--ask", words], guarded.replace("fee >=", "fees >="))).code).toBe(1);
    expect((await explain(["--ask", words.replace("read", "raed")])).code).toBe(2);
    expect((await explain([])).code).toBe(2);
  });
});
