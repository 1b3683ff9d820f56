/** Every template on whole examples: it compiles, is formatted, adds to the policy alone, and says what access changes. */
import { applyEdits, formatText, tenantLimits } from "@wardline/compiler";
import type { Project } from "@wardline/compiler/project";
import {
  applyTemplate,
  applyTemplateInSteps,
  snapshotOf,
  starters,
  templatesOf,
  type AppliedTemplate,
  type OfferedTemplate,
  type TemplateValue,
} from "@wardline/language-server";
import { describe, expect, test } from "vitest";
import { agency, agencyFile, projectsExample, withText } from "../projects.ts";

const project = projectsExample();
const bare = `policy ${agency} for projects\n`;
const bareSnapshot = withText(project, agencyFile, bare);
const whole = snapshotOf(project).text(agencyFile)!;
const snapshots = new Map([
  [bare, bareSnapshot],
  [whole, snapshotOf(project)],
]);

function given<T>(value: T | { readonly refused: string }): T {
  if (typeof value === "object" && value !== null && "refused" in value) throw new Error(value.refused);
  return value;
}

/** What is promised of every template: the text with it, and what it told. */
function apply(
  text: string,
  template: string,
  values: Readonly<Record<string, TemplateValue | null>> = {},
): AppliedTemplate & { readonly after: string } {
  const snapshot = snapshots.get(text) ?? withText(project, agencyFile, text);
  const applied = given(applyTemplate(snapshot, { tenant: agency, template, values }));
  const after = applyEdits(text, applied.edits);
  const formatted = formatText({ name: agencyFile, text: after }, tenantLimits);
  expect("text" in formatted ? formatted.text : formatted).toBe(after);
  expect(after.replace(applied.text, "").replaceAll(/\n+/g, "\n").trim()).toBe(
    text.replaceAll(/\n+/g, "\n").trim(),
  );
  expect(withText(project, agencyFile, after).compiled(agency)?.program).not.toBeNull();
  return { ...applied, after };
}

const offered = (text: string) =>
  given(templatesOf(snapshots.get(text) ?? withText(project, agencyFile, text), { tenant: agency }));
const named = (all: readonly OfferedTemplate[], id: string) => all.find((one) => one.id === id)!;

test("all starters are offered for a rich model, and the packs of the project", () => {
  const all = offered(bare);
  expect(all.filter(({ missing }) => missing !== null)).toEqual([]);
  expect(all.map(({ id }) => id)).toEqual(["pack careful_exports 1.0", ...starters.map(({ id }) => id)]);
});

describe.each(starters.map(({ id }) => id))("%s", (id) => {
  test("applies to a whole policy", () => {
    expect(apply(whole, id).text).toMatch(new RegExp(`^\\w+ ${id}:`));
  });

  test("takes only what it offers", () => {
    const { parameters } = named(offered(bare), id);
    for (const { name, picker } of parameters)
      for (const value of [
        'x" permit all: anyone to act on anything',
        "}\npermit x: admin to delete Project",
        ["nobody"],
        true,
      ]) {
        const result = applyTemplate(bareSnapshot, {
          tenant: agency,
          template: id,
          values: { [name]: value },
        });
        if ("refused" in result) expect(result.refused).toMatch(/\S\.$/);
        // A text is written as a text.
        else expect([picker.kind, result.text.match(/^\w+ \w+:/gm)?.length]).toEqual(["text", 1]);
      }
  });
});

test("is not offered where a model has no part for it, and says which", () => {
  const model = {
    name: "m.ward",
    text: "model m\nprincipal P { name: String }\nentity E stored in es { name: String }\nrole r for P\naction read reads E\n",
  };
  const small: Project = {
    model,
    platform: [],
    packs: [],
    tenants: new Map([["t", { name: "t.ward", text: "policy t for m\n" }]]),
    lints: {},
  };
  const all = given(templatesOf(snapshotOf(small), { tenant: "t" }));
  expect(all.filter(({ missing }) => missing === null).map(({ id }) => id)).toEqual([
    "look",
    "limit",
    "on_record",
    "mask",
  ]);
  expect(named(all, "network").missing).toBe("Requests do not say from which address they come.");
  expect(named(all, "own_group").missing).toBe(
    "No record names a part of the organisation that people are in.",
  );
});

describe("a pack", () => {
  const id = "pack careful_exports 1.0";

  test("is a form made from its parameters' types, bounds, defaults and documentation", () => {
    expect(named(offered(bare), id).parameters).toMatchInlineSnapshot(`
      [
        {
          "documentation": "What must not leave without a trace.",
          "label": "Guarded",
          "name": "guarded",
          "optional": false,
          "picker": {
            "free": false,
            "kind": "one",
            "options": [
              {
                "documentation": null,
                "label": "#content",
                "value": "content",
              },
              {
                "documentation": null,
                "label": "#money",
                "value": "money",
              },
              {
                "documentation": null,
                "label": "#contact",
                "value": "contact",
              },
              {
                "documentation": null,
                "label": "#ended",
                "value": "ended",
              },
            ],
          },
          "value": "content",
        },
        {
          "documentation": "How old a second factor may be.",
          "label": "Fresh",
          "name": "fresh",
          "optional": true,
          "picker": {
            "form": "a length of time such as 15m of at most 30m",
            "kind": "text",
          },
          "value": "10m",
        },
        {
          "documentation": "How many exports a person has in a day.",
          "label": "Daily",
          "name": "daily",
          "optional": true,
          "picker": {
            "kind": "number",
            "max": 50,
            "min": 1,
            "scale": 0,
          },
          "value": 10,
        },
      ]
    `);
  });

  test("is used with what is not its default", () => {
    const { text, after } = apply(bare, id, { guarded: "content", fresh: "10m", daily: 3 });
    expect(text).toBe("use careful_exports 1.0 {\n  guarded: #content\n  daily: 3\n}");
    expect(named(offered(after), id).missing).toBe("The policy uses this pack already.");
    expect(
      applyTemplate(withText(project, agencyFile, after), { tenant: agency, template: id, values: {} }),
    ).toEqual({
      refused: expect.stringMatching(/^This does not fit the policy: /),
    });
  });

  test.each([
    ["fresh", "45m", /takes a Duration of at most 30m|does not fit/],
    ["fresh", "soon", /^Fresh: write a length of time such as 15m of at most 30m\.$/],
    ["daily", 51, /does not fit/],
    ["daily", "3 }\npermit x: admin to delete Project", /^Daily: write a number\.$/],
    ["guarded", "nothing", /^Guarded: choose from the list\.$/],
  ])("refuses %s: %j", (name, value, why) => {
    const result = applyTemplate(bareSnapshot, {
      tenant: agency,
      template: id,
      values: { [name]: value },
    });
    expect("refused" in result ? result.refused : result).toMatch(why);
  });
});

test("says what access changes, what is warned of and which tests fail", () => {
  const snapshot = snapshotOf(project);
  const values = { roles: ["employee"], types: ["Task"], actions: ["update"] };
  const { changes, failing, text } = given(
    applyTemplate(snapshot, { tenant: agency, template: "never_role", values, preview: true }),
  );
  expect(text).toBe('forbid never_role: employee to update Task\n  because "Your role does not do this"');
  expect(changes!.map((change) => `${change.kind} ${change.text}`)).toContain(
    "lost employee: may no longer update a Task",
  );
  expect(changes![0]!.witness).toMatch(/^User .* to update Task/);
  expect(failing.length).toBeGreaterThan(0);
});

test("keeps names fresh, also where a role or a let is called so", () => {
  const { text } = apply(`${bare}\nrole look extends employee\n\nlet look_2 = context.mfa\n`, "look");
  expect(text).toMatch(/^permit look_3:/);
  expect(apply(apply(bare, "look").after, "look").text).toMatch(/^permit look_2:/);
});

test("step by step it is the same, other work goes in between, and who is gone waits no more", async () => {
  const params = { tenant: agency, template: "look", values: {}, preview: true };
  let others = 0;
  const busy = setInterval(() => (others += 1));
  const inSteps = await applyTemplateInSteps(bareSnapshot, params, () => false);
  clearInterval(busy);
  expect(inSteps).toEqual(applyTemplate(bareSnapshot, params));
  expect(others).toBeGreaterThan(2);
  expect(await applyTemplateInSteps(bareSnapshot, params, () => true)).toEqual({
    refused: "This is not asked any more.",
  });
});

test("says that a limit stops who used it up", () => {
  const values = { types: ["Project"], actions: ["export"], count: 3 };
  const applied = applyTemplate(snapshotOf(project), {
    tenant: agency,
    template: "limit",
    values,
    preview: true,
  });
  const [change] = given(applied).changes!;
  expect(change!.text).toMatch(/may no longer export a Project once the limit is used up$/);
  expect(change!.witness).toContain("nothing is left of the limit of");
});

test("tells a promise that does not hold, the new one's and those that were there", () => {
  const keep = { roles: ["employee"], types: ["Task"], actions: ["delete"] };
  const granted = withText(project, agencyFile, `${bare}\npermit clear: employee to delete Task\n`);
  const promised = given(
    applyTemplate(granted, { tenant: agency, template: "promise", values: keep, preview: true }),
  );
  expect(promised.broken).toEqual([
    expect.stringMatching(/^The promise promise does not hold: User .* to delete Task/),
  ]);
  const kept = withText(
    project,
    agencyFile,
    `${bare}\nassert keep: never permit admin to read Task\n  when principal.tenant == resource.tenant\n  unless principal.roles.contains(owner)\n`,
  );
  const values = { roles: ["admin"], types: ["Task"], actions: ["read"] };
  const opened = given(applyTemplate(kept, { tenant: agency, template: "look", values, preview: true }));
  expect(opened.broken).toEqual([
    expect.stringMatching(/^The promise keep does not hold: User .* to read Task/),
  ]);
  const closed = given(
    applyTemplate(kept, {
      tenant: agency,
      template: "never_role",
      values: { ...values, actions: ["update"] },
      preview: true,
    }),
  );
  expect(closed.broken).toEqual([]);
});

test.each(["never_role", "pack careful_exports 1.0"])("%s ends its lines as the text does", (template) => {
  const text = whole.replaceAll("\n", "\r\n");
  const of = withText(project, agencyFile, text);
  const { edits } = given(applyTemplate(of, { tenant: agency, template, values: {} }));
  const feeds = given(applyTemplate(snapshots.get(whole)!, { tenant: agency, template, values: {} }));
  expect(applyEdits(text, edits)).toBe(applyEdits(whole, feeds.edits).replaceAll("\n", "\r\n"));
});
