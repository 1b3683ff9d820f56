/** Each atom knows the words that ask it, without a negation, and nothing that a program means depends on them. */
import { expect, test } from "vitest";
import { compileLibrary, openPlatform } from "../check/library.ts";

/** `rule text` by place, of all atoms that words ask. */
function wordsIn(policy: string, platform?: string): readonly string[] {
  const { program, sourceMap, findings } = compileLibrary(
    platform === undefined ? { policy } : { policy, platform },
  );
  if (program === null || sourceMap === null) throw new Error(findings.map((f) => f.message).join("; "));
  expect(sourceMap.atoms.length).toBe(program.atoms.length);
  return sourceMap.atoms.flatMap((places) =>
    places.map(({ rule, file, line, column, text }) => {
      const name = program.rules[rule]?.id ?? "?";
      return `${name} ${file}:${line}:${column} ${text}`;
    }),
  );
}

const asking = (condition: string) =>
  wordsIn(`permit a: reader to read Book when ${condition}`).map((place) => place.replace(/^\S+ \S+ /, ""));

test.each([
  ["resource.lost", ["resource.lost"]],
  ["not resource.lost", ["resource.lost"]],
  ["resource.pages == 5", ["resource.pages == 5"]],
  ["resource.pages != 5", ["resource.pages == 5"]],
  ["5 < resource.pages", ["5 < resource.pages"]],
  ["has resource.note", ["has resource.note"]],
  ['resource.note ?? "x" == "y"', ['resource.note ?? "x" == "y"']],
  ["resource.damaged ?? false", ["resource.damaged ?? false"]],
  ["resource.genre in [law, science]", ["resource.genre in [law, science]"]],
  ["resource.genre not in [law, science]", ["resource.genre in [law, science]"]],
  ["context.address not in 10.0.0.0/8", ["context.address in 10.0.0.0/8"]],
  [
    "context.address in [10.0.0.0/8, tenant.office, 10.1.2.3]",
    ["context.address in [10.0.0.0/8, 10.1.2.3]", "context.address == tenant.office"],
  ],
  ["clock.time in 22:00..06:00", ["clock.time >= 22:00", "clock.time < 06:00"]],
  ["clock.time not in 00:00..06:00", ["clock.time < 06:00"]],
  ['resource.tags.contains_any(["a", "b"])', ['resource.tags.contains("a")', 'resource.tags.contains("b")']],
  ["resource.tags.is_empty", ["resource.tags.is_empty"]],
  ['resource.title.starts_with("a")', ['resource.title.starts_with("a")']],
  [
    "principal.roles.contains_any([cashier, librarian])",
    ["principal.roles.contains(cashier)", "principal.roles.contains(librarian)"],
  ],
  ["principal not in resource.branch", ["principal in resource.branch"]],
  ["guards(principal, resource)", ["guards(principal, resource)"]],
  ["now - 5m < resource.acquired", ["now - 5m < resource.acquired"]],
  ['resource.title in ["a", // "b"\n  "c // d"]', ['resource.title in ["a", "c // d"]']],
  ["resource.pages ==\n  // five\n  5", ["resource.pages == 5"]],
])("%s", (condition, words) => {
  expect(asking(condition)).toEqual(words);
});

test("who a rule is for, and what meets a precondition, is asked by no words", () => {
  expect(wordsIn("require r: step_up(mfa) for reader to read Book when resource.lost")).toEqual([
    "north/r north.ward:2:54 resource.lost",
  ]);
});

test("equal questions are one atom, with a place for each rule and place that asks", () => {
  const words = wordsIn(
    "let odd = resource.lost or resource.pages > 3\n" +
      "permit b: reader to read Book when odd and not resource.lost\n" +
      "permit a: reader to list, read Book\n  unless odd",
    `${openPlatform}forbid f: anyone to read Book when resource.lost\n`,
  );
  expect(words).toEqual([
    "platform/f platform.ward:3:36 resource.lost",
    "north/a north.ward:2:11 resource.lost",
    "north/b north.ward:2:11 resource.lost",
    "north/b north.ward:3:48 resource.lost",
    "north/a north.ward:2:28 resource.pages > 3",
    "north/b north.ward:2:28 resource.pages > 3",
  ]);
});

test("a let's words stand where it is defined, with its parameters", () => {
  const policy =
    "let differs(a, b) = a.branch != b.home\n" +
    'let tagged(a) = a.tags.contains_any(["x", "y"])\n' +
    "permit p: reader to read Book when has principal.home and differs(resource, principal) and tagged(resource)";
  expect(wordsIn(policy)).toEqual([
    "north/p north.ward:4:36 has principal.home",
    "north/p north.ward:2:21 a.branch == b.home",
    'north/p north.ward:3:17 a.tags.contains("x")',
    'north/p north.ward:3:17 a.tags.contains("y")',
  ]);
});

test("columns count code points, lines by their feeds alone", () => {
  expect(
    wordsIn('permit a: reader to read Book\r\n  when resource.title != "😀é" and resource.lost'),
  ).toEqual(['north/a north.ward:3:8 resource.title == "😀é"', "north/a north.ward:3:35 resource.lost"]);
});

test("words change nothing: the same questions with other words are the same program", () => {
  const program = (policy: string) => JSON.stringify(compileLibrary({ policy }).program);
  expect(program("permit a: reader to read Book when not (resource.pages == 5)")).toBe(
    program("permit a: reader to read Book when resource.pages    != 5"),
  );
});

test("what has an error has no map", () => {
  expect(
    compileLibrary({ policy: "permit a: reader to read Book when resource.titel" }).sourceMap,
  ).toBeNull();
});
