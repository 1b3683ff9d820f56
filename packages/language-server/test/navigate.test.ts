import { classify, denyReasons, tokenize } from "@wardline/compiler";
import { withTexts } from "@wardline/compiler/project";
import { describe, expect, test } from "vitest";
import { definitionAt, referencesAt, typeDefinitionAt } from "../src/navigate/definition.ts";
import { outlineOf } from "../src/navigate/document-symbols.ts";
import { hoverAt } from "../src/navigate/hover.ts";
import { foldsOf, selectionsAt } from "../src/navigate/ranges.ts";
import { semanticTokens } from "../src/navigate/semantic-tokens.ts";
import { snapshotOf } from "../src/workspace/snapshot.ts";
import { smallProject } from "./named-projects.ts";

const snapshot = snapshotOf(smallProject());
const text = (file: string) => snapshot.text(file) ?? "";

/** The offset of `word` in the first line that holds `line`. */
function at(file: string, line: string, word: string): number {
  const start = text(file).indexOf(line);
  if (start < 0) throw new Error(`no ${line}`);
  return start + line.indexOf(word);
}

const lineAt = (file: string, offset: number) =>
  text(file)
    .slice(text(file).lastIndexOf("\n", offset - 1) + 1)
    .split("\n")[0]
    ?.trim();

describe("definition", () => {
  test.each([
    ["north.ward", "when below(resource)", "below", ["let below(place) = principal in place.branch"]],
    ["north.ward", "in place.branch", "branch", ["branch: Branch"]],
    ["north.ward", "in place.branch", "place", ["let below(place) = principal in place.branch"]],
    ["north.ward", "kept(open)", "open", ["enum Shelf { open, closed }"]],
    ["north.ward", "resource.branch.name", "name", ["name: String"]],
    ["north.ward", "contains(reader)", "reader", ["role reader, librarian for Member"]],
    ["north.ward", "desk to read", "desk", ["role desk extends reader"]],
    [
      "north.ward",
      "guards(principal",
      "guards",
      ["relation guards(Member, Loan) via loan_guards(member_id, loan_id)"],
    ],
    ["north.ward", "hide(title), mask", "title", ["title: String"]],
    ["north.ward", "unless context.mfa", "mfa", ["mfa: Bool"]],
    ["north.ward", "require why: reason", "reason", ["evidence reason from context.purpose"]],
    [
      "north.ward",
      "read one by look",
      "one",
      ['let one = Loan { branch: Branch "main", shelf: open, marks: [closed], card: "1234567" }'],
    ],
    ["north.ward", "read one by look", "look", ["permit look: reader, desk to read, list Loan"]],
    ["north.ward", "residency: eu", "eu", ["enum Region { eu, us }"]],
    ["north.ward", "search: off", "search", ["enum Feature { search, reports }"]],
    ["platform.ward", "use sealed_cards", "sealed_cards", ["pack sealed_cards 1.0"]],
    ["platform.ward", "{ hush:", "hush", ["parameter hush: class"]],
    ["platform.ward", "except late", "late", ["forbid late: Member to change Loan"]],
    ["platform.ward", "trusting tier", "tier", ["tier: Int(0..3) tenant"]],
    ["sealed_cards.ward", "encrypt(hush)", "hush", ["parameter hush: class"]],
    ["model.ward", "from context.mfa,", "mfa", ["mfa: Bool"]],
    // A class is what the fields that carry it are; its `#` belongs to it.
    [
      "model.ward",
      "words: String #secret",
      "#secret",
      ["card: String #secret searchable", "note: String? #secret via loans(remark)", "words: String #secret"],
    ],
    [
      "platform.ward",
      "{ hush: #secret",
      "secret",
      ["card: String #secret searchable", "note: String? #secret via loans(remark)", "words: String #secret"],
    ],
  ])("%s: %s, %s", (file, line, word, expected) => {
    const found = definitionAt(snapshot, file, at(file, line, word));
    expect(found.map(({ span }) => lineAt(span.file, span.start))).toEqual(expected);
  });

  test("of a type", () => {
    const offset = at("north.ward", "resource.shelf ==", "shelf");
    const [found] = typeDefinitionAt(snapshot, "north.ward", offset);
    expect(lineAt("model.ward", found?.span.start ?? 0)).toBe("enum Shelf { open, closed }");
  });
});

test("references are in all files, and only of what is meant", () => {
  const places = referencesAt(snapshot, "model.ward", at("model.ward", "  card: String", "card"), {
    declarations: false,
  });
  expect(places.map(({ span }) => lineAt(span.file, span.start) ?? "").toSorted()).toEqual([
    'let one = Loan { branch: Branch "main", shelf: open, marks: [closed], card: "1234567" }',
    "require shown: mask(card, partial(last: 4)) for reader to read Loan",
  ]);
});

describe("hover", () => {
  const hover = (file: string, line: string, word: string) =>
    hoverAt(snapshot, file, at(file, line, word))?.text ?? "";
  test.each([
    [
      "north.ward",
      "hide(title), mask",
      "title",
      [
        "Loan.title: String",
        "What is on its cover.",
        "Column `loans.title`",
        "hidden by `permit north/look`",
      ],
    ],
    ["north.ward", "hide(title), mask", "hide", ["`hide(NAME)` · the fields are not shown"]],
    ["north.ward", "mask(note, redact)", "redact", ["a sign that something is there"]],
    [
      "north.ward",
      "mask(note, redact)",
      "note",
      ["Column `loans.remark`", "shown as `redact` by `permit north/look`"],
    ],
    [
      "model.ward",
      "  card: String",
      "card",
      ["#secret searchable", "shown as `partial` by `require platform/shown`"],
    ],
    ["model.ward", "marks: Set", "marks", ["Table `loan_marks` (`loan_id`, `mark`)"]],
    [
      "north.ward",
      "lend one",
      "lend",
      ["`forbid north/stop` for anyone, under conditions", "`permit north/own` for `librarian`"],
    ],
    [
      "north.ward",
      "list Loan",
      "Loan",
      ["entity Loan in Branch stored in loans", "key `id`, tenant `tenant_id`"],
    ],
    ["north.ward", "residency: eu", "residency", ["`residency: eu`", "all files must say the same"]],
    ["north.ward", "unless context", "unless", ["The rule does not apply where this holds."]],
    ["north.ward", "forbid stop", "forbid", ["Refuses what matches"]],
    ["model.ward", "role reader", "reader", ["for `Member`", "`permit north/look`"]],
    ["platform.ward", "#secret", "secret", ["`Loan.card`, `Loan.note`", "`Letter.words`"]],
    ["model.ward", "principal Member", "Member", ["Not in the database"]],
    ["platform.ward", "#secret", "#", ["`Loan.card`, `Loan.note`"]],
    // What a pack does by its parameters, and what binds an action that it does not name.
    ["model.ward", "  card: String", "card", ["sealed by `require sealed_cards/sealed`"]],
    ["model.ward", "update, lend updates", "lend", ["`ceiling platform/all` for anyone"]],
    ["model.ward", "list, peruse reads", "peruse", ["`require platform/shown` for `reader`"]],
    ["model.ward", "mfa: Bool", "Bool", ["**Bool** · `true` or `false`"]],
    ["model.ward", "marks: Set<Shelf>", "Set", ["**Set** · Any number of different values"]],
    ["model.ward", "delegate reader", "delegate", ["Lets tenants assign these roles"]],
    ["model.ward", "action create creates", "creates", ["The action makes rows"]],
    ["north.ward", "marks.contains(open)", "contains", ["the value is in it"]],
    ["north.ward", "principal.roles", "roles", ["with those that they extend"]],
    ["north.ward", "roles: [reader]", "roles", ["The roles that it holds"]],
    ["north.ward", "in: [Branch", "in", ["What it stands directly below"]],
    ["north.ward", "search: off", "off", ["The feature is not there"]],
    ["sealed_cards.ward", "within: fresh", "within", ["no older"]],
    ["sealed_cards.ward", "pack sealed_cards", "pack", ["a set of forbids and requires"]],
    ["platform.ward", "partial(last: 4)", "last", ["at the end are shown"]],
  ])("%s: %s, %s", (file, line, word, expected) => {
    for (const words of expected) expect(hover(file, line, word)).toContain(words);
  });

  test("names the rules of whom a role extends, and no other tenant's role of the same name", () => {
    const files = [
      ["a.ward", "policy a for library\nrole desk extends reader\npermit look: reader to read Loan\n"],
      ["b.ward", "policy b for library\nrole desk extends librarian\npermit see: desk to read Loan\n"],
    ].map(([name = "", file = ""]) => ({ name, text: file }));
    const tenants = new Map(files.map((file) => [file.name.slice(0, 1), file]));
    const both = snapshotOf({ ...smallProject(), tenants });
    const said = hoverAt(both, "a.ward", (files[0]?.text ?? "").indexOf("desk"))?.text ?? "";
    expect(said).toContain("`permit a/look` for `reader`");
    expect(said).not.toContain("see");
    // A rule of the platform does not count a tenant's role as the one that it extends.
    expect(said).not.toContain("platform/shown");
  });

  test("says something of every word but those of the database and of the people who wrote the files", () => {
    const own = /^(?:[a-z_]+_id|loan_marks|loans|letters|branches|loan_guards|remark|mark)$/;
    const silent = snapshot.files.flatMap((file) =>
      classify(tokenize({ name: file, text: text(file) })).flatMap(({ start, end, class: of }) => {
        const word = text(file).slice(start, end);
        const isWord = ["keyword", "root", "type", "name", "class", "annotation"].includes(of);
        return isWord && !own.test(word) && hoverAt(snapshot, file, start) === undefined
          ? [`${file}: ${word}`]
          : [];
      }),
    );
    expect(silent).toEqual([]);
    const reasons = `policy north for library\ntest "a" {\n${denyReasons.map((one) => `  expect deny Member {} to read Loan {} as ${one}\n`).join("")}}\n`;
    const asked = snapshotOf(withTexts(smallProject(), new Map([["north.ward", reasons]])));
    for (const one of denyReasons)
      expect(hoverAt(asked, "north.ward", reasons.indexOf(`as ${one}`) + 3)?.text).toContain(`**${one}**`);
  });

  test("says nothing of what has no meaning of its own", () => {
    expect(hoverAt(snapshot, "north.ward", at("north.ward", '"main"', "main"))).toBeUndefined();
  });
});

test("what the language itself can be asked has the colour of functions and methods", () => {
  const colour = (line: string, word: string) => {
    const start = at("north.ward", line, word);
    const found = semanticTokens(snapshot, "north.ward").find((token) => token.start === start);
    return found === undefined ? "" : [found.type, ...found.modifiers].join(" ");
  };
  expect(colour("marks.contains(open)", "contains")).toBe("method defaultLibrary");
  expect(colour("mask(note, redact)", "mask")).toBe("function defaultLibrary");
  expect(colour("mask(note, redact)", "redact")).toBe("function defaultLibrary");
  expect(colour("mask(note, redact)", "note")).toBe("property");
  expect(colour("guards(principal", "guards")).toBe("function");
});

test("an outline, folds, selections and colours", () => {
  expect(outlineOf(snapshot, "model.ward").find(({ name }) => name === "Branch")).toMatchObject({
    kind: "type",
    detail: "entity",
    children: [
      { name: "name", detail: "String" },
      { name: "head", detail: "Member?" },
    ],
  });
  const folded = foldsOf(snapshot, "north.ward").map(({ start }) => lineAt("north.ward", start));
  expect(folded).toContain('test "who reads" {');
  expect(folded).toContain("permit look: reader, desk to read, list Loan");
  const offset = at("north.ward", "in place.branch", "in");
  const [around = []] = selectionsAt(snapshot, "north.ward", [offset]);
  const texts = around.map(({ start, end }) => text("north.ward").slice(start, end));
  expect(texts[0]).toBe("in");
  expect(texts).toContain("principal in place.branch");
  expect(texts).toContain("let below(place) = principal in place.branch");
  expect(texts.at(-1)).toBe(text("north.ward"));
  const colours = semanticTokens(snapshot, "north.ward").map(({ start, end, type }) => [
    text("north.ward").slice(start, end),
    type,
  ]);
  for (const colour of [
    ["permit", "keyword"],
    ["look", "function"],
    ["reader", "type"],
    ["Loan", "class"],
    ["title", "property"],
    ["open", "enumMember"],
    ["place", "parameter"],
    ["read", "method"],
  ])
    expect(colours).toContainEqual(colour);
});
