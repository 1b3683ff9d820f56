/** What stands in for an absent fact, what guards it, and how entities are compared, through the oracle. */
import { describe, expect, test } from "vitest";
import { compileLibrary } from "../check/library.ts";
import { book, branch, house, outcome, type Asked } from "./asking.ts";

const when = (condition: string) => `permit a: reader to read Book when ${condition}`;
const holds = (condition: string, asked: Asked = {}) => outcome(when(condition), asked) === "permit";

describe("a fallback", () => {
  test("is a literal of any type: a value of an enum, an entity, a day", () => {
    expect(holds("principal.favourite ?? law == resource.genre")).toBe(true);
    expect(
      holds("principal.favourite ?? law == resource.genre", { attributes: { favourite: "science" } }),
    ).toBe(false);
    expect(holds("principal.favourite ?? fiction in [law, science]")).toBe(false);
    expect(holds("principal.favourite ?? fiction not in [law, science]")).toBe(true);
    expect(holds('resource.keeper ?? Member "ada" == principal')).toBe(true);
    expect(holds('resource.keeper ?? Member "ada" == principal', { row: { keeper: "bob" } })).toBe(false);
    expect(holds('resource.keeper ?? Member "eve" in [Member "ada", Member "eve"]')).toBe(true);
    expect(holds("resource.printed ?? 2026-01-05 == 2026-01-05")).toBe(true);
  });

  test("stands after `in`, and as an argument", () => {
    expect(holds(`principal in principal.home ?? Branch "${house}"`)).toBe(true);
    expect(holds(`principal in principal.home ?? Branch "${house}"`, { attributes: { home: book } })).toBe(
      false,
    );
    expect(holds(`guards(resource.keeper ?? Member "ada", resource)`)).toBe(true);
    expect(
      holds(`resource.reserved_for.contains(resource.keeper ?? Member "ada")`, {
        row: { reserved_for: ["ada"] },
      }),
    ).toBe(true);
  });
});

describe("what is present flows", () => {
  const compiles = (policy: string) =>
    compileLibrary({ policy }).findings.filter((found) => found.severity === "error").length === 0;
  const guarded = (condition: string) => compiles(when(condition));

  test("from left to right through `and`, and no other way", () => {
    expect(guarded('has resource.note and resource.note == "x"')).toBe(true);
    expect(guarded('has resource.note and (resource.lost and resource.note == "x")')).toBe(true);
    expect(guarded('(has resource.note and resource.lost) and resource.note == "x"')).toBe(true);
    expect(guarded('resource.note == "x" and has resource.note')).toBe(false);
    expect(guarded('(has resource.note or resource.lost) and resource.note == "x"')).toBe(false);
    expect(guarded('not has resource.note and resource.note == "x"')).toBe(false);
  });

  test("negated into the right of `or`", () => {
    expect(guarded('not has resource.note or resource.note == "x"')).toBe(true);
    expect(guarded('not (has resource.note and resource.lost) or resource.note == "x"')).toBe(true);
    expect(guarded('not (has resource.note or resource.lost) or resource.note == "x"')).toBe(false);
    expect(guarded('has resource.note or resource.note == "x"')).toBe(false);
  });

  test("out of both sides of an `or` where both say it", () => {
    const either = "(has resource.note and resource.lost) or (has resource.note and resource.pages > 3)";
    expect(guarded(`(${either}) and resource.note == "x"`)).toBe(true);
    expect(guarded('((has resource.note and resource.lost) or resource.lost) and resource.note == "x"')).toBe(
      false,
    );
  });

  test("through double negation, lets, and from all `when`s into every `unless`", () => {
    expect(guarded('not not has resource.note and resource.note == "x"')).toBe(true);
    expect(compiles(`let noted = has resource.note\n${when('noted and resource.note == "x"')}`)).toBe(true);
    expect(compiles(`let noted = has resource.note and resource.note == "x"\n${when("noted")}`)).toBe(true);
    expect(compiles(`let plain = resource.note == "x"\n${when("has resource.note and plain")}`)).toBe(true);
    expect(compiles(`let plain = resource.note == "x"\n${when("plain")}`)).toBe(false);
    const unless = (first: string) => `permit a: reader to read Book ${first} unless resource.note == "x"`;
    expect(compiles(unless("when has resource.note"))).toBe(true);
    expect(compiles(unless("when resource.lost when has resource.note"))).toBe(true);
    expect(compiles('permit a: reader to read Book unless resource.note == "x" when has resource.note')).toBe(
      true,
    );
    expect(compiles(unless("unless not has resource.note"))).toBe(true);
    expect(compiles(unless(""))).toBe(false);
  });

  test("not from one fact to another, nor from one row to another", () => {
    expect(guarded("has resource.note and resource.keeper == principal")).toBe(false);
    expect(compiles('permit a: reader to update Book when has prior.note and next.note == "x"')).toBe(false);
    expect(
      compiles(
        "permit a: reader to update Book when has prior.note and has next.note and next.note == prior.note",
      ),
    ).toBe(true);
  });
});

describe("entities", () => {
  test("are compared by type and id", () => {
    expect(holds(`resource == Book "${book}"`)).toBe(true);
    expect(holds(`resource == Book "${book.toUpperCase()}"`)).toBe(true);
    expect(holds(`resource == Book "${branch}"`)).toBe(false);
    expect(holds(`resource in [Book "${book}", Book "${branch}"]`)).toBe(true);
    expect(
      holds('has resource.keeper and resource.keeper in [Member "a", Member "b"]', { row: { keeper: "b" } }),
    ).toBe(true);
    expect(
      holds('has resource.keeper and resource.keeper not in [Member "a", Member "b"]', {
        row: { keeper: "c" },
      }),
    ).toBe(true);
    expect(holds('principal != Member "ada"')).toBe(false);
  });

  test("are in a group, which may be named, and in sets", () => {
    expect(holds(`principal in Branch "${house}"`)).toBe(true);
    expect(
      holds(`resource.branch in Branch "${house}"`, {
        ancestors: { "resource.branch": { Branch: [house] } },
      }),
    ).toBe(true);
    expect(holds("resource.reserved_for.contains(principal)", { row: { reserved_for: ["ada"] } })).toBe(true);
    expect(holds("not resource.reserved_for.contains(principal)", { row: { reserved_for: ["Ada"] } })).toBe(
      true,
    );
  });
});
