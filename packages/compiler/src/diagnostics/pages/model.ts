import type { modelDiagnostics } from "../model.ts";
import type { PagesOf } from "./page.ts";

/** Pages about a model: types, storage, roles, evidence. */
export const modelPages = {
  "model/type": {
    summary: "A field or fact has a type that it cannot have.",
    why: "Every backend must read, compare and store a value in the same way; where that is not certain the type is refused.",
    wrong: { file: "model", text: "entity Stamp stored in stamps {\n  kept: ⟪Period⟫\n}" },
    right: { file: "model", text: "entity Stamp stored in stamps {\n  kept: Duration\n}" },
  },
  "model/bounds": {
    summary: "The bounds of a type are missing, or not of a form that it takes.",
    why: "The bounds decide which values are accepted, and which comparisons can ever match.",
    wrong: { file: "model", text: "entity Stamp stored in stamps {\n  price: ⟪Decimal⟫\n}" },
    right: { file: "model", text: "entity Stamp stored in stamps {\n  price: Decimal(8, 2)\n}" },
  },
  "model/needs-storage": {
    summary: "Something is acted on, and the model does not say in which table it is.",
    why: "Rules about rows are enforced where the rows are.",
    wrong: { file: "model", text: "entity ⟪Stamp⟫ {\n  label: String\n}" },
    right: { file: "model", text: "entity Stamp stored in stamps {\n  label: String\n}" },
  },
  "model/needs-via": {
    summary: "A set or a parent does not say where it is kept.",
    why: "A set has a table of its own, and a parent a column; neither can be guessed safely.",
    wrong: { file: "model", text: "entity Stamp stored in stamps {\n  ⟪colours⟫: Set<String>\n}" },
    right: {
      file: "model",
      text: "entity Stamp stored in stamps {\n  colours: Set<String> via stamp_colours(stamp_id, colour)\n}",
    },
  },
  "model/needless-via": {
    summary: "Something says where it is kept that has its place already.",
    why: "A plain field is the column of its name. A second place that is never read would mislead.",
    wrong: {
      file: "model",
      text: "entity Stamp stored in stamps {\n  label: String via ⟪labels(stamp_id, label)⟫\n}",
    },
    right: { file: "model", text: "entity Stamp stored in stamps {\n  label: String\n}" },
  },
  "model/storage-columns": {
    summary: "A table is given more columns than that of its key and that of its tenant.",
    why: "The key says which row is meant and the tenant whose it is. Fields name their own columns.",
    wrong: { file: "model", text: "entity Stamp stored in stamps(⟪stamp_id, owner, label⟫) { }" },
    right: { file: "model", text: "entity Stamp stored in stamps(stamp_id, owner) { }" },
  },
  "model/shared": {
    summary: "What is shared by all tenants leads to a tenant's row, or could be written by one.",
    why: "A row that belongs to no tenant is read by all. Through it one tenant's rows would be seen by another.",
    wrong: {
      file: "model",
      text: "entity Rate shared stored in rates {\n  loan: ⟪Loan⟫\n}\n\naction look reads Rate",
    },
    right: {
      file: "model",
      text: "entity Rate shared stored in rates {\n  per_day: Decimal(8, 2)\n}\n\naction look reads Rate",
    },
  },
  "model/columns": {
    summary: "A table between two things is not given exactly two different columns.",
    why: "One column says whose it is and the other what it is. With one or three of them the pairs are not known.",
    wrong: { file: "model", text: "relation owns(Member, Loan) via ⟪loan_owners(member_id)⟫" },
    right: { file: "model", text: "relation owns(Member, Loan) via loan_owners(member_id, loan_id)" },
  },
  "model/column-taken": {
    summary: "Two things are kept in one column.",
    why: "Each would read the other's values as its own.",
    wrong: { file: "model", text: "entity Stamp stored in stamps {\n  ⟪tenant_id⟫: String\n}" },
    right: { file: "model", text: "entity Stamp stored in stamps {\n  owner: String\n}" },
  },
  "model/table-taken": {
    summary: "Two entities are kept in one table.",
    why: "The rules for the one would not hold for the other, though both show the same rows.",
    wrong: { file: "model", text: "entity Stamp stored in ⟪loans⟫ {\n  label: String\n}" },
    right: { file: "model", text: "entity Stamp stored in stamps {\n  label: String\n}" },
  },
  "model/long-name": {
    summary: "The name of a table or a column is longer than a database keeps.",
    why: "The database would cut it short, and then it is another name.",
    wrong: {
      file: "model",
      text: "entity Stamp stored in stamps {\n  ⟪the_name_that_the_house_gave_to_this_stamp_when_it_was_first_cut_in_wood⟫: String\n}",
    },
    right: { file: "model", text: "entity Stamp stored in stamps {\n  house_name: String\n}" },
  },
  "model/mark": {
    summary: "A mark stands where it has no meaning.",
    why: "`tenant` says that tenants set an attribute of a principal. Of a row's field it would promise what nothing carries out.",
    wrong: { file: "model", text: "entity Stamp stored in stamps {\n  ⟪label⟫: String tenant\n}" },
    right: { file: "model", text: "entity Stamp stored in stamps {\n  label: String\n}" },
  },
  "model/role-cycle": {
    summary: "A role extends itself, perhaps through others.",
    why: "Roles that extend one another in a circle are all the same role.",
    wrong: { file: "model", text: "role ⟪keeper⟫ extends warden\nrole warden extends keeper" },
    right: { file: "model", text: "role keeper extends warden\nrole warden for Member" },
  },
  "model/role-empty": {
    summary: "A role extends roles that no one principal type can hold together.",
    why: "Rules for such a role reach nobody.",
    wrong: { file: "model", text: "role ⟪keeper⟫ extends gate, reader" },
    right: { file: "model", text: "role keeper extends reader" },
  },
  "model/delegated-platform": {
    summary: "A role that the platform assigns is delegated to tenants.",
    why: "A role is assigned by the platform alone so that no tenant can take it. Delegated, any tenant could.",
    wrong: { file: "model", text: "delegate ⟪inspector⟫ to tenants" },
    right: { file: "model", text: "delegate director to tenants" },
  },
  "model/ambiguous-action": {
    summary: "Several actions do the same to an entity, and none has the usual name.",
    why: "A query names no action. Of several it takes the one with the usual name, and without one it is refused.",
    wrong: {
      file: "model",
      text: "entity Stamp stored in stamps { }\n\naction look, ⟪inspect⟫ reads Stamp",
    },
    right: { file: "model", text: "entity Stamp stored in stamps { }\n\naction inspect reads Stamp" },
  },
  "model/evidence": {
    summary: "The facts of an evidence are not of the types that it needs.",
    why: "Evidence says whether a second factor is there, and how old it is. Other facts could never meet a precondition.",
    wrong: { file: "model", text: "evidence key from ⟪context.address⟫" },
    right: { file: "model", text: "evidence key from context.mfa" },
  },
} as const satisfies PagesOf<typeof modelDiagnostics>;
