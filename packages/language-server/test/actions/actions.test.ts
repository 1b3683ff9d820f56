/** What can be done at a place, and that it leaves every decision as it is. */
import { applyEdits, compile, formatText, tenantLimits } from "@wardline/compiler";
import { filesOf, projectByHeader, type Project } from "@wardline/compiler/project";
import { expect, test } from "vitest";
import { actionsAt } from "../../src/actions/actions-at.ts";
import { snapshotOf } from "../../src/index.ts";
import { exampleProject, withText } from "../complete/texts.ts";

const model = `model library

principal Member {
  level: Int(0..5)
}

entity Loan stored in loans {
  open: Bool
  lost: Bool
  pages: Int(1..5000)
}

entity Letter stored in letters {
  sent: Bool
}

role reader, librarian for Member
delegate reader, librarian to tenants

action read, list reads Loan, Letter
action update updates Loan, Letter
`;

function over(policy: string) {
  const files = [
    { name: "library.ward", text: model },
    { name: "platform.ward", text: "platform for library\n\nceiling all: anyone to act on anything\n" },
    { name: "north.ward", text: `policy north for library\n\n${policy}` },
  ];
  const project = projectByHeader(files, "wardline.config.json") as Project;
  const text = files[2]?.text ?? "";
  return {
    text,
    at: (words: string, only: readonly string[] | null = null) => {
      const start = text.indexOf(words);
      expect(start).toBeGreaterThan(-1);
      return actionsAt(snapshotOf(project), "north.ward", { start, end: start + words.length }, only);
    },
    apply: (words: string, title: string) => {
      const start = text.indexOf(words);
      const found = actionsAt(snapshotOf(project), "north.ward", { start, end: start + words.length }, [
        "quickfix",
        "refactor",
        "source",
      ]).find((one) => one.title.includes(title));
      const edits = found?.edits() ?? null;
      return edits === null ? null : applyEdits(text, edits).slice("policy north for library\n\n".length);
    },
  };
}

test("a condition becomes a let, and goes back into its place", () => {
  const text = "permit desk: librarian to read Loan\n  when resource.open and not resource.lost\n";
  const made = over(text).apply("not resource.lost", "Extract");
  expect(made).toBe(
    "let desk_if = not resource.lost\n\npermit desk: librarian to read Loan\n  when resource.open and desk_if\n",
  );
  expect(over(made ?? "").apply("let desk_if", "Inline")).toBe(
    "permit desk: librarian to read Loan\n  when resource.open and (not resource.lost)\n",
  );
  expect(over(made ?? "").apply("and desk_if", "Inline")).toBeNull();
});

test("`when not` and `unless` say the same", () => {
  const text = "permit desk: librarian to read Loan\n  when not resource.lost\n";
  const turned = over(text).apply("not resource.lost", "into `unless`");
  expect(turned).toBe("permit desk: librarian to read Loan\n  unless resource.lost\n");
  expect(over(turned ?? "").apply("unless resource.lost", "into `when not`")).toBe(text);
  const either = "permit desk: librarian to read Loan\n  unless resource.lost or resource.open\n";
  expect(over(either).apply("unless", "into `when not`")).toBe(
    "permit desk: librarian to read Loan\n  when not (resource.lost or resource.open)\n",
  );
});

test("a rule is split by action and by type, but not where its parts would count by themselves", () => {
  const text = "permit desk: librarian to read, update Loan, Letter\n  when principal.level > 2\n";
  expect(over(text).apply("desk", "by action")).toBe(
    "permit desk_read: librarian to read Loan, Letter\n  when principal.level > 2\n\npermit desk_update: librarian to update Loan, Letter\n  when principal.level > 2\n",
  );
  expect(over(text).apply("desk", "by type")).toContain(
    "permit desk_letter: librarian to read, update Letter\n",
  );
  const limited = "permit desk: librarian to read, update Loan\n  with limit(20, per: day, by: principal)\n";
  expect(
    over(limited)
      .at("desk")
      .filter(({ title }) => title.includes("Split")),
  ).toEqual([]);
});

test("a fix is preferred if it is the one that can be carried out unasked; a choice never is", () => {
  const text =
    "let idle = resource.open\n\npermit desk: librarian to read Loan\n  when resource.lost == true\n";
  const fixes = (words: string) =>
    over(text)
      .at(words, ["quickfix"])
      .map(({ title, isPreferred }) => [title, isPreferred ?? false]);
  expect(fixes("== true")).toContainEqual(["Write `resource.lost`", true]);
  expect(fixes("idle")).toContainEqual(["Leave it out", false]);
  expect(over(text).apply("== true", "Mend all")).toBe(
    "let idle = resource.open\n\npermit desk: librarian to read Loan\n  when resource.lost\n",
  );
});

test("a forbid gets a reason, a lint a comment that suppresses it, a rule its documentation", () => {
  const text = "forbid lost: anyone to update Loan\n  when prior.lost\n";
  const reasoned = over(text).apply("lost: anyone", "Say why");
  expect(reasoned).toBe(`${text.trimEnd()}\n  because "The reason, for whoever is refused"\n`);
  const allowed = over(text).apply("lost: anyone", "lint/forbid-without-because");
  expect(allowed).toMatch(/^\/\/ allow lint\/forbid-without-because: /);
  const project = { name: "north.ward", text: `policy north for library\n\n${allowed}` };
  const snapshot = snapshotOf(
    projectByHeader(
      [
        { name: "library.ward", text: model },
        { name: "platform.ward", text: "platform for library\n\nceiling all: anyone to act on anything\n" },
        project,
      ],
      "",
    ) as Project,
  );
  expect(snapshot.findings().map(({ code }) => code)).not.toContain("lint/forbid-without-because");
  expect(over(text).apply("lost: anyone", "documentation")).toBe(
    `/// Anyone may never update Loan, where its former lost is true.\n${text}`,
  );
});

test("a test that is added for a rule names it, and passes", () => {
  const text =
    'permit desk: librarian to read Loan\n  when resource.open\n\nforbid lost: anyone to read Loan\n  when resource.lost\n  because "It is gone"\n';
  for (const rule of ["desk", "lost"]) {
    const made = over(text).apply(`${rule}:`, "Add a test");
    expect(made).toContain(`by ${rule}`);
    const compiled = compile({
      model: { name: "library.ward", text: model },
      platform: [],
      policy: { name: "north.ward", text: `policy north for library\n\n${made}` },
      tenant: "north",
    });
    expect(compiled.tests).toHaveLength(1);
  }
});

test("what rewrites leaves decisions as they are, and a formatted text formatted", () => {
  const project = exampleProject();
  const stride = Number(process.env["WARDLINE_ACTIONS_STRIDE"] ?? 9);
  let seen = 0;
  let done = 0;
  for (const { name: file, text } of filesOf(project)) {
    const role = snapshotOf(project).roleOf(file);
    if (role?.kind !== "policy") continue;
    const snapshot = snapshotOf(project);
    const before = snapshot.compiled(role.tenant)?.program;
    for (const statement of snapshot.parsed(file)?.ast.statements ?? []) {
      const places = "clauses" in statement ? statement.clauses.map(({ span }) => span) : [statement.span];
      for (const { start } of places)
        for (const action of actionsAt(snapshot, file, { start, end: start }, ["refactor"])) {
          if (action.title.startsWith("Add ")) continue;
          seen += 1;
          if (seen % stride !== 0) continue;
          const edits = action.edits();
          if (edits === null) continue;
          done += 1;
          const after = applyEdits(text, edits);
          const formatted = formatText({ name: file, text: after }, tenantLimits);
          expect("text" in formatted && formatted.text).toBe(after);
          const program = withText(project, file, after).compiled(role.tenant)?.program;
          expect(program?.atoms).toEqual(before?.atoms);
          expect(program?.conditions).toEqual(before?.conditions);
        }
    }
  }
  expect(done).toBeGreaterThan(3);
});

test("a test is not offered for a policy with errors, which could not be tried", () => {
  const titles = (text: string) =>
    over(text)
      .at("desk:")
      .map(({ title }) => title);
  expect(titles("permit desk: reader to read Loan\n")).toContain("Add a test for `desk`");
  expect(titles("permit desk: readers to read Loan\n")).not.toContain("Add a test for `desk`");
});
