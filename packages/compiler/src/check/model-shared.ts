/**
 * Entities that are shared by all tenants. Their rows belong to none, so nothing in them may lead to a tenant's row, and no
 * handle writes them.
 */
import type { EntityModel } from "@wardline/core";
import type { Name } from "../ast/expression.ts";
import type { ActionStatement, EntityStatement } from "../ast/statement.ts";
import { finding } from "../diagnostics/table.ts";
import type { Report } from "./report.ts";

type Models = ReadonlyMap<string, { readonly model: EntityModel }>;

export function checkShared(
  report: Report,
  entities: Models,
  statements: readonly EntityStatement[],
  actions: readonly ActionStatement[],
): void {
  for (const statement of statements) {
    const own = entities.get(statement.name.text)?.model;
    if (!statement.shared) continue;
    if (statement.kind === "principal") {
      const problem = `the principal \`${statement.name.text}\` cannot be shared`;
      refuse(report, statement.name, problem, "leave `shared` out: a principal belongs to a tenant");
      continue;
    }
    for (const field of statement.fields) {
      const type = own?.fields.find(({ name }) => name === field.name.text)?.type;
      const of = type?.kind === "set" ? type.of : type;
      if (of?.kind === "entity" && isOwned(entities, of.entity)) {
        const place = type?.kind === "set" ? (field.type.of ?? field.type.name) : field.type.name;
        leadsTo(report, statement.name, place, of.entity);
      }
      if (field.searchable) {
        const problem = `\`${field.name.text}\` cannot be searched under a tenant's key`;
        refuse(report, field.name, problem, "leave `searchable` out: what is shared is not sealed");
      }
    }
    for (const { entity } of statement.parents)
      if (isOwned(entities, entity.text)) leadsTo(report, statement.name, entity, entity.text);
  }
  for (const { names, effect, entities: types } of actions)
    for (const type of types)
      if (effect !== "reads" && entities.get(type.text)?.model.shared === true) {
        const verbs = names.map(({ text }) => `\`${text}\``).join(", ");
        const problem = `\`${type.text}\` is shared, and ${verbs} would write it`;
        refuse(report, type, problem, "leave it out: only the platform's own system writes what is shared");
      }
}

function isOwned(entities: Models, name: string): boolean {
  const model = entities.get(name)?.model;
  return model !== undefined && model.shared !== true;
}

function leadsTo(report: Report, from: Name, place: Name, to: string): void {
  const problem = `\`${from.text}\` is shared, and leads to \`${to}\`, which belongs to a tenant`;
  refuse(report, place, problem, `let \`${to}\` refer to \`${from.text}\` instead, or share it as well`);
}

function refuse(report: Report, { span }: Name, problem: string, help: string): void {
  report.add(finding("model/shared", span, { problem, help }));
}
