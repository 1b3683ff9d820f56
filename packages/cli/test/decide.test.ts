import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
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
  [["decide", "--tenant", "nort", "--request", "-"], "did you mean `north`?"],
  [["decide", "--tenant", "north"], "nothing is asked"],
  [[...decide, "-", "--ask", "Member to read Loan"], "cannot be used with"],
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

describe("--ask, in the words of the tests", () => {
  const ask = (...args: string[]) => run(projectFolder(), ["decide", "--tenant", "north", ...args]);
  const mine =
    'Member "ada" { roles: [reader], level: 1 } to read Loan { borrower: Member "ada", title: "Emma", fee: 1.00 }';

  test("is answered as the document would be", async () => {
    expect(await ask("--ask", mine)).toEqual({
      code: 0,
      out: "permit\n  by north/own (north.ward:3)\n",
      err: "",
    });
    expect((await ask("--ask", mine.replace('Member "ada",', 'Member "bo",'), "--exit-decision")).code).toBe(
      5,
    );
  });

  test("names can be given, and facts", async () => {
    const ran = await ask(
      "--let",
      "ada = Member { roles: [reader], level: 1 }",
      "--given",
      "context { mfa: true }",
      "--given",
      "now 2026-01-05T23:30:00Z",
      "--ask",
      'ada to list Loan { borrower: ada, title: "Emma", fee: 1.00 }',
    );
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(ran.out).toMatch(/^permit\n/);
  });

  test("a mistake in a fact is one mistake", async () => {
    const ran = await ask("--given", "context { mfa: }", "--ask", mine);
    expect(ran).toMatchObject({ code: 2, out: "" });
    expect(ran.err.match(/^error/gm)).toEqual(["error"]);
    expect(ran.err).toContain("expected a name, a value, an entity or a list");
  });

  test("an update may say what becomes of the row", async () => {
    const words = 'Member { roles: [librarian], level: 3 } to update Loan { title: "a" }';
    const ran = await ask("--ask", `${words} to { title: "b" }`);
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect((await ask("--ask", `${words} to { titel: "b" }`)).err).toContain("did you mean `title`?");
  });

  test("what the answer depends on must be said", async () => {
    const ran = await ask("--ask", "Member { roles: [librarian] } to read Loan { }");
    expect(ran).toMatchObject({ code: 2, out: "" });
    expect(ran.err).toContain("depends on `level` of the Member, which is not said");
  });

  test.each([
    ["a role that is not there", mine.replace("reader", "raeder"), "did you mean `reader`?"],
    ["no sentence", "Member", "expected `to`"],
    ["an action that is not there", mine.replace("to read", "to raed"), "did you mean `read`?"],
    [
      "a second statement",
      `${mine} } permit evil: anyone to read Loan test "x" { expect permit ${mine}`,
      "--ask is one question",
    ],
    ["a second expectation", `${mine} expect permit ${mine}`, "--ask is one question"],
    ["an answer", `${mine} by own`, "--ask is one question"],
    ["a list", "Member to list Loan over [] gives []", "found `over`"],
  ])("%s exits 2", async (_, words, said) => {
    const ran = await ask("--ask", words);
    expect(ran).toMatchObject({ code: 2, out: "" });
    expect(ran.err).toContain(said);
  });

  test("an error of the policy exits 1", async () => {
    const folder = projectFolder({ "north.ward": policy.replace("resource.borrower", "resource.borower") });
    const ran = await run(folder, ["decide", "--tenant", "north", "--ask", mine]);
    expect(ran).toMatchObject({ code: 1, out: "" });
  });
});

test("a question may name the roles of the tenant", async () => {
  const folder = projectFolder({
    "north.ward": `${policy}\nrole guest\n\npermit guests: guest to read Loan\n`,
  });
  const words =
    'Member { roles: [guest], level: 1 } to read Loan { borrower: Member "x", title: "a", fee: 1.00 }';
  const ran = await run(folder, ["decide", "--tenant", "north", "--ask", words]);
  expect(ran.out).toMatch(/^permit\n {2}by north\/guests /);
});
