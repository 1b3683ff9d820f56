/** Programs whose equal parts are one object say what they said before, and share no more than that. */
import { libraryProgram } from "@wardline/core/testing";
import { expect, test } from "vitest";
import { SharedParts } from "../src/shared-parts.ts";
import { programOf } from "./library-bundles.ts";

test("equal parts of two tenants' programs are one object, and nothing else of them is", () => {
  const parts = new SharedParts();
  const model = structuredClone(libraryProgram.model);
  const [north, south] = ["north", "south"].map((tenant) => structuredClone(programOf(tenant)));
  if (north === undefined || south === undefined) return expect.fail();
  const changed = {
    ...south,
    conditions: [...south.conditions, { kind: "constant", value: false } as const],
  };
  const [one, other] = [parts.program(north, model), parts.program(changed, model)];
  expect(one).toEqual(programOf("north"));
  expect(other).toEqual({ ...programOf("south"), conditions: changed.conditions });
  expect(one.model).toBe(model);
  expect(other.slots).toBe(one.slots);
  expect(other.atoms.every((atom, index) => atom === one.atoms[index])).toBe(true);
  expect(other.conditions).not.toBe(one.conditions);
  expect(other.conditions.slice(0, -1).every((condition, index) => condition === one.conditions[index])).toBe(
    true,
  );
  const own = (rules: typeof one.rules) => rules.filter(({ layer }) => layer === "tenant");
  expect(own(one.rules).length).toBeGreaterThan(0);
  expect(own(one.rules).some((rule) => own(other.rules).includes(rule))).toBe(false);
});
