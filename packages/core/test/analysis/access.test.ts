/** Over a domain so small that every request can be tried, the matrix says what is so. */
import { expect, test } from "vitest";
import { evaluate, type Program } from "../../src/index.ts";
import { whatCan, whoCan, type Access } from "../../src/search/index.ts";
import { everyRequest, smallProgram } from "./small-domain.ts";

const every = everyRequest();

function checkAccess(program: Program, access: Access): void {
  const { roles, home } = access;
  const meant = every.filter(
    ({ principal }) =>
      (principal.tenant === "north") === home && JSON.stringify(principal.roles) === JSON.stringify(roles),
  );
  expect(meant.length).toBeGreaterThan(0);
  const decisions = meant.map((request) => evaluate(program, request));
  const permits = decisions.filter(({ outcome }) => outcome === "permit");
  const truth = permits.length === 0 ? "never" : permits.length === meant.length ? "always" : "sometimes";
  expect(access.access, JSON.stringify([roles, home])).toBe(truth);
  const granting = new Set(permits.flatMap(({ rules }) => rules));
  expect(new Set(access.rules)).toEqual(granting);
  for (const [request, isPermit] of [
    [access.permitted, true],
    [access.refused, false],
  ] as const) {
    expect(request !== null).toBe(access.access === "sometimes" || (access.access === "always") === isPermit);
    if (request === null) continue;
    const decision = evaluate(program, request);
    expect(decision.reason).not.toBe("invalid_input");
    expect(decision.outcome === "permit").toBe(isPermit);
    expect(request.principal.roles).toEqual(roles);
    expect(request.principal.tenant === "north").toBe(home);
  }
}

test("who can is just who can, with the rules by which", () => {
  const met = new Map<string, number>();
  for (let seed = 700; seed < 740; seed += 1) {
    const program = smallProgram(seed);
    for (const access of whoCan(program, "read", "Note", { seed: 1 })) {
      checkAccess(program, access);
      const key = `${access.access} ${access.certain ? "certain" : "searched"}`;
      met.set(key, (met.get(key) ?? 0) + 1);
    }
  }
  console.log(Object.fromEntries(met));
  for (const key of ["always certain", "never certain", "sometimes certain"])
    expect(met.get(key), key).toBeGreaterThan(5);
});

test("what can is asked of several roles at once", () => {
  for (let seed = 740; seed < 750; seed += 1) {
    const program = smallProgram(seed);
    const found = whatCan(program, "User", ["a", "c"], { seed: 1 });
    expect(found.map(({ action, resource }) => [action, resource])[0]).toEqual(["read", "Note"]);
    for (const access of found) checkAccess(program, access);
  }
});

test("nobody can what there is not", () => {
  expect(whoCan(smallProgram(1), "fly", "Note", { seed: 1 })).toEqual([]);
  expect(whatCan(smallProgram(1), "Robot", [], { seed: 1 })).toEqual([]);
});
