/** Who can do what: every answer and every witness is what the oracle says, and what is said never to happen is searched for. */
import { whoText } from "@wardline/compiler/access";
import { evaluate, findTable, type Program } from "@wardline/core";
import { boundaryRequests, permitGoal, searchRequests, whoCan } from "@wardline/core/search";
import { describe, expect, test } from "vitest";
import {
  accessAxes,
  accessCells,
  searchAccess,
  type AccessAxes,
  type AccessCell,
  type AccessSearch,
  type Snapshot,
} from "../src/index.ts";
import { lending, policy } from "./lending.ts";

const snapshot = lending();
const axes = axesOf(snapshot);
const program = programIn(snapshot);

function axesOf(of: Snapshot): AccessAxes {
  const answer = accessAxes(of, "north");
  return "refused" in answer ? expect.fail(answer.refused) : answer;
}

function programIn(of: Snapshot): Program {
  return of.compiled("north")?.program ?? expect.fail("it does not compile");
}

function cellsOf(of: Snapshot, action: string, resource: string): readonly AccessCell[] {
  const answer = accessCells(of, "north", action, resource);
  return "refused" in answer ? expect.fail(answer.refused) : answer.cells;
}

function cell(who: string, action: string, resource: string): AccessCell {
  return cellsOf(snapshot, action, resource).find((one) => one.who === who) ?? expect.fail(`no row ${who}`);
}

test("the rows are each kind of principal, without a role and with each that it can hold, and from abroad where something is shared", () => {
  expect(axes.who.map(({ label }) => label)).toEqual([
    "Member without a role",
    "Member as reader",
    "Member as librarian",
    "Member as keeper",
    "Member as inspector",
    "Member without a role, of another tenant",
    "Member as reader, of another tenant",
    "Member as librarian, of another tenant",
    "Member as keeper, of another tenant",
    "Member as inspector, of another tenant",
    "Scanner without a role",
    "Scanner as inspector",
    "Scanner as gate",
    "Scanner without a role, of another tenant",
    "Scanner as inspector, of another tenant",
    "Scanner as gate, of another tenant",
  ]);
  expect(axes.columns.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
    "read Loan",
    "list Loan",
    "export Loan",
    "update Loan",
    "read Letter",
    "list Letter",
  ]);
});

test("a rule has its place, what it is for, and its own words", () => {
  const start = policy.indexOf("permit own");
  expect(axes.rules.find(({ id }) => id === "north/own")).toEqual({
    start,
    end: policy.indexOf("\n\npermit desk"),
    id: "north/own",
    kind: "permit",
    layer: "tenant",
    file: "north.ward",
    line: 4,
    because: null,
    doc: "What readers see of their own.",
    text: "permit own: reader to read, list Loan\n  when resource.borrower == principal",
  });
});

describe.each(axes.columns)("$action $resource", ({ action, resource }) => {
  const cells = cellsOf(snapshot, action, resource);
  const found = whoCan(program, action, resource, { seed: 1 });

  test("has an answer for each row, that of the search", () => {
    expect(cells.map(({ who }) => who)).toEqual(axes.who.map(({ id }) => id));
    for (const one of found) {
      const row = axes.who.find(({ label }) => label === whoText(one)) ?? expect.fail(whoText(one));
      const { access, certain, tries, rules } = one;
      expect(cells.find(({ who }) => who === row.id)).toMatchObject({ access, certain, tries, rules });
    }
  });

  test("each witness is decided as it says, and is of its row", () => {
    for (const one of cells) {
      const row = axes.who.find(({ id }) => id === one.who) ?? expect.fail(one.who);
      if (one.access === "never") expect(one.permitted).toBeNull();
      else expect(one.permitted).not.toBeNull();
      if (one.access === "sometimes") expect(one.refused).not.toBeNull();
      for (const [witness, isPermit] of [
        [one.permitted, true],
        [one.refused, false],
      ] as const) {
        if (witness === null) continue;
        expect(evaluate(program, witness.request).outcome === "permit").toBe(isPermit);
        expect(witness.request.principal).toMatchObject({
          type: row.principal,
          roles: row.role === null ? [] : [row.role],
        });
        expect(witness.request.principal.tenant === "north").toBe(row.home);
      }
    }
  });

  test("what is certainly never permitted no search permits", () => {
    for (const one of cells) {
      if (one.access !== "never" || !one.certain) continue;
      const row = axes.who.find(({ id }) => id === one.who) ?? expect.fail(one.who);
      const { principal } = row;
      const table = findTable(program, principal, action, resource) ?? expect.fail("no table");
      const goal = permitGoal(program, table);
      const found = searchRequests(
        program,
        { principal, action, resource, goal },
        { seed: 7, tries: 20, count: 10 },
      );
      const requests = [...found.requests, ...boundaryRequests(program, table, { seed: 7, limit: 120 })].map(
        (request) => ({
          ...request,
          principal: {
            ...request.principal,
            roles: row.role === null ? [] : [row.role],
            tenant: row.home ? "north" : "elsewhere",
          },
        }),
      );
      expect(requests.length).toBeGreaterThan(4);
      for (const request of requests) expect(evaluate(program, request).outcome).not.toBe("permit");
    }
  });
});

test("the answers are what the policy says", () => {
  expect(cell("Member", "read", "Loan").text).toBe("never");
  expect(cell("Member reader", "read", "Loan").text).toBe("sometimes, by north/own");
  expect(cell("Member librarian", "read", "Letter").text).toBe("always, by north/letters");
  expect(cell("Member inspector abroad", "read", "Loan").text).toBe("sometimes, by platform/calls");
  expect(cell("Member inspector", "read", "Loan").text).toBe("never");
  expect(cell("Member librarian abroad", "read", "Letter")).toMatchObject({ access: "never", certain: true });
  expect(cell("Member librarian", "export", "Loan").permitted?.words).toMatchObject({
    action: "export",
    given: ["context { mfa: true }"],
  });
});

test("a role that no rule asks for can what nobody's role can, and the witness has it", () => {
  const keeper = cell("Member keeper", "read", "Loan");
  expect({ ...keeper, who: "", refused: null }).toEqual({
    ...cell("Member", "read", "Loan"),
    who: "",
    refused: null,
  });
  expect(keeper.refused?.words.principal).toContain("roles: [keeper]");
});

test("an edit that changes no rule computes nothing anew, and one that does is seen", () => {
  const [before] = cellsOf(snapshot, "read", "Loan");
  const commented = lending(policy.replace("permit own", "// one line more\npermit own"));
  expect(axesOf(commented).rules.find(({ id }) => id === "north/own")?.line).toBe(5);
  const [same] = cellsOf(commented, "read", "Loan");
  expect(same?.refused?.request).toEqual(before?.refused?.request);
  const open = lending(policy.replace("reader to read, list Loan\n", "reader, keeper to read, list Loan\n"));
  expect(cellsOf(open, "read", "Loan").find(({ who }) => who === "Member keeper")?.access).toBe("sometimes");
});

test("what cannot be answered is refused with a sentence", () => {
  expect(accessAxes(snapshot, "south")).toEqual({ refused: "This project has no tenant south." });
  const broken = lending(`${policy}\npermit wrong: readr to read Loan\n`);
  expect(accessCells(broken, "north", "read", "Loan")).toEqual({
    refused: expect.stringMatching(
      /^The policy of north has an error; .* in north\.ward: .*`readr`/,
    ) as string,
  });
  expect(accessCells(snapshot, "north", "burn", "Loan")).toHaveProperty("refused");
});

describe("search", () => {
  const ask = (text: string): AccessSearch => {
    const answer = searchAccess(snapshot, "north", text);
    return "refused" in answer ? expect.fail(answer.refused) : answer;
  };

  test.each([
    ["who can export Loan", null, ["export Loan"], null],
    ["Who can export loans?", null, ["export Loan"], null],
    ["what can librarian do", ["Member librarian", "Member librarian abroad"], null, null],
    [
      "what can a Scanner do",
      axes.who.filter(({ principal }) => principal === "Scanner").map(({ id }) => id),
      null,
      null,
    ],
    ["readers list", ["Member reader", "Member reader abroad"], ["list Loan", "list Letter"], null],
    ["who can never update", null, ["update Loan"], "never"],
    ["conditional", null, null, "sometimes"],
    ["inspector abroad", ["Member inspector abroad", "Scanner inspector abroad"], null, null],
    ["inspector of another tenant", ["Member inspector abroad", "Scanner inspector abroad"], null, null],
    ["", null, null, null],
  ] as const)("%s", (text, who, columns, access) => {
    expect(ask(text)).toMatchObject({ who, columns, access, unknown: [] });
  });

  test("rules are found by name and by what they are for", () => {
    expect(ask("north/desk").rules).toEqual(["north/desk"]);
    expect(ask("desk").rules).toEqual(["north/desk"]);
    expect(ask("settled").rules).toEqual(["platform/lost_stays"]);
    expect(ask("desk").understood).toBe("Who can do what by north/desk.");
  });

  test("a word that means nothing is told, with what was meant", () => {
    expect(ask("what can libraran do").unknown).toEqual([{ word: "libraran", nearest: "librarian" }]);
    expect(ask("who can xqzv loans").unknown).toEqual([{ word: "xqzv", nearest: null }]);
  });

  test.each([
    ["who can export Loan", "Who can export Loan."],
    ["librarian", "What librarian can do."],
    ["librarian loans", "What librarian can do with Loan."],
    ["can reader never list", "Whether reader can never list anything."],
    ["letters", "Who can do something with Letter."],
    ["who of another tenant can read loans", "Whether somebody of another tenant can read Loan."],
  ])("%s is understood", (text, understood) => {
    expect(ask(text).understood).toBe(understood);
  });

  test("no text makes it throw", () => {
    for (const text of ["((", "\\", "a".repeat(5000), "who who who", "__proto__", "constructor", "\u{1F600}"])
      expect(ask(text)).toHaveProperty("understood");
  });
});
