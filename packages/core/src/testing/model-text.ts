/** The text of a generated model. */
import type { EntityModel, FieldModel, ParentModel } from "../ir/model.ts";
import { formatType } from "../value/type.ts";
import type { GeneratedModel } from "./generated-model.ts";

export function modelText(model: GeneratedModel): string {
  const { ir } = model;
  const lines = [`model ${ir.name}`, ""];
  for (const { name, values } of ir.enums) lines.push(`enum ${name} { ${values.join(", ")} }`);
  lines.push(
    "",
    "tenant {",
    ...ir.tenant.map((fact) => `  ${fact.name}: ${formatType(fact.type)}${fact.optional ? "?" : ""}`),
    "}",
  );
  lines.push(
    "context {",
    ...ir.context.map((fact) => `  ${fact.name}: ${formatType(fact.type)}${fact.optional ? "?" : ""}`),
    "}",
    "",
  );
  for (const entity of ir.entities) lines.push(...entityLines(model, entity));
  for (const role of ir.roles) lines.push(roleLine(model, role));
  if (model.delegated.length > 0) lines.push(`delegate ${model.delegated.join(", ")} to tenants`);
  for (const { name, facts } of model.evidence)
    lines.push(`evidence ${name} from ${facts.map((fact) => `${fact.root}.${fact.name}`).join(", ")}`);
  for (const relation of ir.relations)
    lines.push(
      `relation ${relation.name}(${relation.from}, ${relation.to}) via ${relation.table}(${relation.fromColumn}, ${relation.toColumn})`,
    );
  for (const action of ir.actions)
    lines.push(`action ${action.name} ${action.kind} ${action.entities.join(", ")}`);
  for (const group of model.groups) lines.push(`group ${group.name} = ${group.members.join(", ")}`);
  return `${lines.join("\n")}\n`;
}

function entityLines(model: GeneratedModel, entity: EntityModel): string[] {
  const parents = entity.parents.map(parentText).join(", ");
  const head = [entity.kind, entity.name, parents === "" ? "" : `in ${parents}`];
  if (entity.shared === true) head.push("shared");
  if (entity.storage !== null) head.push(`stored in ${entity.storage.table}`);
  const fields = entity.fields.map(
    (field) => `  ${fieldText(field, model.tenantSet.has(`${entity.name}.${field.name}`))}`,
  );
  return [`${head.filter((part) => part !== "").join(" ")} {`, ...fields, "}", ""];
}

function parentText({ entity, via }: ParentModel): string {
  switch (via.kind) {
    case "column":
      return `${entity} via ${via.column}`;
    case "table":
      return `${entity} via ${via.table}(${via.child}, ${via.parent})`;
    case "session":
      return `${entity} via session`;
  }
}

function fieldText(field: FieldModel, tenantSet: boolean): string {
  const parts = [`${field.name}: ${formatType(field.type)}${field.optional ? "?" : ""}`];
  for (const name of field.classes) parts.push(`#${name}`);
  if (field.searchable) parts.push("searchable");
  if (tenantSet) parts.push("tenant");
  if (field.storage?.kind === "table")
    parts.push(`via ${field.storage.table}(${field.storage.owner}, ${field.storage.value})`);
  return parts.join(" ");
}

function roleLine(model: GeneratedModel, role: GeneratedModel["ir"]["roles"][number]): string {
  const types = model.roleTypes.get(role.name);
  if (types !== undefined) return `role ${role.name} for ${types.join(", ")}`;
  if (role.platform) return `role ${role.name} platform`;
  return role.extends.length > 0
    ? `role ${role.name} extends ${role.extends.join(", ")}`
    : `role ${role.name}`;
}
