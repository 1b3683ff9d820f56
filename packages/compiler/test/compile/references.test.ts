/** What is read through references, through the oracle. */
import { evaluate, loadProgram, type Decision, type Program } from "@wardline/core";
import { describe, expect, test } from "vitest";
import { clinicModel } from "../check/clinic.ts";
import { compileLibrary } from "../check/library.ts";

const id = (n: number) => `0198c0de-0000-7000-8000-00000000000${n}`;
const [patientId, visitId, reportId, ward, house, ann, bob] = [1, 2, 3, 4, 5, 6, 7].map(id) as [
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
  readonly treats?: readonly (readonly [string, string])[];
}

function compileClinic(policy: string, model = clinicModel): Program {
  const { program, findings } = compileLibrary({
    model,
    platform: "platform for clinic\nceiling all: anyone to act on anything\n",
    policy: `policy north for clinic\n${policy}`,
  });
  if (program === null) throw new Error(findings.map((found) => found.message).join("; "));
  const loaded = loadProgram(JSON.parse(JSON.stringify(program)));
  if ("error" in loaded) throw new Error(loaded.error);
  return loaded.program;
}

function ask(program: Program, resource: "Patient" | "Report", asked: Asked): Decision {
  const rows = {
    Patient: { id: patientId, attributes: { name: "Eve", department: ward, ...asked.row } },
    Report: { id: reportId, attributes: { author: ann, text: "…", ...asked.row } },
  };
  return evaluate(program, {
    tenant: { id: "north", attributes: { main: house } },
    principal: {
      type: "Doctor",
      id: ann,
      tenant: "north",
      roles: ["medic"],
      attributes: { clearance: 3, tier: 1, home: ward, pass: "x", ...asked.principal },
    },
    action: { name: "read" },
    resource: { type: resource, tenant: "north", ...rows[resource] },
    context: { mfa: true },
    references: asked.references ?? {},
    ancestors: asked.ancestors ?? {},
    relations: { treats: (asked.treats ?? []).map(([from, to]) => ({ from, to })) },
    now: "2026-01-05T12:00:00.000000Z",
  });
}

const of =
  (resource: "Patient" | "Report") =>
  (condition: string, asked: Asked): string => {
    const program = compileClinic(`permit a: medic to read ${resource} when ${condition}`);
    const decision = ask(program, resource, asked);
    return decision.outcome === "deny" ? `deny ${decision.reason}` : decision.outcome;
  };
const patient = of("Patient");
const report = of("Report");

describe("an attribute behind a reference", () => {
  const department = (facts: Facts) => ({ references: { "resource.department": facts } });

  test("is compared as any other", () => {
    const condition = 'resource.department.name == "er" and resource.department.floor < 3';
    expect(patient(condition, department({ name: "er", floor: 1 }))).toBe("permit");
    expect(patient(condition, department({ name: "er", floor: 3 }))).toBe("deny not_granted");
    expect(patient(condition, department({ name: "icu", floor: 1 }))).toBe("deny not_granted");
    expect(patient('resource.department.name.starts_with("e")', department({ name: "er" }))).toBe("permit");
    expect(patient('resource.department.name in ["er", "icu"]', department({ name: "icu" }))).toBe("permit");
    expect(patient('resource.department.tags.contains("a")', department({ tags: ["a"] }))).toBe("permit");
    expect(patient("resource.department.tags.is_empty", department({ tags: ["a"] }))).toBe(
      "deny not_granted",
    );
  });

  test("must be in the request, and be of its type", () => {
    const condition = 'resource.department.name == "er"';
    expect(patient(condition, {})).toBe("deny invalid_input");
    expect(patient(condition, department({}))).toBe("deny invalid_input");
    expect(patient(condition, department({ name: 5 }))).toBe("deny invalid_input");
    // A reference that is not optional and absent is no input either.
    expect(patient(condition, { row: { department: null }, ...department({ name: "er" }) })).toBe(
      "deny invalid_input",
    );
  });

  test("of the principal's references comes with them", () => {
    expect(patient("principal.home.floor == 2", { references: { "principal.home": { floor: 2 } } })).toBe(
      "permit",
    );
    const manager = "has principal.manager and principal.manager.clearance >= 4";
    expect(patient(manager, {})).toBe("deny not_granted");
    expect(
      patient(manager, {
        principal: { manager: bob },
        references: { "principal.manager": { clearance: 4 } },
      }),
    ).toBe("permit");
    expect(
      patient("has principal.manager and principal.manager.home == resource.department", {
        principal: { manager: bob },
        references: { "principal.manager": { home: ward } },
      }),
    ).toBe("permit");
  });
});

describe("an optional reference", () => {
  const clearance = "has resource.attending and resource.attending.clearance >= 2";
  const attending = (facts: Facts) => ({
    row: { attending: bob },
    references: { "resource.attending": facts },
  });

  test("is guarded by `has`, and then what it leads to is there", () => {
    expect(patient(clearance, {})).toBe("deny not_granted");
    expect(patient(clearance, attending({ clearance: 2 }))).toBe("permit");
    expect(patient(clearance, attending({ clearance: 1 }))).toBe("deny not_granted");
    expect(patient(`not (${clearance})`, {})).toBe("permit");
    // It is set, and leads to nothing.
    expect(patient(clearance, attending({}))).toBe("deny invalid_input");
  });

  test("has what stands behind it if both are there", () => {
    const warded =
      'has resource.attending.ward and resource.attending.ward == "w" and resource.attending.clearance > 0';
    expect(patient(warded, {})).toBe("deny not_granted");
    expect(patient(warded, attending({ clearance: 1 }))).toBe("deny not_granted");
    expect(patient(warded, attending({ clearance: 1, ward: "w" }))).toBe("permit");
    expect(patient("has resource.attending.clearance", attending({ clearance: 0 }))).toBe("permit");
    expect(patient("has resource.attending.clearance", {})).toBe("deny not_granted");
  });

  test("is stood in for by a fallback", () => {
    expect(patient("resource.attending.clearance ?? 5 == 5", {})).toBe("permit");
    expect(patient("resource.attending.clearance ?? 5 == 5", attending({ clearance: 1 }))).toBe(
      "deny not_granted",
    );
    expect(patient('resource.attending.ward ?? "none" == "none"', attending({}))).toBe("permit");
  });

  test("flows through lets, parentheses, whens and into unless", () => {
    const program = compileClinic(`let led = has resource.attending
permit a: medic to read Patient
  when (led and resource.attending.clearance > 1)
  when resource.attending.clearance < 5
  unless resource.attending.tier == 3`);
    const outcome = (asked: Asked) => ask(program, "Patient", asked).outcome;
    expect(outcome({})).toBe("deny");
    expect(outcome(attending({ clearance: 2, tier: 1 }))).toBe("permit");
    expect(outcome(attending({ clearance: 2, tier: 3 }))).toBe("deny");
  });
});

describe("two references", () => {
  const visited = (visit: Facts, patientOfVisit: Facts = {}) => ({
    row: { visit: visitId },
    references: { "resource.visit": visit, "resource.visit.patient": patientOfVisit },
  });

  test("lead to an attribute", () => {
    const named = 'has resource.visit and resource.visit.patient.name == "Eve"';
    expect(report(named, {})).toBe("deny not_granted");
    expect(report(named, visited({ patient: patientId }, { name: "Eve" }))).toBe("permit");
    expect(report(named, visited({ patient: patientId }, { name: "Ada" }))).toBe("deny not_granted");
    expect(report(named, visited({ patient: patientId }))).toBe("deny invalid_input");
    expect(report(named, visited({}))).toBe("deny invalid_input");
  });

  test("lead to an entity that is compared, and asked for in a relation", () => {
    const same = "has resource.visit and resource.visit.patient.department == principal.home";
    expect(report(same, visited({ patient: patientId }, { department: ward }))).toBe("permit");
    const treated = "has resource.visit and treats(principal, resource.visit.patient)";
    expect(report(treated, visited({ patient: patientId }))).toBe("deny not_granted");
    expect(report(treated, { ...visited({ patient: patientId }), treats: [[ann, patientId]] })).toBe(
      "permit",
    );
    expect(report(`not (${treated})`, { treats: [[ann, patientId]] })).toBe("permit");
  });

  test("lead to a group, and to what stands below one", () => {
    const inGroup = "has resource.visit.department and principal in resource.visit.department";
    const principal = { principal: { Department: [ward, house] } };
    expect(report(inGroup, { ...visited({ department: house }), ancestors: principal })).toBe("permit");
    expect(report(inGroup, { ...visited({ department: patientId }), ancestors: principal })).toBe(
      "deny not_granted",
    );
    expect(report(inGroup, { ...visited({}), ancestors: principal })).toBe("deny not_granted");
    expect(report(inGroup, { ancestors: principal })).toBe("deny not_granted");
    const below = `has resource.visit.department and resource.visit.department in Department "${house}"`;
    const ancestors = { "resource.visit.department": { Department: [house] } };
    expect(report(below, { ...visited({ department: ward }), ancestors })).toBe("permit");
    expect(report(below, { ...visited({ department: house }), ancestors: {} })).toBe("deny invalid_input");
    expect(
      report(`resource.author.home in tenant.main`, {
        references: { "resource.author": { home: ward } },
        ancestors: { "resource.author.home": { Department: [house] } },
      }),
    ).toBe("permit");
  });
});

test("a table reads the references that its facts stand behind, and no other table's", () => {
  const program = compileClinic(
    'permit a: medic to read Report when has resource.visit and resource.visit.patient.name == "Eve"\n' +
      'permit b: medic to read Patient, Visit when resource.department.name ?? "x" == "er"',
  );
  const read = (resource: string) =>
    program.tables
      .find((table) => table.principal === "Doctor" && table.action === "read" && table.resource === resource)
      ?.slots.map((slot) => program.slots[slot])
      .filter((slot) => slot?.source.from === "reference" || slot?.source.from === "row_attribute")
      .map((slot) => [slot?.source, slot?.optional]);
  expect(read("Report")).toEqual(
    expect.arrayContaining([
      [{ from: "row_attribute", row: "resource", name: "visit" }, true],
      [{ from: "reference", of: { root: "resource", attribute: "visit" }, name: "patient" }, false],
      [
        {
          from: "reference",
          of: { root: "resource", attribute: "visit", further: "patient" },
          name: "name",
        },
        false,
      ],
    ]),
  );
  // One fact, behind a reference that is optional on one of two types.
  const department = { from: "row_attribute", row: "resource", name: "department" };
  expect(read("Patient")).toContainEqual([department, false]);
  expect(read("Visit")).toContainEqual([department, true]);
});
