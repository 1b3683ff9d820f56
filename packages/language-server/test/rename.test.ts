/** A rename changes names and nothing else: the program is the same up to the name, and renaming back gives the same bytes. */
import { createHash } from "node:crypto";
import { applyEdits } from "@wardline/compiler";
import { compileProject, withTexts, type Project } from "@wardline/compiler/project";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { prepareRename, rename } from "../src/navigate/rename.ts";
import { symbolIndex } from "../src/symbols/symbol-index.ts";
import { snapshotOf, type Snapshot } from "../src/workspace/snapshot.ts";
import { exampleProject, smallProject } from "./named-projects.ts";

const seed = Number(process.env["WARDLINE_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
/** How many names of the larger project are renamed. */
const names = Number(process.env["WARDLINE_RENAMES"] ?? 3);

const otherName = (name: string) => (/^[A-Z]/.test(name) ? `${name}Zq` : `${name}_zq`);

function after(
  snapshot: Snapshot,
  edits: Extract<ReturnType<typeof rename>, { edits: unknown }>["edits"],
): Snapshot {
  const texts = new Map(
    snapshot.files.map((file) => [
      file,
      applyEdits(
        snapshot.text(file) ?? "",
        edits.filter(({ span }) => span.file === file),
      ),
    ]),
  );
  return snapshotOf(withTexts(snapshot.project, texts));
}

/** What a project compiles to, with a name as it was. Numbers are what they stand for, since they go by the order of names. */
function programs(project: Project, now: string, before: string): unknown {
  const { programs: all, findings } = compileProject(project);
  expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
  const text = (value: unknown) => (JSON.stringify(value) ?? "").replaceAll(now, before);
  return [...all.values()].map((program) => {
    const { model, rules, slots, tables, settings } = program;
    const known = new Map<number, string>();
    /** A condition with all that stands below it, as a digest: what many share is written down once. */
    const condition = (index: number): string => {
      const found = known.get(index);
      if (found !== undefined) return found;
      const made = program.conditions[index];
      const whole =
        made?.kind === "atom"
          ? [made.negated, meant(program.atoms[made.atom])]
          : made?.kind === "constant"
            ? [made.value]
            : [made?.kind, made?.of.map(condition).toSorted()];
      const digest = createHash("sha256").update(JSON.stringify(whole)).digest("hex");
      known.set(index, digest);
      return digest;
    };
    const standsFor = (key: string, value: number): unknown => {
      switch (key) {
        case "rule":
          return text({ ...rules[value], line: 0 });
        case "when":
        case "met":
        case "ceiling":
          return condition(value);
        case "slot":
        case "slots":
        case "set":
        case "ancestors":
        case "left":
        case "retryAfter":
          return text({ ...slots[value], id: 0 });
        default:
          return value;
      }
    };
    const meant = (value: unknown, key = ""): string => {
      if (typeof value === "number") return text(standsFor(key, value));
      if (Array.isArray(value))
        return `[${value
          .map((one) => meant(one, key))
          .toSorted()
          .join()}]`;
      if (typeof value !== "object" || value === null) return text(value);
      return `{${Object.entries(value)
        .map(([name, one]) => `${text(name)}:${meant(one, name)}`)
        .join()}}`;
    };
    return [text(model), meant(rules.map((rule) => ({ ...rule, line: 0 }))), meant(tables), text(settings)];
  });
}

/** Renames a symbol there and back. Tells why not, where it is refused. */
function thereAndBack(project: Project, key: string): string | null {
  const snapshot = snapshotOf(project);
  const index = symbolIndex(snapshot);
  const symbol = index.symbols.get(key);
  const [place] = index.of(key);
  if (symbol === undefined || place === undefined) throw new Error(`${key} stands nowhere`);
  const name = otherName(symbol.name);
  const renamed = rename(snapshot, place.span.file, place.span.start, name);
  if ("refused" in renamed) return renamed.refused;
  expect(renamed.edits.length, key).toBeGreaterThan(0);
  const changed = after(snapshot, renamed.edits);
  expect(programs(changed.project, name, symbol.name), key).toEqual(programs(project, name, symbol.name));
  const changedIndex = symbolIndex(changed);
  const keyNow =
    [...changedIndex.symbols.values()].find((one) => one.name === name && one.kind === symbol.kind)?.key ??
    "";
  const [placeNow] = changedIndex.of(keyNow);
  if (placeNow === undefined) throw new Error(`${key} is gone`);
  const back = rename(changed, placeNow.span.file, placeNow.span.start, symbol.name);
  if ("refused" in back) throw new Error(`${key}: ${back.refused}`);
  const restored = after(changed, back.edits);
  for (const file of snapshot.files) expect(restored.text(file), key).toBe(snapshot.text(file));
  return null;
}

test("every name of a small project is renamed there and back, or refused with its reason", () => {
  const project = smallProject();
  const refused = [...symbolIndex(snapshotOf(project)).symbols.keys()].flatMap((key) => {
    const why = thereAndBack(project, key);
    return why === null ? [] : [key];
  });
  expect(refused.toSorted()).toEqual([
    "action create",
    "action list",
    "action read",
    "action update",
    "enum Feature",
    "enum Region",
    "evidence reason",
    "setting features",
    "setting residency",
    "setting retention",
    "tenant north",
    "value Shelf.closed",
    "value Shelf.open",
  ]);
});

test(`names of the examples' project are renamed there and back (seed ${seed})`, () => {
  const project = exampleProject();
  const keys = [...symbolIndex(snapshotOf(project)).symbols.keys()].filter(
    (key) => !key.startsWith("setting "),
  );
  fc.assert(
    fc.property(fc.constantFrom(...keys), (key) => {
      thereAndBack(project, key);
    }),
    { seed, numRuns: names },
  );
});

describe("a rename is refused", () => {
  const snapshot = snapshotOf(smallProject());
  const refusal = (file: string, word: string, name: string): string => {
    const offset = snapshot.text(file)?.indexOf(word) ?? -1;
    const result = rename(snapshot, file, offset, name);
    return "refused" in result ? result.refused : "renamed";
  };

  test.each([
    ["model.ward", "borrower", "permit", "`permit` is a word of the language"],
    ["model.ward", "borrower", "Lender", "`Lender` is no name: write it like `library_card`"],
    ["model.ward", "Loan", "loan", "`loan` is no type name: write it like `LibraryCard`"],
    ["model.ward", "borrower", "title", "field `title` is declared twice"],
    ["north.ward", "below", "kept", "let `kept` is declared twice"],
    ["north.ward", "below", "guards", "`guards` is already the name of a relation"],
    ["north.ward", "look", "own", "rule `own` is declared twice"],
    ["model.ward", "closed", "shut", "rows hold `closed` by this name"],
    ["model.ward", "read,", "study", "`read` is asked for by this name"],
    ["north.ward", "north", "south", "`north` is a tenant"],
    ["north.ward", "residency", "region", "`residency` is a setting of the language"],
    ["model.ward", "peruse", "a b", "`a b` is no name"],
  ])("%s: %s to %s", (file, word, name, why) => {
    expect(refusal(file, word, name)).toContain(why);
  });

  test("where one place names the fields of several types", () => {
    const project = smallProject();
    const texts = new Map([
      [
        "north.ward",
        "policy north for library\npermit both: reader to read Loan, Letter\n  with hide(words)\n",
      ],
      [
        "model.ward",
        (snapshot.text("model.ward") ?? "").replace("  title: String", "  title: String\n  words: String"),
      ],
    ]);
    const both = snapshotOf(withTexts(project, texts));
    const offset = both.text("north.ward")?.indexOf("words") ?? -1;
    expect(prepareRename(both, "north.ward", offset)).toEqual({
      refused:
        "where `words` stands for `Loan.words` it also stands for `Letter.words`: name the types in rules of their own first",
    });
  });

  test("of a pack that several files use", () => {
    const texts = new Map([
      [
        "north.ward",
        "policy north for library\nuse sealed_cards 1.0 { hush: #secret }\npermit a: reader to read Loan\n",
      ],
    ]);
    const both = snapshotOf(withTexts(smallProject(), texts));
    expect(
      rename(both, "sealed_cards.ward", both.text("sealed_cards.ward")?.indexOf("hush") ?? -1, "quiet"),
    ).toEqual({
      refused:
        "the pack `sealed_cards` is used by platform.ward and north.ward: give the pack a new version instead",
    });
  });
});

test("a field keeps its column", () => {
  const snapshot = snapshotOf(smallProject());
  const text = snapshot.text("model.ward") ?? "";
  const renamed = rename(snapshot, "model.ward", text.indexOf("card:"), "number");
  if ("refused" in renamed) throw new Error(renamed.refused);
  const changed = after(snapshot, renamed.edits);
  expect(changed.text("model.ward")).toContain("  number: String #secret searchable via loans(card)\n");
  expect(changed.text("platform.ward")).toContain("mask(number, partial(last: 4))");
});
