import type { FindingCase } from "./case.ts";

/** A pack with a rule called as one of the platform's. */
const pack = "pack guide 1.2\nforbid gates: Scanner to read Book\n";
const platform =
  "platform for library\nceiling all: anyone to act on anything\nforbid gates: Scanner to read Loan\n";

/** Asserts. */
export const assertCases: readonly FindingCase[] = [
  {
    code: "assert/clause",
    file: "policy",
    text: "assert a: never permit reader to read Book ⟪with hide(price)⟫",
    says: "an assert takes no `with`",
  },
  {
    code: "assert/clause",
    file: "platform",
    text: "assert a: never permit reader to read Book ⟪trusting reader⟫",
    says: "an assert takes no `trusting`",
  },
  { code: "assert/always-show", file: "policy", text: "assert a: always ⟪show Book.title to reader⟫" },
  { code: "assert/not-read", file: "policy", text: "assert a: never show ⟪Branch⟫.name to reader" },
  {
    code: "assert/several",
    file: "policy",
    text: "use guide 1.2\nassert a: never permit Scanner to read Book\n  except ⟪gates⟫",
    platform,
    packs: [pack],
    says: "several statements: `platform/gates`, `guide/gates`",
  },
  {
    code: "name/unknown",
    file: "policy",
    text: "permit some: reader to read Book\nassert a: never permit reader to read Book except ⟪sume⟫",
    says: "unknown statement",
    fix: "some",
  },
  {
    code: "name/unknown",
    file: "platform",
    text: "assert a: never permit reader to read Book except ⟪basic⟫",
    says: "unknown statement",
  },
  { code: "name/unknown", file: "policy", text: "assert a: never show ⟪Bok⟫.title to reader", fix: "Book" },
  { code: "name/unknown", file: "policy", text: "assert a: never show Book.⟪titel⟫ to reader", fix: "title" },
  {
    code: "name/unknown",
    file: "policy",
    text: "assert a: never show Book.title to ⟪raeder⟫",
    fix: "reader",
  },
  { code: "name/unknown", file: "policy", text: "assert a: never permit reader to ⟪raed⟫ Book", fix: "read" },
  {
    code: "name/unknown",
    file: "policy",
    text: "assert a: never permit reader to read Book when resource.⟪titel⟫ == 5",
    fix: "title",
  },
  {
    code: "name/duplicate",
    file: "policy",
    text: "assert a: never permit reader to read Book\nassert ⟪a⟫: never permit reader to list Book",
  },
  {
    code: "name/duplicate",
    file: "policy",
    text: "permit a: reader to read Book\nassert ⟪a⟫: never permit reader to list Book",
  },
  { code: "reach/no-action", file: "policy", text: "assert a: never permit reader to ⟪lend⟫ Book" },
  {
    code: "type/unguarded",
    file: "policy",
    text: 'assert a: never permit reader to read Book when ⟪resource.note⟫ == "x"',
  },
  {
    code: "type/sealed",
    file: "policy",
    text: 'require s: encrypt(#secret)\nassert a: never permit reader to read Book when ⟪resource.shelfmark⟫ == "x"',
  },
  {
    code: "type/mixed-rows",
    file: "policy",
    text: "assert a: always permit reader to update Book when resource.lost and ⟪prior⟫.lost",
  },
  {
    code: "limit/expansion",
    file: "policy",
    text: `${lets(16)}assert ⟪a⟫: never permit reader to read Book when x15`,
  },
  { code: "file/misplaced", file: "model", text: "⟪assert⟫ a: never permit reader to read Book" },
];

/** Lets that double the condition at each step. */
function lets(count: number): string {
  return Array.from({ length: count }, (_, i) =>
    i === 0 ? "let x0 = context.mfa\n" : `let x${i} = x${i - 1} or x${i - 1}\n`,
  ).join("");
}
