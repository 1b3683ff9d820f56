import type { FindingCase } from "./case.ts";

const policy = (text: string) => ({ file: "policy", text }) as const;
const used = (condition: string) => `permit a: reader to read Book when ${condition}\n`;

/** Each let stands for the one before it twice. */
const doubling = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    i === 0 ? "let f0(x) = x or x\n" : `let f${i}(x) = f${i - 1}(x) or f${i - 1}(x)\n`,
  ).join("");

/** Each let stands for the one before it. */
const nested = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    i === 0 ? "let f0(x) = x\n" : `let f${i}(x) = f${i - 1}(not x)\n`,
  ).join("");

/** Lets with parameters. */
export const letCases: readonly FindingCase[] = [
  // Arguments
  {
    code: "type/arguments",
    ...policy(`let near(x, y) = x == y\n${used("⟪near⟫(resource.title)")}`),
    says: "`near` takes 2 arguments, `x`, `y`, and is given 1",
  },
  {
    code: "type/arguments",
    ...policy(`let near(x) = x == "a"\n${used("⟪near⟫")}`),
    says: "`near` takes one argument, `x`, and is given nothing",
  },
  {
    code: "type/arguments",
    ...policy(`let near = resource.lost\n${used("⟪near⟫(resource.title)")}`),
    says: "no arguments",
  },
  {
    code: "let/argument",
    ...policy(`let there(x) = has x\n${used("there(⟪5⟫)")}`),
    says: "asks whether it is there",
  },
  { code: "let/argument", ...policy(`let or_one(x) = x ?? 1 == 2\n${used("or_one(⟪3⟫)")}`) },
  {
    code: "let/argument",
    ...policy(`let held(x) = x.title == "a"\n${used('held(⟪"b"⟫)')}`),
    says: "reads an attribute of it",
  },
  {
    code: "let/argument",
    ...policy(`let held(x) = x.title == "a"\n${used("held(⟪resource.lost and context.mfa⟫)")}`),
  },

  // Names
  {
    code: "name/taken",
    ...policy(`let near(⟪reader⟫) = reader == 1\n${used("near(2)")}`),
    says: "the name of a role",
  },
  {
    code: "name/taken",
    ...policy(`let near(⟪fiction⟫) = fiction == resource.genre\n${used("near(law)")}`),
    says: "a value of Genre",
  },
  {
    code: "name/taken",
    ...policy(`let near(⟪guards⟫) = guards == 1\n${used("near(2)")}`),
    says: "a relation",
  },
  { code: "name/taken", ...policy(`let near(⟪lend⟫) = lend == 1\n${used("near(2)")}`), says: "an action" },
  {
    code: "name/taken",
    ...policy(`let far = resource.lost\nlet near(⟪far⟫) = far\n${used("near(far)")}`),
    says: "a let",
  },
  { code: "name/taken", ...policy(`let near(⟪near⟫) = near\n${used("near(true)")}`), says: "a let" },
  {
    code: "name/duplicate",
    ...policy(`let near(x, ⟪x⟫) = x == 1\n${used("near(1, 2)")}`),
    says: "parameter `x`",
  },
  { code: "type/not-value", ...policy(`let near(x) = ⟪x(principal)⟫\n${used("near(guards)")}`) },
  { code: "type/recursive-let", ...policy(`let ⟪near⟫(x) = near(x)\n${used("near(true)")}`) },
  { code: "name/unknown", ...policy(`let near(x) = x == ⟪why⟫\n${used("near(resource.title)")}`) },
  {
    code: "name/unknown",
    ...policy(`let near(x) = x == "a"\n${used("near(resource.⟪titel⟫)")}`),
    fix: "title",
  },
  {
    code: "name/unknown",
    ...policy(`let held(x) = x.⟪titel⟫ == "a"\n${used("held(resource)")}`),
    fix: "title",
  },
  { code: "name/unknown", ...policy(`let near(x) = x == "a"\n${used("⟪naer⟫(resource.title)")}`) },

  // Types, by use
  { code: "type/literal", ...policy(`let named(x) = resource.title == x\n${used("named(⟪5⟫)")}`) },
  {
    code: "type/mismatch",
    ...policy(
      `let same(x) = ⟪x⟫ == context.mfa\n${used("same(resource.title)")}`.replace(
        "⟪x⟫ == context.mfa",
        "x == ⟪context.mfa⟫",
      ),
    ),
  },
  { code: "type/unguarded", ...policy(`let noted(x) = x == "a"\n${used("noted(⟪resource.note⟫)")}`) },
  {
    code: "type/not-value",
    ...policy(`let named(x) = resource.title == x\n${used("named(⟪resource.lost and context.mfa⟫)")}`),
  },
  { code: "type/own-id", ...policy(`let mine(x) = ⟪x.id⟫ == "a"\n${used("mine(principal)")}`) },

  // Growth
  {
    code: "limit/expansion",
    ...policy(`${doubling(16)}permit ⟪a⟫: reader to read Book when f15(context.mfa)\n`),
  },
  {
    code: "limit/nesting",
    ...policy(`${nested(120)}permit ⟪a⟫: reader to read Book when f119(context.mfa)\n`),
  },

  { code: "lint/unused-let", ...policy("let ⟪near⟫(x) = x == 1\n") },
  {
    code: "lint/unused-parameter",
    ...policy(`let near(x, ⟪y⟫) = x == resource.title\n${used('near("a", 5)')}`),
  },
];
