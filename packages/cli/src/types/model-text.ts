/** The names and facts of the model as types: actions, roles, principals, the facts of tenants and requests. */
import type { ActionKind, EntityModel, FactModel, ModelIr } from "@wardline/core";
import { keyText, unionOf, wireType, type TypeNames } from "./value-types.ts";

/** The names that these declarations have. */
export interface ModelNames {
  readonly role: string;
  readonly principal: string;
  readonly tenantFacts: string;
  readonly contextFacts: string;
  readonly model: string;
}

/** `rows` names the type of each stored entity's rows. */
export function modelText(model: ModelIr, names: ModelNames, enums: TypeNames, rows: TypeNames): string {
  const principals = model.entities.filter(({ kind }) => kind === "principal");
  const bodies = principals.map((principal) => `\n  | ${principalText(principal, names, enums)}`).join("");
  return `/** Roles, as they are assigned to principals. */
export type ${names.role} = ${unionOf(model.roles.map(({ name }) => name))};

/** Who asks. */
export type ${names.principal} =${principals.length === 0 ? " never" : bodies};

/** What the application knows of a tenant. */
export type ${names.tenantFacts} = ${factsText(model.tenant, enums, "")};

/** What comes with a request. */
export type ${names.contextFacts} = ${factsText(model.context, enums, "")};

/** What can be asked, and by whom. */
export interface ${names.model} {
  readonly principal: ${names.principal};
  readonly tenant: ${names.tenantFacts};
  readonly context: ${names.contextFacts};
  readonly rows: ${rowsText(rows)};
  readonly features: ${enums.get("Feature") ?? "string"};
  readonly reads: ${unionOf(model.actions.flatMap(({ name, kind }) => (kind === "reads" ? [name] : [])))};
  readonly decides: ${actionsText(model, ["reads", "updates", "deletes"])};
  readonly filters: ${actionsText(model, ["reads", "creates", "deletes"])};
}
`;
}

function principalText(principal: EntityModel, names: ModelNames, enums: TypeNames): string {
  const parents = principal.parents.flatMap(({ entity, via }) => (via.kind === "session" ? [entity] : []));
  const byType = `{ ${parents.map((entity) => `readonly ${keyText(entity)}?: readonly string[]`).join("; ")} }`;
  const given = parents.length === 1 ? `readonly string[] | ${byType}` : byType;
  const needsFacts = principal.fields.some(({ optional }) => !optional);
  const facts = factsText(principal.fields, enums, "      ");
  return `{
      readonly type: ${JSON.stringify(principal.name)};
      readonly id: string;
      readonly roles?: readonly ${names.role}[];${parents.length === 0 ? "" : `\n      readonly in?: ${given};`}
      readonly attributes${needsFacts ? "" : "?"}: ${facts};
    }`;
}

/** A fact that is left out where rules need it denies, so only those are left out that the model calls optional. */
function factsText(facts: readonly FactModel[], enums: TypeNames, indent: string): string {
  if (facts.length === 0) return "Record<string, never>";
  const lines = facts.map(({ name, type, optional }) => {
    const wire = wireType(type, enums);
    return `${indent}  readonly ${keyText(name)}${optional ? "?" : ""}: ${wire}${optional ? " | null | undefined" : ""};\n`;
  });
  return `{\n${lines.join("")}${indent}}`;
}

function rowsText(rows: TypeNames): string {
  const lines = [...rows].map(([entity, row]) => `    readonly ${keyText(entity)}: ${row};\n`);
  return lines.length === 0 ? "Record<never, never>" : `{\n${lines.join("")}  }`;
}

function actionsText({ actions }: ModelIr, kinds: readonly ActionKind[]): string {
  const lines = actions
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ name, entities }) => `    readonly ${keyText(name)}: ${unionOf(entities)};\n`);
  return lines.length === 0 ? "Record<never, never>" : `{\n${lines.join("")}  }`;
}
