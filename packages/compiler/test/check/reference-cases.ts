import type { FindingCase } from "./case.ts";
import { clinicModel } from "./clinic.ts";

const openClinic = "platform for clinic\nceiling all: anyone to act on anything\n";

/** A case in which a clinic's policy reads through references. */
const clinic = (policy: string) =>
  ({
    file: "policy",
    text: `policy north for clinic\n${policy}`,
    model: clinicModel,
    platform: openClinic,
  }) as const;
const patient = (condition: string) => clinic(`permit a: medic to read Patient when ${condition}`);
const report = (condition: string) => clinic(`permit a: medic to read Report when ${condition}`);
const guardrail = (statement: string) =>
  ({
    file: "platform",
    text: `${openClinic}${statement}`,
    model: clinicModel,
    policy: "policy north for clinic\n",
  }) as const;

/** What is read through references. */
export const referenceCases: readonly FindingCase[] = [
  {
    code: "type/unguarded",
    ...patient("⟪resource.attending⟫.clearance > 2"),
    says: "`resource.attending` may be absent",
    help: "guard it before it is read, with `has resource.attending and …`, or write `resource.attending.clearance ?? VALUE`",
  },
  {
    code: "type/unguarded",
    ...patient('has resource.attending and ⟪resource.attending.ward⟫ == "x"'),
    says: "`resource.attending.ward` may be absent",
  },
  { code: "type/unguarded", ...patient('⟪resource.attending⟫.ward == "x"') },
  {
    code: "type/unguarded",
    ...clinic('permit a: medic to read Visit when ⟪resource.department⟫.tags.contains("x")'),
    help: "guard it before it is read, with `has resource.department and …`",
  },
  {
    code: "type/unguarded",
    ...report("has resource.visit.department and ⟪resource.visit.patient.attending⟫ == principal"),
  },
  { code: "type/unguarded", ...patient("has principal.manager or ⟪principal.manager⟫.clearance > 2") },
  { code: "type/unguarded", ...report("principal in ⟪resource.visit⟫.department") },
  { code: "type/unguarded", ...report("treats(principal, ⟪resource.visit⟫.patient)") },
  {
    code: "type/unguarded",
    ...patient('⟪resource.department.head⟫.ward == "x"'),
  },
  {
    code: "type/hops",
    ...report('has resource.visit and ⟪resource.visit.patient.department.name⟫ == "x"'),
    says: "`resource.visit.patient.department.name` leads through more than two references",
  },
  { code: "type/hops", ...report("⟪resource.author.home.head.clearance⟫.more > 2") },
  { code: "type/hops", ...patient('⟪principal.manager.home.head.ward⟫ == "x"') },
  { code: "type/hops", ...report("has ⟪resource.visit.patient.attending.ward⟫") },
  {
    code: "type/in",
    ...report(
      'has resource.visit and ⟪resource.visit.patient.department⟫ in Department "0198c0de-0000-7000-8000-000000000001"',
    ),
    says: "what is above `resource.visit.patient.department` is not known",
  },
  {
    code: "type/in",
    ...patient('⟪tenant.main⟫ in Department "0198c0de-0000-7000-8000-000000000001"'),
    help: "put the principal, a row or what one of them refers to before `in`",
  },
  {
    code: "type/leads-nowhere",
    ...patient('⟪tenant.main.name⟫ == "x"'),
    says: "what `tenant.main` refers to is not looked up",
    help: "compare `tenant.main` itself",
  },
  { code: "type/leads-nowhere", ...patient("has context.room and ⟪context.room.floor⟫ > 2") },
  {
    code: "type/not-stored",
    ...patient('has resource.contact and ⟪resource.contact.email⟫ == "x"'),
    says: "`resource.contact` leads to a Guest, whose attributes are not in the database",
  },
  {
    code: "name/unknown",
    ...patient('resource.department.⟪nmae⟫ == "x"'),
    says: "unknown attribute `nmae`",
    fix: "name",
  },
  { code: "name/unknown", ...patient("resource.department.⟪tenant⟫ == tenant.id") },
  {
    code: "name/unknown",
    ...patient("resource.name.⟪length⟫ > 2"),
    help: "`resource.name` has no attributes",
  },
  { code: "name/unknown", ...patient("resource.department.tags.⟪first⟫ == 2") },
  {
    code: "type/own-id",
    ...patient("⟪resource.department.id⟫ == principal.home"),
    help: "write `resource.department`, which is compared by type and id",
    fix: "resource.department",
  },
  {
    code: "type/sealed",
    ...guardrail(
      'require s: encrypt(#secret)\nforbid f: anyone to read Patient when has resource.attending and ⟪resource.attending.pass⟫ == "x"',
    ),
    says: "`resource.attending.pass` is sealed",
  },
  {
    code: "guardrail/delegated",
    ...guardrail(
      "forbid f: anyone to read Patient when has resource.attending and resource.attending.⟪tier⟫ > 2",
    ),
    help: "if that is meant, end the rule with `trusting tier`",
  },
  { code: "type/not-value", ...patient('resource.department.⟪name⟫("x") == "y"') },
  {
    code: "type/never-matches",
    ...patient("⟪resource.department.floor == 21⟫"),
    says: "one side is of type Int(0..20), the other 21",
  },
  {
    code: "type/never-matches",
    ...patient(
      '⟪resource.department.head ?? Doctor "0198c0de-0000-7000-8000-000000000001" == resource.department⟫',
    ),
  },
  { code: "type/mismatch", ...patient("resource.department.name == ⟪resource.department.floor⟫") },
  {
    code: "type/row-argument",
    ...patient("resource.name.contains(⟪resource.department.name⟫)"),
  },
  {
    code: "type/null",
    ...patient("⟪resource.attending.ward == null⟫"),
    help: "write `not has resource.attending.ward`",
  },
  {
    code: "type/null",
    ...patient("⟪resource.attending.clearance == null⟫"),
    help: "write `not has resource.attending.clearance`",
  },
  {
    code: "type/not-condition",
    ...patient("⟪resource.attending.ward⟫"),
    help: "whether it is there is asked with `has resource.attending.ward`",
  },
  { code: "lint/redundant-has", ...patient("has ⟪resource.department.name⟫") },
  { code: "lint/redundant-fallback", ...patient('⟪resource.department.name⟫ ?? "x" == "y"') },
  {
    code: "limit/exists",
    ...clinic(
      `permit ⟪a⟫: medic to read Patient when ${Array.from({ length: 25 }, (_, i) => `resource.department.name == "n${i}"`).join(" or ")}`,
    ),
    says: "look into 25 other tables",
  },
];
