import { expect, test } from "vitest";
import { parameter, printed, render, sql, tenantParameter } from "../src/scope/text.ts";

test("the tenant is $1 wherever a statement names it, and no value is", () => {
  const statement = sql`a = ${parameter("x")} and t = ${tenantParameter("north")} and b = ${parameter("x")} and u = ${tenantParameter("north")}`;
  expect(render(statement)).toEqual({
    text: "a = $2 and t = $1 and b = $3 and u = $1",
    parameters: ["north", "x", "x"],
  });
});

test("a statement that names no tenant counts from $1", () => {
  expect(render(sql`a = ${parameter("x")}`)).toEqual({ text: "a = $1", parameters: ["x"] });
});

test("a statement of two tenants is none", () => {
  const statement = sql`t = ${tenantParameter("north")} and u = ${tenantParameter("south")}`;
  expect(() => render(statement)).toThrow(RangeError);
});

test("a printed view names the tenant by the same number", () => {
  const view = printed(["t = ", " and a = ", ""], [{ value: "north", tenant: true }, { value: 1 }]);
  expect(render(sql`b = ${parameter(2)} and ${view}`)).toEqual({
    text: "b = $2 and t = $1 and a = $3",
    parameters: ["north", 2, 1],
  });
});
