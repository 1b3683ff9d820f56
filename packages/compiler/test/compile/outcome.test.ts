/** What policies mean, through the oracle: the sentences of the language's page, one by one. */
import { expect, test } from "vitest";
import { compileLibrary, libraryModel, openPlatform } from "../check/library.ts";
import { ask, book, branch, house, outcome } from "./asking.ts";

test("no rule, no grant; a grant names its rule", () => {
  expect(ask({ policy: "permit a: cashier to read Book" })).toMatchObject({
    outcome: "deny",
    reason: "not_granted",
  });
  expect(ask({ policy: "permit a: reader to read Book" })).toMatchObject({
    outcome: "permit",
    rules: ["north/a"],
  });
});

test("a combination without rules has a table all the same; an unknown one has none", () => {
  expect(ask({ policy: "permit a: reader to read Book" }, { type: "Scanner" }).reason).toBe("not_granted");
  expect(ask({ policy: "permit a: reader to read Book" }, { action: "lend" }).reason).toBe("invalid_input");
});

test("roles are closed downwards under extends, never upwards", () => {
  const policy =
    "role desk extends librarian\npermit a: librarian to read Book\nforbid b: desk to read Book when resource.lost";
  expect(outcome(policy, { roles: ["desk"] })).toBe("permit");
  expect(outcome(policy, { roles: ["desk"], row: { lost: true } })).toBe("deny");
  expect(outcome(policy, { roles: ["librarian"], row: { lost: true } })).toBe("permit");
  expect(outcome("role desk extends librarian\npermit a: desk to read Book", { roles: ["librarian"] })).toBe(
    "deny",
  );
});

test("the platform's rules do not see a tenant's own roles", () => {
  const platform = "platform for library\nceiling c: librarian to read Book trusting librarian\n";
  const policy = "role desk extends librarian\npermit a: desk to read Book";
  expect(outcome(policy, { roles: ["desk"] }, platform)).toBe("deny");
  expect(outcome(policy, { roles: ["desk", "librarian"] }, platform)).toBe("permit");
});

test("a role for one type of principal is none for another, whatever a request says", () => {
  expect(outcome("permit a: reader to read Book", { type: "Scanner", roles: ["reader"] })).toBe("deny");
  expect(outcome("permit a: reader, Scanner to read Book", { type: "Scanner", roles: [] })).toBe("permit");
});

test("a role that extends one for another type is none either", () => {
  const model = `${libraryModel}\nrole keeper\nrole porter extends keeper, reader\n`;
  const policy = "permit a: keeper to read Book";
  expect(ask({ model, policy }, { type: "Scanner", roles: ["keeper"] }).outcome).toBe("permit");
  expect(ask({ model, policy }, { roles: ["porter"] }).outcome).toBe("permit");
  expect(ask({ model, policy }, { type: "Scanner", roles: ["porter"] }).outcome).toBe("deny");
  const asked = "permit a: Scanner, Member to read Book when principal.roles.contains(keeper)";
  expect(ask({ model, policy: asked }, { type: "Scanner", roles: ["porter"] }).outcome).toBe("deny");
});

test("anyone except: all but those", () => {
  const policy = "permit a: anyone except cashier to read Book when not resource.lost";
  expect(outcome(policy, { roles: ["reader"] })).toBe("permit");
  expect(outcome(policy, { roles: ["reader", "cashier"] })).toBe("deny");
  expect(outcome(policy, { type: "Scanner", roles: [] })).toBe("permit");
});

test("a ceiling bounds what tenants grant; none at all leaves all open; an action without one is closed", () => {
  const permit = "permit a: reader to read, list Book";
  const platform = "platform for library\nceiling c: anyone to read Book when context.mfa\n";
  expect(outcome(permit, {}, platform)).toBe("permit");
  expect(outcome(permit, { context: { mfa: false } }, platform)).toBe("deny");
  expect(outcome(permit, { action: "list" }, platform)).toBe("deny");
  expect(outcome(permit, { action: "list" }, "platform for library\n")).toBe("permit");
});

test("one of several ceilings is enough", () => {
  const platform =
    "platform for library\nceiling c: anyone to read Book when context.mfa\nceiling d: anyone to read Book when resource.lost\n";
  const permit = "permit a: reader to read Book";
  expect(outcome(permit, { context: { mfa: false }, row: { lost: true } }, platform)).toBe("permit");
  expect(outcome(permit, { context: { mfa: false } }, platform)).toBe("deny");
});

test("a ceiling bounds the platform's own permits too", () => {
  const platform = "platform for library\nceiling c: anyone to list Book\npermit p: Member to read Book\n";
  expect(outcome("", {}, platform)).toBe("deny");
});

test("a forbid or require for read binds every action that reads; permits do not spread", () => {
  const policy =
    "permit a: reader to read, list Book\nforbid f: anyone to read Book when resource.lost\nrequire r: hide(price) for anyone to read Book";
  expect(outcome(policy, { action: "list", row: { lost: true } })).toBe("deny");
  expect(ask({ policy }, { action: "list" }).obligations).toEqual([{ type: "hide", field: "price" }]);
  expect(outcome("permit a: reader to read Book", { action: "list" })).toBe("deny");
  const listOnly = "permit a: reader to read, list Book\nforbid f: anyone to list Book when resource.lost";
  expect(outcome(listOnly, { action: "read", row: { lost: true } })).toBe("permit");
});

test("what is said of reading anything binds what reads a type that has no `read` of its own", () => {
  const model = libraryModel.replace(
    "action read, list reads Book, Loan",
    "action read reads Loan\naction list reads Book, Loan",
  );
  const platform = `${openPlatform}forbid f: anyone to read anything when resource.lost\n`;
  const policy = "permit a: reader to list Book";
  expect(ask({ model, policy, platform }, { action: "list" }).outcome).toBe("permit");
  expect(ask({ model, policy, platform }, { action: "list", row: { lost: true } }).reason).toBe("forbidden");
});

test("an update is asked of both rows", () => {
  const policy = "permit a: reader to update Book when not resource.lost";
  expect(outcome(policy, { action: "update" })).toBe("permit");
  expect(outcome(policy, { action: "update", prior: { lost: true } })).toBe("deny");
  expect(outcome(policy, { action: "update", next: { lost: true } })).toBe("deny");
  const either = "permit a: reader to update Book\nforbid f: anyone to update Book when resource.lost";
  expect(outcome(either, { action: "update", next: { lost: true } })).toBe("deny");
  expect(outcome(either, { action: "update", prior: { lost: true } })).toBe("deny");
});

test("a rule that says prior or next is the same in both askings", () => {
  const policy = "permit a: reader to update Book when prior.pages <= next.pages";
  expect(outcome(policy, { action: "update", prior: { pages: 1 }, next: { pages: 2 } })).toBe("permit");
  expect(outcome(policy, { action: "update", prior: { pages: 3 }, next: { pages: 2 } })).toBe("deny");
});

test("creates see the new row, deletes the old one", () => {
  const policy = "permit a: reader to create, remove Book when resource.pages == 7";
  expect(outcome(policy, { action: "create", next: { pages: 7 } })).toBe("permit");
  expect(outcome(policy, { action: "create", prior: { pages: 7 }, row: { pages: 7 } })).toBe("deny");
  expect(outcome(policy, { action: "remove", prior: { pages: 7 } })).toBe("permit");
  expect(outcome(policy, { action: "remove", next: { pages: 7 }, row: { pages: 7 } })).toBe("deny");
});

test("an absent fact is false, its negation true, and a fallback stands in", () => {
  const kept = "permit a: reader to read Book when has resource.keeper and resource.keeper == principal";
  expect(outcome(kept)).toBe("deny");
  expect(outcome(kept, { row: { keeper: "ada" } })).toBe("permit");
  expect(outcome(kept, { row: { keeper: "bob" } })).toBe("deny");
  const unless = "permit a: reader to read Book unless has resource.keeper and resource.keeper != principal";
  expect(outcome(unless)).toBe("permit");
  expect(outcome(unless, { row: { keeper: "bob" } })).toBe("deny");
  const or = 'permit a: reader to read Book when not has resource.note or resource.note == "x"';
  expect(outcome(or)).toBe("permit");
  expect(outcome(or, { row: { note: "y" } })).toBe("deny");
  expect(outcome("permit a: reader to read Book when resource.damaged ?? true")).toBe("permit");
  expect(
    outcome("permit a: reader to read Book when resource.damaged ?? true", { row: { damaged: false } }),
  ).toBe("deny");
  expect(
    outcome('permit a: reader to read Book when resource.note ?? "x" != "x"', { row: { note: "y" } }),
  ).toBe("permit");
});

test("what the whens show to be present is so in every unless, in whatever order they stand", () => {
  const policy = 'permit a: reader to read Book unless resource.note == "x" when has resource.note';
  expect(outcome(policy, { row: { note: "y" } })).toBe("permit");
  expect(outcome(policy, { row: { note: "x" } })).toBe("deny");
  expect(outcome(policy)).toBe("deny");
});

test("a guard in each branch is a guard after them", () => {
  const plain =
    'permit a: reader to read Book when ((has resource.note and resource.lost) or has resource.note) and resource.note == "x"';
  expect(outcome(plain, { row: { note: "x" } })).toBe("permit");
  expect(outcome(plain, { row: { note: "y" } })).toBe("deny");
  const negated =
    'permit a: reader to read Book when not (not has resource.note or resource.lost) and resource.note == "x"';
  expect(outcome(negated, { row: { note: "x" } })).toBe("permit");
  expect(outcome(negated)).toBe("deny");
});

test("a guard flows through a let", () => {
  const policy =
    'let noted = has resource.note and not resource.lost\npermit a: reader to read Book when noted and resource.note == "x"';
  expect(outcome(policy, { row: { note: "x" } })).toBe("permit");
});

test("what can never match in one combination is false there, and its negation true", () => {
  const policy =
    'permit a: reader, Scanner to read Book when principal == resource.branch or principal == Member "ada"';
  expect(compileLibrary({ policy }).findings.map((found) => found.code)).toEqual(["type/never-matches"]);
  const fine = 'permit a: reader, Scanner to read Book when principal != Member "ada"';
  expect(outcome(fine)).toBe("deny");
  expect(outcome(fine, { type: "Scanner", roles: [] })).toBe("permit");
});

test("hierarchies are reflexive and transitive", () => {
  expect(outcome("permit a: reader to read Book when principal in resource.branch")).toBe("permit");
  expect(outcome(`permit a: reader to read Book when principal in Branch "${house}"`)).toBe("permit");
  expect(outcome(`permit a: reader to read Book when principal not in Branch "${house}"`)).toBe("deny");
  expect(
    outcome("permit a: reader to read Book when principal in resource.branch", { row: { branch: book } }),
  ).toBe("deny");
  expect(
    outcome(`permit a: reader to read Book when principal in [Branch "${book}", Branch "${house}"]`),
  ).toBe("permit");
  const reflexive = `permit a: reader to read Book when resource.branch in Branch "${branch.toUpperCase()}"`;
  const asked = compileLibrary({ policy: reflexive });
  expect(asked.program).not.toBeNull();
});

test("relations are closed world", () => {
  expect(outcome("permit a: reader to read Book when guards(principal, resource)")).toBe("permit");
  expect(outcome('permit a: reader to read Book when guards(Member "bob", resource)')).toBe("deny");
  expect(outcome("permit a: reader to read Book unless guards(principal, resource)")).toBe("deny");
});

test("sets", () => {
  expect(outcome('permit a: reader to read Book when resource.tags.contains("open")')).toBe("permit");
  expect(outcome('permit a: reader to read Book when resource.tags.contains_all(["open", "new"])')).toBe(
    "deny",
  );
  expect(outcome('permit a: reader to read Book when resource.tags.contains_any(["open", "new"])')).toBe(
    "permit",
  );
  expect(
    outcome("permit a: reader to read Book when resource.reserved_for.contains(principal)", {
      row: { reserved_for: ["ada"] },
    }),
  ).toBe("permit");
});

test("literals take the type of the other side, exactly", () => {
  const when = (condition: string) => outcome(`permit a: reader to read Book when ${condition}`);
  expect(when("resource.price == 12.5")).toBe("permit");
  expect(when("resource.price == 12.500")).toBe("permit");
  expect(when("resource.price > 12")).toBe("permit");
  expect(when("1_000.00 > resource.price")).toBe("permit");
  expect(when("resource.pages == 100.0")).toBe("permit");
  expect(when("resource.pages < 9_999")).toBe("permit");
  expect(when("resource.pages > -1")).toBe("permit");
  expect(when("resource.loan_time == 1s")).toBe("permit");
  expect(when("resource.loan_time == 1_000ms")).toBe("permit");
  expect(when("resource.acquired == 2026-01-01T02:00+02:00")).toBe("permit");
  expect(when("resource.acquired == 2025-12-31T19:00:00.000-05:00")).toBe("permit");
  expect(when("resource.acquired < 2026-01-01T00:00:00.000001Z")).toBe("permit");
  expect(when("resource.acquired < now and now < 2026-01-05T12:00:01Z")).toBe("permit");
  expect(when('principal.tenant == resource.tenant and tenant.id == "north"')).toBe("permit");
  expect(when("resource.genre in [law]")).toBe("permit");
  expect(when("resource.genre not in [law, science]")).toBe("deny");
  expect(when("resource.lost == false and resource.lost != true")).toBe("permit");
  expect(when("resource.lost in [true]")).toBe("deny");
  expect(when('resource.title in [resource.title, "x"]')).toBe("permit");
});

test("roles as facts: closed as in WHO", () => {
  const policy =
    "role desk extends librarian\npermit a: Member to read Book when principal.roles.contains(librarian)";
  expect(outcome(policy, { roles: ["desk"] })).toBe("permit");
  expect(outcome(policy, { roles: ["reader"] })).toBe("deny");
});

test("effects: the mildest of the grants, then the strictest require", () => {
  const policy =
    "permit a: reader to read Book with mask(title, initials), hide(price)\npermit b: cashier to read Book with mask(title, redact)";
  expect(ask({ policy }).obligations).toEqual([
    { type: "mask", field: "title", mask: { kind: "initials" } },
    { type: "hide", field: "price" },
  ]);
  expect(ask({ policy }, { roles: ["reader", "cashier"] }).obligations).toEqual([
    { type: "mask", field: "title", mask: { kind: "initials" } },
  ]);
  const platform =
    "platform for library\nceiling c: anyone to act on anything\nrequire r: mask(title, partial(last: 4)) for anyone to read Book\n";
  expect(ask({ policy, platform }, { roles: ["cashier"] }).obligations).toEqual([
    { type: "mask", field: "title", mask: { kind: "redact" } },
  ]);
  for (const terms of [
    "mask(title, initials), mask(title, redact)",
    "mask(title, redact), mask(title, initials)",
  ])
    expect(ask({ policy: `permit a: reader to read Book with ${terms}` }).obligations).toEqual([
      { type: "mask", field: "title", mask: { kind: "redact" } },
    ]);
});

test("effects of a class reach each field that has it", () => {
  const policy = "permit a: reader to read Book, Loan with hide(#secret)";
  expect(ask({ policy }).obligations).toEqual([{ type: "hide", field: "shelfmark" }]);
});

test("encrypt seals fields for good and is a duty of every permit on them", () => {
  const policy = "permit a: reader to read, update Book\nrequire s: encrypt(#secret, note)";
  const { program } = compileLibrary({ policy });
  expect(program?.sealed).toEqual([{ entity: "Book", fields: ["shelfmark", "note"] }]);
  const duty = { type: "encrypt", fields: ["shelfmark", "note"] };
  expect(ask({ policy }, { action: "update" }).obligations).toEqual([duty]);
  expect(ask({ policy }).obligations).toEqual([duty]);
});

test("step_up: the factor is there, and fresh; absent evidence is unmet", () => {
  const policy = "permit a: reader to read Book\nrequire s: step_up(mfa, within: 5m) for anyone to read Book";
  const minute = 60_000_000;
  expect(outcome(policy, { context: { mfa_age: 5 * minute } })).toBe("permit");
  const stale = ask({ policy }, { context: { mfa_age: 5 * minute + 1 } });
  expect(stale).toMatchObject({
    outcome: "challenge",
    rules: ["north/s"],
    obligations: [{ type: "step_up", factor: "mfa", within: 5 * minute }],
  });
  expect(outcome(policy)).toBe("challenge");
  expect(outcome(policy, { context: { mfa: false, mfa_age: 1 } })).toBe("challenge");
  const ageless = "permit a: reader to read Book\nrequire s: step_up(badge) for anyone to read Book";
  expect(outcome(ageless)).toBe("permit");
});

test("reason: met by its evidence alone", () => {
  const policy =
    "permit a: reader to read Book\nrequire r: reason for anyone to read Book when resource.lost";
  expect(outcome(policy, { row: { lost: true } })).toBe("challenge");
  expect(outcome(policy, { row: { lost: true }, context: { purpose: "audit" } })).toBe("permit");
  expect(outcome(policy)).toBe("permit");
});

test("another tenant's row is out of scope, another tenant's principal is granted nothing", () => {
  const policy = "permit a: anyone to read Book";
  expect(ask({ policy }, { rowTenant: "south" }).reason).toBe("out_of_scope");
  expect(ask({ policy }, { home: "south" }).reason).toBe("not_granted");
});

test("act on and anything reach all there is", () => {
  for (const action of ["read", "list", "create", "update", "remove"])
    expect(outcome("permit a: reader to act on anything", { action })).toBe("permit");
});

test("a rule's id, place, reason and documentation are in the program", () => {
  const policy =
    'policy north for library\n\n/// Why not.\nforbid f: anyone to read Book\n  when resource.lost\n  because "It is lost"\n';
  expect(compileLibrary({ policy }).program?.rules.find((rule) => rule.id === "north/f")).toEqual({
    id: "north/f",
    layer: "tenant",
    kind: "forbid",
    file: "north.ward",
    line: 4,
    because: "It is lost",
    doc: "Why not.",
  });
});

test("a relation that stands the wrong way round for some is false for them, and no error", () => {
  const model = `${libraryModel}
principal Clerk stored in clerks { name: String }
principal Guest stored in guests { name: String }
relation serves(Clerk, Guest) via clerk_guests(clerk_id, guest_id)
action greet reads Clerk, Guest
`;
  const policy = "permit a: Clerk, Guest to greet Clerk, Guest when serves(principal, resource)";
  const { program } = compileLibrary({ model, policy });
  const granted = program?.tables.filter((table) => table.passes.some((pass) => pass.grants.length > 0));
  expect(granted?.map(({ principal, resource }) => [principal, resource])).toEqual([["Clerk", "Guest"]]);
});
