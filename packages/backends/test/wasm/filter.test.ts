/** What a module with lists is besides their answers, which packages/bench compares: its entrypoints, its aborts, its bytes. */
import { answerFilter, compileWasm, loadWasmPolicy, WasmPolicyError } from "@wardline/backends";
import { evaluate, type KnownFacts } from "@wardline/core";
import { libraryProgram, libraryRequest } from "@wardline/core/testing";
import wabt from "wabt";
import { expect, it } from "vitest";
import { bytesOf, thrownBy } from "./policy.ts";
import { opa } from "./sdk.ts";

const module = compileWasm(libraryProgram, { filter: true });
const plain = compileWasm(libraryProgram);
const { resource, ...known } = JSON.parse(JSON.stringify(libraryRequest)) as Record<string, unknown>;
const asked = { ...known, resource: { type: "Book" } };
const facts = known as unknown as KnownFacts;
const wanted = answerFilter(libraryProgram, "read", "Book", facts);
const request = { ...known, resource };
const decision = evaluate(libraryProgram, request);
const encoded = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

it("the example of these tests has letters of every kind, of which the module may leave more open", () => {
  if ("refused" in wanted) throw new Error(wanted.refused);
  expect(new Set(wanted.atoms)).toEqual(new Set("tfo"));
  expect(decision.reason).not.toBe("invalid_input");
});

it("a module with lists has three entrypoints, is valid, and is the same at every time", async () => {
  const policy = opa.loadPolicySync(module);
  expect(policy.entrypoints).toEqual({ "wardline/decision": 0, "wardline/allow": 1, "wardline/filter": 2 });
  expect(compileWasm(structuredClone(libraryProgram), { filter: true })).toEqual(module);
  expect(compileWasm(libraryProgram, { filter: false })).toEqual(plain);
  expect(opa.loadPolicySync(plain).entrypoints).toEqual({ "wardline/decision": 0, "wardline/allow": 1 });
  const tools = await wabt();
  const parsed = tools.readWasm(module, { readDebugNames: false });
  parsed.validate();
  parsed.destroy();
});

it("lists and decisions asked of one instance in turn do not touch each other, also after aborts", () => {
  const policy = opa.loadPolicySync(module);
  const thin = loadWasmPolicy(module);
  const first = policy.evaluate(asked, "wardline/filter");
  for (const minor of [3, 1]) {
    // Hosts of the ABI 1.1 go by `eval` and a context.
    policy.minorVersion = minor;
    for (let turn = 0; turn < 3; turn += 1) {
      for (const entrypoint of ["wardline/filter", "wardline/decision"])
        expect(thrownBy(() => policy.evaluate(bytesOf("[1,]"), entrypoint))).toMatch(/not valid JSON/);
      expect(policy.evaluate(request)).toEqual([{ result: decision }]);
      expect(thrownBy(() => policy.evaluate(bytesOf("{"), "wardline/filter"))).toMatch(/not valid JSON/);
      expect(policy.evaluate(request, 1)).toEqual([{ result: decision.outcome === "permit" }]);
      expect(policy.evaluate(asked, 2)).toEqual(first);
      expect(policy.evaluate({}, 2)).toEqual([{ result: { refused: "invalid_input" } }]);
      expect(policy.evaluate({})).toEqual([{ result: evaluate(libraryProgram, {}) }]);
      expect(thrownBy(() => policy.evaluate(asked, 3))).toMatch(/no such entrypoint/);
    }
  }
  for (let turn = 0; turn < 3; turn += 1) {
    expect([{ result: JSON.parse(JSON.stringify(thin.filter(encoded(asked)))) as unknown }]).toEqual(first);
    expect(JSON.parse(JSON.stringify(thin.decideObject(request)))).toEqual(decision);
    expect(thin.allowsObject(request)).toBe(decision.outcome === "permit");
    expect(() => thin.filter(encoded(asked).subarray(1))).toThrow(WasmPolicyError);
    expect(JSON.parse(JSON.stringify(thin.decide(encoded(request))))).toEqual(decision);
  }
});

it("rows in the request change nothing, and what no list can be asked is refused", () => {
  const { filter } = loadWasmPolicy(module);
  const answer = filter(encoded(asked));
  for (const row of [resource, { type: "Book", id: 1, tenant: [], attributes: { price: {} } }])
    expect(filter(encoded({ ...known, resource: row }))).toEqual(answer);
  const refused = { refused: "invalid_input" };
  expect(filter(encoded({ ...asked, action: { name: "update" } }))).toEqual(refused);
  expect(filter(encoded({ ...asked, resource: { type: "Branch" } }))).toEqual(refused);
  expect(filter(encoded({ ...asked, principal: { type: "Member" } }))).toEqual(refused);
  expect(filter(encoded(null))).toEqual(refused);
  expect(filter(encoded({ ...asked, tenant: { ...(known["tenant"] as object), id: "south" } }))).toEqual({
    refused: "out_of_scope",
  });
});

it("a module without lists says so, and goes on to decide", () => {
  const thin = loadWasmPolicy(plain);
  for (let turn = 0; turn < 2; turn += 1) {
    expect(() => thin.filter(encoded(asked))).toThrow("the module was compiled without lists");
    expect(JSON.parse(JSON.stringify(thin.decide(encoded(request))))).toEqual(decision);
  }
  expect(thrownBy(() => opa.loadPolicySync(plain).evaluate(asked, 2))).toMatch(/no such entrypoint/);
});
