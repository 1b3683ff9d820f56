/** What a shared entity means, through the oracle, and where the model says that rows are kept. */
import { evaluate, loadProgram, serializeProgram } from "@wardline/core";
import { expect, test } from "vitest";
import { compileModel } from "../../src/index.ts";
import { compileLibrary, libraryModel } from "../check/library.ts";

const model = `${libraryModel}
entity Zone shared stored in zones { name: String }
entity Rate shared in Zone via zone_id stored in rates(code) {
  zone: Zone
  per_day: Decimal(8, 2) via rates(daily)
}
entity Fine stored in fines(fine, org) {
  rate: Rate via fines(rate_code)
  book: Book
}
relation uses(Member, Rate) via member_rates(member_id, rate_id)
action look reads Rate, Fine
`;

const platform = "platform for library\nceiling all: anyone to act on anything\n";

function compiled(policy: string) {
  const { program, findings } = compileLibrary({ model, platform, policy });
  expect(findings.filter((found) => found.severity === "error")).toEqual([]);
  if (program === null) return expect.fail("no program");
  expect(loadProgram(JSON.parse(serializeProgram(program)))).toEqual({ program });
  return program;
}

const look = (policy: string, over: Record<string, unknown> = {}, roles = ["reader"], home = "north") =>
  evaluate(compiled(policy), {
    tenant: { id: "north" },
    principal: { type: "Member", id: "ada", tenant: home, roles },
    action: { name: "look" },
    resource: {
      type: "Rate",
      id: "0198c0de-0000-7000-8000-0000000000b0",
      attributes: { per_day: "2.50", zone: "0198c0de-0000-7000-8000-0000000000b1" },
      ...over,
    },
    relations: { uses: [{ from: "ada", to: "0198c0de-0000-7000-8000-0000000000b0" }] },
  });

test("a shared row has no tenant, and is read by those of every tenant as far as rules permit", () => {
  const policy = "permit a: reader to look Rate when resource.per_day < 5";
  expect(look(policy).outcome).toBe("permit");
  expect(look(policy, { tenant: "south" }).outcome).toBe("permit");
  expect(look(policy, {}, ["librarian"])).toMatchObject({ outcome: "deny", reason: "not_granted" });
  expect(look(policy, {}, ["reader"], "south")).toMatchObject({ outcome: "deny", reason: "not_granted" });
});

test("forbids, requires and relations hold of it", () => {
  expect(
    look("permit a: reader to look Rate\nforbid b: anyone to look Rate when resource.per_day > 2").outcome,
  ).toBe("deny");
  expect(look("permit a: reader to look Rate\nrequire b: reason for anyone to look anything").outcome).toBe(
    "challenge",
  );
  expect(look("permit a: reader to look Rate when uses(principal, resource)").outcome).toBe("permit");
});

test("tenants' rows refer to it, and rules read through the reference", () => {
  const program = compiled("permit a: reader to look Fine when resource.rate.per_day < 5");
  expect(
    program.slots.some((slot) => slot.source.from === "reference" && slot.source.name === "per_day"),
  ).toBe(true);
});

test("its tables read no tenant of a row", () => {
  const program = compiled("permit a: reader to look Rate, Fine");
  const readsTenant = (resource: string) =>
    program.tables
      .filter((table) => table.resource === resource)
      .map((table) =>
        table.slots.some((id) => {
          const source = program.slots[id]?.source;
          return source?.from === "row" && source.part === "tenant";
        }),
      );
  expect(new Set(readsTenant("Rate"))).toEqual(new Set([false]));
  expect(new Set(readsTenant("Fine"))).toEqual(new Set([true]));
});

test("the model says the table, the key, the tenant and each column", () => {
  const { model: ir, findings } = compileModel({ name: "m", text: model });
  expect(findings.filter((found) => found.severity === "error")).toEqual([]);
  const entity = (name: string) => ir?.entities.find((one) => one.name === name);
  expect(entity("Rate")).toMatchObject({ shared: true, storage: { table: "rates", key: "code" } });
  expect(entity("Rate")?.fields.map((field) => field.storage)).toEqual([
    { kind: "column", column: "zone_id" },
    { kind: "column", column: "daily" },
  ]);
  expect(entity("Fine")?.storage).toEqual({ table: "fines", key: "fine", tenant: "org" });
  expect(entity("Fine")?.fields.map((field) => field.storage)).toEqual([
    { kind: "column", column: "rate_code" },
    { kind: "column", column: "book_id" },
  ]);
  expect(entity("Book")?.storage).toEqual({ table: "books", key: "id", tenant: "tenant_id" });
  expect(entity("Book")?.shared).toBeUndefined();
});
