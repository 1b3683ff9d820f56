/** What is read through references, through the oracle. */
import { evaluate, loadProgram, type Decision, type Program } from "@wardline/core";
import { describe, expect, test } from "vitest";
import { museumModel } from "../check/museum.ts";
import { compileLibrary } from "../check/library.ts";

const id = (n: number) => `0198c0de-0000-7000-8000-00000000000${n}`;
const [paintingId, showingId, reportId, ward, house, ann, bob] = [1, 2, 3, 4, 5, 6, 7].map(id) as [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
];

type Facts = Readonly<Record<string, unknown>>;

interface Asked {
  readonly row?: Facts;
  readonly principal?: Facts;
  readonly references?: Readonly<Record<string, Facts>>;
  readonly ancestors?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly restores?: readonly (readonly [string, string])[];
}

function compileMuseum(policy: string, model = museumModel): Program {
  const { program, findings } = compileLibrary({
    model,
    platform: "platform for museum\nceiling all: anyone to act on anything\n",
    policy: `policy north for museum\n${policy}`,
  });
  if (program === null) throw new Error(findings.map((found) => found.message).join("; "));
  const loaded = loadProgram(JSON.parse(JSON.stringify(program)));
  if ("error" in loaded) throw new Error(loaded.error);
  return loaded.program;
}

function ask(program: Program, resource: "Painting" | "Report", asked: Asked): Decision {
  const rows = {
    Painting: { id: paintingId, attributes: { name: "Eve", gallery: ward, ...asked.row } },
    Report: { id: reportId, attributes: { author: ann, text: "…", ...asked.row } },
  };
  return evaluate(program, {
    tenant: { id: "north", attributes: { main: house } },
    principal: {
      type: "Doctor",
      id: ann,
      tenant: "north",
      roles: ["medic"],
      attributes: { grade: 3, tier: 1, home: ward, pass: "x", ...asked.principal },
    },
    action: { name: "read" },
    resource: { type: resource, tenant: "north", ...rows[resource] },
    context: { mfa: true },
    references: asked.references ?? {},
    ancestors: asked.ancestors ?? {},
    relations: { restores: (asked.restores ?? []).map(([from, to]) => ({ from, to })) },
    now: "2026-01-05T12:00:00.000000Z",
  });
}

const of =
  (resource: "Painting" | "Report") =>
  (condition: string, asked: Asked): string => {
    const program = compileMuseum(`permit a: medic to read ${resource} when ${condition}`);
    const decision = ask(program, resource, asked);
    return decision.outcome === "deny" ? `deny ${decision.reason}` : decision.outcome;
  };
const painting = of("Painting");
const report = of("Report");

describe("an attribute behind a reference", () => {
  const gallery = (facts: Facts) => ({ references: { "resource.gallery": facts } });

  test("is compared as any other", () => {
    const condition = 'resource.gallery.name == "er" and resource.gallery.floor < 3';
    expect(painting(condition, gallery({ name: "er", floor: 1 }))).toBe("permit");
    expect(painting(condition, gallery({ name: "er", floor: 3 }))).toBe("deny not_granted");
    expect(painting(condition, gallery({ name: "icu", floor: 1 }))).toBe("deny not_granted");
    expect(painting('resource.gallery.name.starts_with("e")', gallery({ name: "er" }))).toBe("permit");
    expect(painting('resource.gallery.name in ["er", "icu"]', gallery({ name: "icu" }))).toBe("permit");
    expect(painting('resource.gallery.tags.contains("a")', gallery({ tags: ["a"] }))).toBe("permit");
    expect(painting("resource.gallery.tags.is_empty", gallery({ tags: ["a"] }))).toBe("deny not_granted");
  });

  test("must be in the request, and be of its type", () => {
    const condition = 'resource.gallery.name == "er"';
    expect(painting(condition, {})).toBe("deny invalid_input");
    expect(painting(condition, gallery({}))).toBe("deny invalid_input");
    expect(painting(condition, gallery({ name: 5 }))).toBe("deny invalid_input");
    // A reference that is not optional and absent is no input either.
    expect(painting(condition, { row: { gallery: null }, ...gallery({ name: "er" }) })).toBe(
      "deny invalid_input",
    );
  });

  test("of the principal's references comes with them", () => {
    expect(painting("principal.home.floor == 2", { references: { "principal.home": { floor: 2 } } })).toBe(
      "permit",
    );
    const manager = "has principal.manager and principal.manager.grade >= 4";
    expect(painting(manager, {})).toBe("deny not_granted");
    expect(
      painting(manager, {
        principal: { manager: bob },
        references: { "principal.manager": { grade: 4 } },
      }),
    ).toBe("permit");
    expect(
      painting("has principal.manager and principal.manager.home == resource.gallery", {
        principal: { manager: bob },
        references: { "principal.manager": { home: ward } },
      }),
    ).toBe("permit");
  });
});

describe("an optional reference", () => {
  const grade = "has resource.curator and resource.curator.grade >= 2";
  const curator = (facts: Facts) => ({
    row: { curator: bob },
    references: { "resource.curator": facts },
  });

  test("is guarded by `has`, and then what it leads to is there", () => {
    expect(painting(grade, {})).toBe("deny not_granted");
    expect(painting(grade, curator({ grade: 2 }))).toBe("permit");
    expect(painting(grade, curator({ grade: 1 }))).toBe("deny not_granted");
    expect(painting(`not (${grade})`, {})).toBe("permit");
    // It is set, and leads to nothing.
    expect(painting(grade, curator({}))).toBe("deny invalid_input");
  });

  test("has what stands behind it if both are there", () => {
    const warded =
      'has resource.curator.ward and resource.curator.ward == "w" and resource.curator.grade > 0';
    expect(painting(warded, {})).toBe("deny not_granted");
    expect(painting(warded, curator({ grade: 1 }))).toBe("deny not_granted");
    expect(painting(warded, curator({ grade: 1, ward: "w" }))).toBe("permit");
    expect(painting("has resource.curator.grade", curator({ grade: 0 }))).toBe("permit");
    expect(painting("has resource.curator.grade", {})).toBe("deny not_granted");
  });

  test("is stood in for by a fallback", () => {
    expect(painting("resource.curator.grade ?? 5 == 5", {})).toBe("permit");
    expect(painting("resource.curator.grade ?? 5 == 5", curator({ grade: 1 }))).toBe("deny not_granted");
    expect(painting('resource.curator.ward ?? "none" == "none"', curator({}))).toBe("permit");
  });

  test("flows through lets, parentheses, whens and into unless", () => {
    const program = compileMuseum(`let led = has resource.curator
permit a: medic to read Painting
  when (led and resource.curator.grade > 1)
  when resource.curator.grade < 5
  unless resource.curator.tier == 3`);
    const outcome = (asked: Asked) => ask(program, "Painting", asked).outcome;
    expect(outcome({})).toBe("deny");
    expect(outcome(curator({ grade: 2, tier: 1 }))).toBe("permit");
    expect(outcome(curator({ grade: 2, tier: 3 }))).toBe("deny");
  });
});

describe("two references", () => {
  const showinged = (showing: Facts, paintingOfShowing: Facts = {}) => ({
    row: { showing: showingId },
    references: { "resource.showing": showing, "resource.showing.painting": paintingOfShowing },
  });

  test("lead to an attribute", () => {
    const named = 'has resource.showing and resource.showing.painting.name == "Eve"';
    expect(report(named, {})).toBe("deny not_granted");
    expect(report(named, showinged({ painting: paintingId }, { name: "Eve" }))).toBe("permit");
    expect(report(named, showinged({ painting: paintingId }, { name: "Ada" }))).toBe("deny not_granted");
    expect(report(named, showinged({ painting: paintingId }))).toBe("deny invalid_input");
    expect(report(named, showinged({}))).toBe("deny invalid_input");
  });

  test("lead to an entity that is compared, and asked for in a relation", () => {
    const same = "has resource.showing and resource.showing.painting.gallery == principal.home";
    expect(report(same, showinged({ painting: paintingId }, { gallery: ward }))).toBe("permit");
    const treated = "has resource.showing and restores(principal, resource.showing.painting)";
    expect(report(treated, showinged({ painting: paintingId }))).toBe("deny not_granted");
    expect(report(treated, { ...showinged({ painting: paintingId }), restores: [[ann, paintingId]] })).toBe(
      "permit",
    );
    expect(report(`not (${treated})`, { restores: [[ann, paintingId]] })).toBe("permit");
  });

  test("lead to a group, and to what stands below one", () => {
    const inGroup = "has resource.showing.gallery and principal in resource.showing.gallery";
    const principal = { principal: { Gallery: [ward, house] } };
    expect(report(inGroup, { ...showinged({ gallery: house }), ancestors: principal })).toBe("permit");
    expect(report(inGroup, { ...showinged({ gallery: paintingId }), ancestors: principal })).toBe(
      "deny not_granted",
    );
    expect(report(inGroup, { ...showinged({}), ancestors: principal })).toBe("deny not_granted");
    expect(report(inGroup, { ancestors: principal })).toBe("deny not_granted");
    const below = `has resource.showing.gallery and resource.showing.gallery in Gallery "${house}"`;
    const ancestors = { "resource.showing.gallery": { Gallery: [house] } };
    expect(report(below, { ...showinged({ gallery: ward }), ancestors })).toBe("permit");
    expect(report(below, { ...showinged({ gallery: house }), ancestors: {} })).toBe("deny invalid_input");
    expect(
      report(`resource.author.home in tenant.main`, {
        references: { "resource.author": { home: ward } },
        ancestors: { "resource.author.home": { Gallery: [house] } },
      }),
    ).toBe("permit");
  });
});

test("a table reads the references that its facts stand behind, and no other table's", () => {
  const program = compileMuseum(
    'permit a: medic to read Report when has resource.showing and resource.showing.painting.name == "Eve"\n' +
      'permit b: medic to read Painting, Showing when resource.gallery.name ?? "x" == "er"',
  );
  const read = (resource: string) =>
    program.tables
      .find((table) => table.principal === "Doctor" && table.action === "read" && table.resource === resource)
      ?.slots.map((slot) => program.slots[slot])
      .filter((slot) => slot?.source.from === "reference" || slot?.source.from === "row_attribute")
      .map((slot) => [slot?.source, slot?.optional]);
  expect(read("Report")).toEqual(
    expect.arrayContaining([
      [{ from: "row_attribute", row: "resource", name: "showing" }, true],
      [{ from: "reference", of: { root: "resource", attribute: "showing" }, name: "painting" }, false],
      [
        {
          from: "reference",
          of: { root: "resource", attribute: "showing", further: "painting" },
          name: "name",
        },
        false,
      ],
    ]),
  );
  // One fact, behind a reference that is optional on one of two types.
  const gallery = { from: "row_attribute", row: "resource", name: "gallery" };
  expect(read("Painting")).toContainEqual([gallery, false]);
  expect(read("Showing")).toContainEqual([gallery, true]);
});
