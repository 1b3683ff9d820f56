import type { FindingCase } from "./case.ts";
import { museumModel } from "./museum.ts";

const openMuseum = "platform for museum\nceiling all: anyone to act on anything\n";

/** A case in which a museum's policy reads through references. */
const museum = (policy: string) =>
  ({
    file: "policy",
    text: `policy north for museum\n${policy}`,
    model: museumModel,
    platform: openMuseum,
  }) as const;
const painting = (condition: string) => museum(`permit a: medic to read Painting when ${condition}`);
const report = (condition: string) => museum(`permit a: medic to read Report when ${condition}`);
const guardrail = (statement: string) =>
  ({
    file: "platform",
    text: `${openMuseum}${statement}`,
    model: museumModel,
    policy: "policy north for museum\n",
  }) as const;

/** What is read through references. */
export const referenceCases: readonly FindingCase[] = [
  {
    code: "type/unguarded",
    ...painting("⟪resource.curator⟫.grade > 2"),
    says: "`resource.curator` may be absent",
    help: "guard it before it is read, with `has resource.curator and …`, or write `resource.curator.grade ?? VALUE`",
  },
  {
    code: "type/unguarded",
    ...painting('has resource.curator and ⟪resource.curator.ward⟫ == "x"'),
    says: "`resource.curator.ward` may be absent",
  },
  { code: "type/unguarded", ...painting('⟪resource.curator⟫.ward == "x"') },
  {
    code: "type/unguarded",
    ...museum('permit a: medic to read Showing when ⟪resource.gallery⟫.tags.contains("x")'),
    help: "guard it before it is read, with `has resource.gallery and …`",
  },
  {
    code: "type/unguarded",
    ...report("has resource.showing.gallery and ⟪resource.showing.painting.curator⟫ == principal"),
  },
  { code: "type/unguarded", ...painting("has principal.manager or ⟪principal.manager⟫.grade > 2") },
  { code: "type/unguarded", ...report("principal in ⟪resource.showing⟫.gallery") },
  { code: "type/unguarded", ...report("restores(principal, ⟪resource.showing⟫.painting)") },
  {
    code: "type/unguarded",
    ...painting('⟪resource.gallery.head⟫.ward == "x"'),
  },
  {
    code: "type/hops",
    ...report('has resource.showing and ⟪resource.showing.painting.gallery.name⟫ == "x"'),
    says: "`resource.showing.painting.gallery.name` leads through more than two references",
  },
  { code: "type/hops", ...report("⟪resource.author.home.head.grade⟫.more > 2") },
  { code: "type/hops", ...painting('⟪principal.manager.home.head.ward⟫ == "x"') },
  { code: "type/hops", ...report("has ⟪resource.showing.painting.curator.ward⟫") },
  {
    code: "type/in",
    ...report(
      'has resource.showing and ⟪resource.showing.painting.gallery⟫ in Gallery "0198c0de-0000-7000-8000-000000000001"',
    ),
    says: "what is above `resource.showing.painting.gallery` is not known",
  },
  {
    code: "type/in",
    ...painting('⟪tenant.main⟫ in Gallery "0198c0de-0000-7000-8000-000000000001"'),
    help: "put the principal, a row or what one of them refers to before `in`",
  },
  {
    code: "type/leads-nowhere",
    ...painting('⟪tenant.main.name⟫ == "x"'),
    says: "what `tenant.main` refers to is not looked up",
    help: "compare `tenant.main` itself",
  },
  { code: "type/leads-nowhere", ...painting("has context.room and ⟪context.room.floor⟫ > 2") },
  {
    code: "type/not-stored",
    ...painting('has resource.contact and ⟪resource.contact.email⟫ == "x"'),
    says: "`resource.contact` leads to a Guest, whose attributes are not in the database",
  },
  {
    code: "name/unknown",
    ...painting('resource.gallery.⟪nmae⟫ == "x"'),
    says: "unknown attribute `nmae`",
    fix: "name",
  },
  { code: "name/unknown", ...painting("resource.gallery.⟪tenant⟫ == tenant.id") },
  {
    code: "name/unknown",
    ...painting("resource.name.⟪length⟫ > 2"),
    help: "`resource.name` has no attributes",
  },
  { code: "name/unknown", ...painting("resource.gallery.tags.⟪first⟫ == 2") },
  {
    code: "type/own-id",
    ...painting("⟪resource.gallery.id⟫ == principal.home"),
    help: "write `resource.gallery`, which is compared by type and id",
    fix: "resource.gallery",
  },
  {
    code: "type/sealed",
    ...guardrail(
      'require s: encrypt(#secret)\nforbid f: anyone to read Painting when has resource.curator and ⟪resource.curator.pass⟫ == "x"',
    ),
    says: "`resource.curator.pass` is sealed",
  },
  {
    code: "guardrail/delegated",
    ...guardrail(
      "forbid f: anyone to read Painting when has resource.curator and resource.curator.⟪tier⟫ > 2",
    ),
    help: "if that is meant, end the rule with `trusting tier`",
  },
  { code: "type/not-value", ...painting('resource.gallery.⟪name⟫("x") == "y"') },
  {
    code: "type/never-matches",
    ...painting("⟪resource.gallery.floor == 21⟫"),
    says: "one side is of type Int(0..20), the other 21",
  },
  {
    code: "type/never-matches",
    ...painting(
      '⟪resource.gallery.head ?? Doctor "0198c0de-0000-7000-8000-000000000001" == resource.gallery⟫',
    ),
  },
  { code: "type/mismatch", ...painting("resource.gallery.name == ⟪resource.gallery.floor⟫") },
  {
    code: "type/row-argument",
    ...painting("resource.name.contains(⟪resource.gallery.name⟫)"),
  },
  {
    code: "type/null",
    ...painting("⟪resource.curator.ward == null⟫"),
    help: "write `not has resource.curator.ward`",
  },
  {
    code: "type/null",
    ...painting("⟪resource.curator.grade == null⟫"),
    help: "write `not has resource.curator.grade`",
  },
  {
    code: "type/not-condition",
    ...painting("⟪resource.curator.ward⟫"),
    help: "whether it is there is asked with `has resource.curator.ward`",
  },
  { code: "lint/redundant-has", ...painting("has ⟪resource.gallery.name⟫") },
  { code: "lint/redundant-fallback", ...painting('⟪resource.gallery.name⟫ ?? "x" == "y"') },
  {
    code: "limit/exists",
    ...museum(
      `permit ⟪a⟫: medic to read Painting when ${Array.from({ length: 25 }, (_, i) => `resource.gallery.name == "n${i}"`).join(" or ")}`,
    ),
    says: "look into 25 other tables",
  },
];
