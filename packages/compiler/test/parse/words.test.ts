import { expect, test } from "vitest";
import { contextualWords, parseFile, reservedWords } from "../../src/index.ts";

/** Every place where an author declares or uses a lower-case name. */
const places = (name: string): readonly string[] => [
  `model ${name}`,
  `platform for ${name}`,
  `pack ${name} 1.0`,
  `policy ${name} for library`,
  `model m role ${name}`,
  `model m role a, ${name}`,
  `model m permit ${name}: a to b C`,
  `model m forbid ${name}: a to b C`,
  `model m require ${name}: reason`,
  `model m assert ${name}: never permit a to b C`,
  `model m let ${name} = a`,
  `model m let f(${name}) = a`,
  `model m parameter ${name}: class`,
  `model m enum Kind { ${name} }`,
  `model m entity Book stored in ${name} { }`,
  `model m entity Book { a: Set<String> via ${name}(a, b) }`,
  `model m entity Book { a: Set<String> via t(${name}, b) }`,
  `model m relation ${name}(A, B) via t(a, b)`,
  `model m action ${name} reads Book`,
  `model m group ${name} = a`,
  `model m evidence ${name} from context.a`,
  `model m @${name} role a`,
  `model m test "x" { let ${name} = a }`,
];

const findings = (text: string) => parseFile({ name: "x", text }).findings;

test.each(reservedWords)("`%s` is never a declared name", (word) => {
  for (const text of places(word)) expect(`${text}: ${findings(text).length > 0}`).toBe(`${text}: true`);
});

test.each([...contextualWords, "own", "x_1"])("`%s` is a name like any other", (word) => {
  for (const text of places(word))
    expect(
      `${text}: ${findings(text)
        .map(({ message }) => message)
        .join()}`,
    ).toBe(`${text}: `);
});

test.each([...reservedWords, ...contextualWords, "Type", "own"])(
  "`%s` may stand after `.` and before `:` in braces",
  (word) => {
    for (const text of [
      `model m let a = resource.${word}.${word}(b)`,
      `model m entity Book { ${word}: String ${word}: Int }`,
      `model m settings { ${word}: a ${word}: { ${word}: b, ${word}: 5m } }`,
      `model m use p 1.0 { ${word}: a ${word}: b }`,
      `model m evidence e from context.${word}`,
      `model m test "x" { let a = Book { ${word}: true, ${word}: [] } given context { ${word}: 5 } }`,
      `model m assert a: never show Book.${word} to b`,
      `model m require a: mask(${word}: b)`,
    ]) {
      expect(
        `${text}: ${findings(text)
          .map(({ message }) => message)
          .join()}`,
      ).toBe(`${text}: `);
    }
  },
);

test("a reserved word as a declared name is named in the finding", () => {
  const [found] = findings("policy north for library\npermit test: a to b C");
  expect(found?.message).toBe("`test` is a word of the language and cannot be a name for the rule");
});
