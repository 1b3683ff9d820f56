/** Checks a model file: from its statements to symbols and the model's IR. A model with an error is no model. */
import { weekdayType, type Span } from "@wardline/core";
import type { FactsStatement, Statement } from "../ast/statement.ts";
import { finding } from "../diagnostics/table.ts";
import { checkActions, checkGroups, checkRelations } from "./model-action.ts";
import { checkEntity, type CheckedEntity } from "./model-entity.ts";
import { checkEvidence } from "./model-evidence.ts";
import { checkShared } from "./model-shared.ts";
import { checkRoles } from "./model-role.ts";
import { builtInTypes, resolveType, type TypeNames } from "./model-type.ts";
import { declare, ofKind } from "./declare.ts";
import type { Report } from "./report.ts";
import type { EntitySymbol, FactSymbol, FieldSymbol, Model } from "./symbols.ts";

/** The model, complete but for what was refused; use it only if the report has no errors. */
export function checkModel(report: Report, name: string, statements: readonly Statement[]): Model {
  const names = typeNames(report, statements);
  const facts = ofKind(statements, "facts");
  const tenant = checkFacts(
    report,
    names,
    facts.filter((f) => f.of === "tenant"),
    "tenant",
  );
  const context = checkFacts(
    report,
    names,
    facts.filter((f) => f.of === "context"),
    "context",
  );
  const entities = checkEntities(report, names, statements);
  const principals = [...entities.values()].filter((entity) => entity.model.kind === "principal");
  const relations = checkRelations(report, entities, ofKind(statements, "relation"));
  const seenActions = new Map<string, Span>();
  const actions = checkActions(report, entities, ofKind(statements, "action"), seenActions);
  checkShared(report, entities, ofKind(statements, "entity", "principal"), ofKind(statements, "action"));
  const groups = checkGroups(report, actions, ofKind(statements, "group"), seenActions);
  const roles = checkRoles(report, {
    statements: ofKind(statements, "role"),
    delegates: ofKind(statements, "delegate"),
    principals: principals.map((principal) => principal.name),
    entities: [...entities.keys()],
    known: new Map(),
    by: "model",
  });
  const evidence = checkEvidence(report, context, principals, ofKind(statements, "evidence"));
  return {
    ir: {
      name,
      enums: [...names.enums].flatMap(([name, values]) => (builtInTypes.has(name) ? [] : [{ name, values }])),
      tenant: [...tenant.values()],
      context: [...context.values()],
      entities: [...entities.values()].map((entity) => entity.model),
      relations: [...relations.values()],
      actions: [...actions.values()],
      roles: [...roles.values()].map((r) => ({ name: r.name, extends: r.extends, platform: r.platform })),
    },
    enums: names.enums,
    tenant,
    context,
    entities,
    principals,
    relations,
    actions,
    groups,
    roles,
    evidence,
  };
}

function typeNames(report: Report, statements: readonly Statement[]): TypeNames {
  const seen = new Map<string, Span>();
  // The enum of the language is known as one of the model's is, and is none of its own.
  const enums = new Map<string, readonly string[]>([[weekdayType.name, weekdayType.values]]);
  const entities = new Set<string>();
  for (const statement of ofKind(statements, "enum", "entity", "principal")) {
    const { name } = statement;
    if (builtInTypes.has(name.text)) {
      report.add(finding("name/taken", name.span, { name: name.text, other: "a type of the language" }));
      continue;
    }
    if (!declare(report, seen, "type", name)) continue;
    if (statement.kind !== "enum") {
      entities.add(name.text);
      continue;
    }
    const values = new Map<string, Span>();
    for (const value of statement.values) declare(report, values, "value", value);
    enums.set(name.text, [...values.keys()]);
  }
  return { enums, entities };
}

function checkFacts(
  report: Report,
  names: TypeNames,
  statements: readonly FactsStatement[],
  of: "tenant" | "context",
): ReadonlyMap<string, FactSymbol> {
  const facts = new Map<string, FactSymbol>();
  const seen = new Map<string, Span>();
  for (const field of statements.flatMap((statement) => statement.fields)) {
    const name = field.name.text;
    if (of === "tenant" && name === "id") {
      report.add(finding("name/built-in", field.name.span, { name, owner: "tenant" }));
      continue;
    }
    if (!declare(report, seen, `${of} fact`, field.name)) continue;
    const what = `the ${of} fact \`${name}\``;
    if (field.via !== null) report.add(finding("model/needless-via", field.via.span, { what }));
    if (field.delegated) report.add(finding("model/mark", field.name.span, { mark: "tenant", what }));
    if (field.searchable) report.add(finding("model/mark", field.name.span, { mark: "searchable", what }));
    const type = resolveType(report, names, field.type, what);
    if (type === null) continue;
    facts.set(name, { name, type, optional: field.type.optional });
  }
  return facts;
}

function checkEntities(
  report: Report,
  names: TypeNames,
  statements: readonly Statement[],
): ReadonlyMap<string, EntitySymbol> {
  const checked = new Map<string, CheckedEntity>();
  const tables = new Map<string, string>();
  const sets = new Map<string, string>();
  for (const statement of ofKind(statements, "entity", "principal")) {
    const name = statement.name.text;
    if (!names.entities.has(name) || checked.has(name)) continue;
    const entity = checkEntity(report, names, statement);
    checked.set(name, entity);
    for (const field of entity.fields.values()) checkSet(report, sets, name, field);
    if (statement.storedIn === null) continue;
    const table = statement.storedIn.table;
    const other = tables.get(table.text);
    if (other !== undefined)
      report.add(finding("model/table-taken", table.span, { table: table.text, other }));
    tables.set(table.text, name);
  }
  return new Map(
    [...checked].map(([name, entity]) => [
      name,
      {
        name,
        ...entity,
        above: typesAbove(checked, name, true),
        storedAbove: typesAbove(checked, name, false),
      },
    ]),
  );
}

/** Two sets in one column would each hold the other's values. */
function checkSet(report: Report, sets: Map<string, string>, entity: string, field: FieldSymbol): void {
  const { storage, name } = field.model;
  if (storage?.kind !== "table") return;
  const { table, value: column } = storage;
  const key = `${table}.${column}`;
  const other = sets.get(key);
  if (other !== undefined) report.add(finding("model/column-taken", field.span, { column, table, other }));
  else sets.set(key, `\`${entity}.${name}\``);
}

/** The types of all proper ancestors that an entity of this type may have; with or without those that a session brings. */
function typesAbove(
  entities: ReadonlyMap<string, CheckedEntity>,
  name: string,
  session: boolean,
): ReadonlySet<string> {
  const above = new Set<string>();
  const pending = [name];
  for (let at = pending.pop(); at !== undefined; at = pending.pop())
    for (const parent of entities.get(at)?.model.parents ?? [])
      if ((session || parent.via.kind !== "session") && !above.has(parent.entity)) {
        above.add(parent.entity);
        pending.push(parent.entity);
      }
  return above;
}
