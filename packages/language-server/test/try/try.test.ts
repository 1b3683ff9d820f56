/** *Try it* over a whole example: every request that its tests ask is completed, decided by all engines, and kept as a test. */
import { applyEdits, formatText, runTests, tenantLimits } from "@wardline/compiler";
import { evaluate, type RequestDocument } from "@wardline/core";
import {
  keepAsTest,
  runPolicyTests,
  scenarioOf,
  snapshotOf,
  tryIt,
  tryRoles,
  type Scenario,
  type ScenarioChange,
  type Snapshot,
} from "@wardline/language-server";
import { describe, expect, test } from "vitest";
import { agency, agencyFile, house, projectsExample, withText } from "../projects.ts";

const project = projectsExample();
const snapshot = snapshotOf(project);
/** Every so many of the requests; 1: all. */
const step = Number(process.env["WARDLINE_TRY_STEP"] ?? 80);

function given<T>(value: T | { readonly refused: string }): T {
  if (typeof value === "object" && value !== null && "refused" in value) throw new Error(value.refused);
  return value;
}

function choose(scenario: Scenario | null, ...changes: readonly ScenarioChange[]): Scenario {
  let at = scenario ?? given(scenarioOf(snapshot, { tenant: agency }));
  for (const change of changes)
    at = given(scenarioOf(snapshot, { tenant: agency, request: at.request, change }));
  return at;
}

const fact = (scenario: Scenario, path: string) => {
  const found = scenario.facts.find((one) => one.path === path);
  if (found === undefined)
    throw new Error(`no ${path} among ${scenario.facts.map((one) => one.path).join(", ")}`);
  return found;
};
const set = (scenario: Scenario, path: string, value: string | number | boolean | readonly string[] | null) =>
  choose(scenario, { kind: "fact", fact: fact(scenario, path).id, value });

const listTasks: ScenarioChange = { kind: "question", principal: "User", action: "list", resource: "Task" };

describe("a scenario", () => {
  test("begins with a question that the engines can decide", () => {
    const { request, people, actions, types } = choose(null);
    expect(evaluate(snapshot.compiled(agency)!.program!, request).reason).not.toBe("invalid_input");
    expect(actions.map(({ value }) => value)).toContain("approve");
    expect(types.map(({ value }) => value)).toContain("TimeEntry");
    expect(people.map(({ label }) => label)).toContain("a controller person");
    expect(people.some(({ from }) => from !== null)).toBe(true);
  });

  test("gives the facts that the decision reads, each with a picker of its type", () => {
    const scenario = choose(null, {
      kind: "question",
      principal: "User",
      action: "read",
      resource: "TimeEntry",
    });
    expect(fact(scenario, "principal.roles").picker).toMatchObject({ kind: "many", free: false });
    expect(fact(scenario, "resource.day").decides).toBe(false);
    expect(fact(scenario, "resource.worker").decides).toBe(true);
    expect(fact(scenario, "member(principal, resource.task.project)").picker).toEqual({ kind: "bool" });
    expect(fact(scenario, "now").value).toBe("2026-01-05T12:00");
    expect(scenario.request.now).toBe("2026-01-05T11:00:00.000000Z");
  });

  test("takes values as people type them, and says what it wants where they do not fit", () => {
    const scenario = choose(null, { kind: "question", action: "read", resource: "TimeEntry" });
    const request = set(scenario, "resource.rate", "12.5").request;
    expect(request.resource.attributes?.["rate"]).toBe("12.50");
    const id = fact(scenario, "resource.rate").id;
    for (const value of ["a lot", "1.234", "NaN", "1e3"])
      expect(
        scenarioOf(snapshot, {
          tenant: agency,
          request: scenario.request,
          change: { kind: "fact", fact: id, value },
        }),
      ).toEqual({
        refused: "Rate: write a number with at most 2 digits after the point.",
      });
  });

  test("keeps a relation between whoever is chosen", () => {
    let scenario = choose(null, listTasks);
    scenario = set(scenario, "member(principal, resource.project)", true);
    scenario = choose(scenario, { kind: "person", key: "role employee" });
    expect(fact(scenario, "member(principal, resource.project)").value).toBe(true);
    expect(scenario.request.relations?.["member"]).toEqual([{ from: "employee_person", to: "project_1" }]);
  });

  test("an update leaves what nobody changes, also where the row changes", () => {
    let scenario = choose(null, { kind: "question", action: "update", resource: "Task" });
    scenario = set(scenario, "prior.progress", "done");
    expect(scenario.request.next?.attributes?.["progress"]).toBe("done");
    scenario = set(scenario, "next.progress", "blocked");
    scenario = set(scenario, "prior.progress", "doing");
    expect(scenario.request.next?.attributes?.["progress"]).toBe("blocked");
    expect(
      choose(scenario, { kind: "question", action: "read" }).request.resource.attributes?.["progress"],
    ).toBe("doing");
  });

  test("finds an example of what is allowed, and of what is not", () => {
    const allowed = choose(null, listTasks, { kind: "example", permitted: true });
    expect(given(tryIt(snapshot, { tenant: agency, request: allowed.request })).outcome).toBe("permit");
    const refused = choose(allowed, { kind: "example", permitted: false });
    expect(given(tryIt(snapshot, { tenant: agency, request: refused.request })).outcome).not.toBe("permit");
  });

  test.each([
    ["nothing", undefined],
    ["a text", "x"],
    ["an array", []],
    ["a prototype", JSON.parse('{"__proto__":{"x":1},"principal":{"type":"__proto__","roles":7}}')],
    [
      "wrong parts",
      {
        principal: 1,
        action: [],
        resource: { type: "Task", attributes: "x" },
        relations: { member: 3 },
        now: "never",
      },
    ],
  ])("makes a proper question of %s", (_, request) => {
    const scenario = given(scenarioOf(snapshot, { tenant: agency, request: request as RequestDocument }));
    expect(given(tryIt(snapshot, { tenant: agency, request: scenario.request })).reason).not.toBe(
      "invalid_input",
    );
  });

  test("is refused for a policy with an error, with the error", () => {
    const broken = withText(
      project,
      agencyFile,
      `policy ${agency} for projects\n\npermit x: nobody to read Task\n`,
    );
    expect(scenarioOf(broken, { tenant: agency })).toEqual({
      refused: expect.stringMatching(/^The policy has an error in policy.tenants.\w+\.ward: unknown/),
    });
    expect(scenarioOf(snapshot, { tenant: "nobody" })).toEqual({
      refused: "The project has no tenant called nobody.",
    });
  });
});

describe("an answer", () => {
  const guest = choose(null, listTasks, { kind: "person", key: "role guest" });

  test("says that something is forbidden, by which rule, where and why", () => {
    const answer = given(tryIt(snapshot, { tenant: agency, request: guest.request }));
    expect(answer).toMatchObject({ outcome: "deny", verdict: "Forbidden", faults: [], fields: [] });
    expect(answer.why[0]).toBe(
      "The rules guests_tasks and no_guests forbid it: Guests see the tasks that are shown to them; The organisation has no guests. Whatever else is allowed, this stops it.",
    );
    const [first] = answer.rules;
    expect(first).toMatchObject({ decides: true, kind: "forbid", whose: "the platform", says: "forbids it" });
    const text = snapshot.text(first!.place!.file)!;
    expect(text.slice(first!.place!.start, first!.place!.end)).toMatch(/^forbid guests_tasks: guest/);
    expect(answer.moduleSize).toBeGreaterThan(1000);
  });

  test("says that nothing grants it where no rule is against it", () => {
    const asked = choose(guest, { kind: "person", key: "role employee" });
    const answer = given(tryIt(snapshot, { tenant: agency, request: asked.request }));
    expect(answer).toMatchObject({ outcome: "deny", verdict: "Not allowed: nothing grants it" });
    expect(answer.why[0]).toContain("Nothing forbids it, but no rule grants it");
    const [miss] = answer.misses;
    expect(miss!.text).toBe("Would be allowed if they had the role owner");
    expect(given(tryIt(snapshot, { tenant: agency, request: miss!.request! })).outcome).toBe("permit");
  });

  test("shows the row as the person would see it", () => {
    let asked = choose(
      null,
      { kind: "question", action: "read", resource: "TimeEntry" },
      { kind: "person", key: "role controller" },
    );
    asked = set(asked, "resource.rate", "129.99");
    asked = set(asked, "resource.remark", "late");
    const { fields, duties } = given(tryIt(snapshot, { tenant: agency, request: asked.request }));
    expect(fields.find(({ field }) => field === "rate")).toMatchObject({
      value: "129.99",
      shown: null,
      effect: "hidden",
    });
    expect(fields.find(({ field }) => field === "day")).toMatchObject({
      value: "2026-01-05",
      shown: "2026-01-01",
      effect: "masked",
      how: "is shown to the month",
    });
    expect(fields.find(({ field }) => field === "minutes")).toMatchObject({ effect: "shown", how: null });
    expect(duties).toContain("remark is sealed when stored");
  });

  test("is a fault, and no permit, where an engine says something else", () => {
    const asked = choose(
      null,
      { kind: "question", action: "read", resource: "TimeEntry" },
      { kind: "person", key: "role controller" },
    );
    const other = () => ({ outcome: "deny", rules: [], obligations: [], reason: "not_granted" }) as const;
    const throws = () => {
      throw new Error("trapped");
    };
    const engines = () => ({
      decide: { one: other, two: throws },
      moduleSize: null,
      faults: ["three cannot be made here (x)"],
    });
    const answer = given(tryIt(snapshot, { tenant: agency, request: asked.request }, engines));
    expect(answer).toMatchObject({ outcome: "deny", verdict: "Internal fault", fields: [] });
    expect(answer.faults).toHaveLength(3);
  });

  test("keeps relations with what the row refers to before and after an update apart", () => {
    let asked = choose(null, { kind: "question", action: "update", resource: "Task" });
    asked = choose(asked, { kind: "person", key: "role employee" });
    asked = set(asked, "member(principal, prior.project)", true);
    expect(fact(asked, "member(principal, next.project)").value).toBe(true);
    asked = set(asked, "next.project", "elsewhere");
    asked = set(asked, "member(principal, next.project)", false);
    expect(fact(asked, "member(principal, prior.project)").value).toBe(true);
  });

  test("says what is about one of the two rows of an update alone", () => {
    const model = {
      name: "m.ward",
      text: "model m\nprincipal P { name: String }\nentity E stored in es { open: Bool }\nrole r for P\naction update updates E\n",
    };
    const policy = { name: "t.ward", text: "policy t for m\npermit p: r to update E when resource.open\n" };
    const small = snapshotOf({
      model,
      platform: [],
      packs: [],
      tenants: new Map([["t", policy]]),
      lints: {},
    });
    const row = (open: boolean) => ({ id: "e", tenant: "t", attributes: { open } });
    const principal = { type: "P", id: "p", tenant: "t", roles: ["r"] };
    const asked = {
      principal,
      action: { name: "update" },
      resource: { type: "E" },
      prior: row(true),
      next: row(false),
    };
    const { request } = given(scenarioOf(small, { tenant: "t", request: { tenant: { id: "t" }, ...asked } }));
    expect(given(tryIt(small, { tenant: "t", request })).why).toEqual([
      expect.stringMatching(/That is about the record as it would be\.$/),
    ]);
    const both = { ...request, prior: row(false) };
    expect(given(tryIt(small, { tenant: "t", request: both })).why).toEqual([
      expect.not.stringContaining("That is"),
    ]);
  });

  test("is given for one person of each role", () => {
    const rows = given(tryRoles(snapshot, { tenant: agency, request: guest.request }));
    expect(rows.map(({ role }) => role)).toEqual([
      "owner",
      "admin",
      "employee",
      "guest",
      "support",
      "controller",
      null,
    ]);
    expect(rows.map(({ outcome }) => outcome)).toEqual([
      "permit",
      "deny",
      "deny",
      "deny",
      "deny",
      "deny",
      "deny",
    ]);
  });
});

describe("kept as a test", () => {
  /** The text with the test, after all that is promised of it. */
  function kept(of: Snapshot, tenant: string, requests: readonly RequestDocument[], into?: string): string {
    const result = given(keepAsTest(of, { tenant, requests, ...(into === undefined ? {} : { into }) }));
    const text = applyEdits(of.text(result.file)!, result.edits);
    const after = withText(of.project, result.file, text);
    const formatted = formatText({ name: result.file, text }, tenantLimits);
    expect("text" in formatted ? formatted.text : formatted).toBe(text);
    const ran = given(runPolicyTests(after, { tenant })).find(({ title }) => title === result.title);
    expect(ran).toMatchObject({ passed: true });
    return result.text;
  }

  test("in a text whose lines end otherwise, as they do", () => {
    const text = snapshot.text(agencyFile)!.replaceAll("\n", "\r\n");
    const of = withText(project, agencyFile, text);
    const { request } = choose(null, listTasks);
    const { title } = given(runPolicyTests(of, { tenant: agency })).find(({ layer }) => layer === "tenant")!;
    for (const into of [{}, { into: title }]) {
      const result = keepAsTest(of, { tenant: agency, requests: [request], ...into });
      const after = applyEdits(text, given(result).edits);
      expect(after).not.toBe(text);
      expect(after.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    }
  });

  test.each([agency, house])("every request of %s that words can say", (tenant) => {
    const { program, tests } = snapshot.compiled(tenant)!;
    const asked = runTests(program!, tests).flatMap(({ expects }) => expects.flatMap((one) => one.asked));
    const few = asked.filter((_, index) => index % step === 0);
    const refused: string[] = [];
    for (const { request } of few) {
      const { request: whole } = given(scenarioOf(snapshot, { tenant, request }));
      expect(evaluate(program!, whole)).toEqual(evaluate(program!, request));
      expect(given(tryIt(snapshot, { tenant, request: whole })).faults).toEqual([]);
      const result = keepAsTest(snapshot, { tenant, requests: [whole] });
      if ("refused" in result) refused.push(result.refused);
      else kept(snapshot, tenant, [whole]);
    }
    expect(few.length).toBeGreaterThan(1);
    expect(refused).toEqual([]);
  });

  test("reads as a person would write it", () => {
    let asked = choose(
      null,
      { kind: "question", action: "read", resource: "TimeEntry" },
      { kind: "person", key: "role controller" },
    );
    asked = set(asked, "resource.rate", "129.99");
    expect(kept(snapshot, agency, [asked.request])).toMatchInlineSnapshot(`
      "test "controller may read a TimeEntry: day is shown to the month and rate is hidden" {
        let controller_person = User "controller_person" { roles: [controller] }
        let time_entry = TimeEntry "time_entry_1" {
          task: Task "task_1" { project: Project "project_1" },
          worker: User "user_1"
        }
        expect permit controller_person to read time_entry by controllers_time with mask(day, month), hide(rate)
      }"
    `);
  });

  test("several people in one test", () => {
    const asked = choose(null, listTasks);
    const rows = given(tryRoles(snapshot, { tenant: agency, request: asked.request }));
    const some = rows.filter(({ role }) => role === "owner" || role === "guest" || role === "employee");
    expect(
      kept(
        snapshot,
        agency,
        some.map(({ request }) => request),
      ),
    ).toMatchInlineSnapshot(`
      "test "who may list a Task: owner may, employee and guest may not" {
        let owner_person = User { roles: [owner] }
        let task = Task "task_1" { project: Project "project_1" }
        let employee_person = User { roles: [employee] }
        let guest_person = User { roles: [guest] }
        given now 2026-01-05T11:00:00Z
        expect permit owner_person to list task by owners
        expect deny employee_person to list task as not_granted
        expect deny guest_person to list task by guests_tasks, no_guests as forbidden
      }"
    `);
  });

  test("in a test that there is", () => {
    const asked = choose(
      null,
      { kind: "question", action: "read", resource: "TimeEntry" },
      { kind: "person", key: "role controller" },
    );
    const [first] = snapshot.compiled(agency)!.tests.filter(({ layer }) => layer === "tenant");
    expect(kept(snapshot, agency, [asked.request], first!.title)).toContain("expect permit User");
    expect(keepAsTest(snapshot, { tenant: agency, requests: [asked.request], into: "none" })).toEqual({
      refused: "The policy has no test “none”.",
    });
  });

  test("is refused where words cannot say it", () => {
    let asked = choose(null, { kind: "question", action: "export", resource: "TimeEntry" });
    const limit = asked.facts.find(({ label }) => label.startsWith("Uses left"))!;
    asked = choose(asked, { kind: "fact", fact: limit.id, value: 0 });
    const result = keepAsTest(snapshot, { tenant: agency, requests: [asked.request] });
    expect(result).toEqual({
      refused: expect.stringContaining("A test cannot say this: nothing is left of the limit of"),
    });
  });
});

test("the tests of a policy are run, and say what is wrong where", () => {
  const all = given(runPolicyTests(snapshot, { tenant: agency }));
  expect(all.filter(({ passed }) => !passed)).toEqual([]);
  const text = `${snapshot.text(agencyFile)}\ntest "wrong" {\n  expect permit User {} to delete Task { project: Project "p" }\n}\n`;
  const wrong = given(runPolicyTests(withText(project, agencyFile, text), { tenant: agency })).find(
    ({ title }) => title === "wrong",
  );
  expect(wrong).toMatchObject({ passed: false, layer: "tenant" });
  expect(text.slice(wrong!.problems[0]!.place.start, wrong!.problems[0]!.place.end)).toMatch(
    /^expect permit/,
  );
});
