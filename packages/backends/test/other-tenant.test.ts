/** An artefact answers for the tenant whose policy it is: another tenant's request, proper in itself, is out of scope. */
import { evaluate, printTemplate } from "@wardline/core";
import { libraryProgram, libraryRequest } from "@wardline/core/testing";
import { expect, test } from "vitest";
import { compileClosures, compileRego, compileViews, compileWasm } from "../src/index.ts";
import { opa } from "./wasm/sdk.ts";

const elsewhere = {
  ...libraryRequest,
  tenant: { ...libraryRequest.tenant, id: "south" },
  principal: { ...libraryRequest.principal, tenant: "south" },
  resource: { ...libraryRequest.resource, tenant: "south" },
};
const outOfScope = { outcome: "deny", rules: [], obligations: [], reason: "out_of_scope" };

const policy = opa.loadPolicySync(compileWasm(libraryProgram).buffer);
const engine = compileClosures(libraryProgram);

test.each<[string, (request: unknown) => unknown]>([
  ["oracle", (request) => evaluate(libraryProgram, request)],
  ["closures", (request) => engine.decide(request)],
  ["wasm", (request) => (policy.evaluate(request)[0] as { result: unknown }).result],
])("%s", (_, decide) => {
  expect(decide(libraryRequest)).toMatchObject({ outcome: "permit" });
  expect(decide(elsewhere)).toEqual(outOfScope);
});

test("Rego asks for its own tenant before any row", () => {
  expect(compileRego(libraryProgram)).toContain('in_scope if {\n\ttenant == "north"\n');
});

test("a view has no row, and its template says for whom it is", () => {
  const program = {
    ...libraryProgram,
    tables: libraryProgram.tables.filter((table) => table.action === "read"),
  };
  const views = compileViews(program);
  const options = { schema: "public", sealMarker: "m" };
  expect(views.bind("Book", "read", libraryRequest, options).residual).not.toBe("never");
  expect(views.bind("Book", "read", elsewhere, options).residual).toBe("never");
  expect(printTemplate(views.template("Book", "read", "Member").select)).toContain(
    ":tenant.id::text = 'north'",
  );
});
