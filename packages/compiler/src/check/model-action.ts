/** Actions, groups of actions, and relations. */
import type { ActionKind, ActionModel, RelationModel, Span } from "@wardline/core";
import type { ActionStatement, GroupStatement, RelationStatement } from "../ast/statement.ts";
import { finding } from "../diagnostics/table.ts";
import { twoColumns } from "./database-names.ts";
import { declare } from "./declare.ts";
import type { Report } from "./report.ts";
import { unknownName } from "./suggest.ts";
import type { EntitySymbol } from "./symbols.ts";

export function checkActions(
  report: Report,
  entities: ReadonlyMap<string, EntitySymbol>,
  statements: readonly ActionStatement[],
  seen: Map<string, Span>,
): ReadonlyMap<string, ActionModel> {
  const actions = new Map<string, ActionModel>();
  for (const statement of statements) {
    const on = statement.entities.filter((name) => {
      const entity = entities.get(name.text);
      if (entity === undefined) report.add(unknownName("entity", name, entities.keys()));
      else if (entity.model.storage === null && entity.model.kind === "principal")
        report.add(finding("model/needs-storage", name.span, { what: `an action on \`${name.text}\`` }));
      else return true;
      return false;
    });
    for (const name of statement.names)
      if (declare(report, seen, "action", name))
        actions.set(name.text, {
          name: name.text,
          kind: statement.effect,
          entities: [...new Set(on.map((e) => e.text))],
        });
  }
  checkChoice(report, actions.values(), statements);
  return actions;
}

/** What a query asks for, where an entity has several actions of one kind. */
const usualName: { readonly [Kind in ActionKind]: string } = {
  reads: "read",
  creates: "create",
  updates: "update",
  deletes: "delete",
};

/** A query names no action: of several that do the same to an entity it takes the one with the usual name. */
function checkChoice(
  report: Report,
  actions: Iterable<ActionModel>,
  statements: readonly ActionStatement[],
): void {
  const pairs = [...actions].flatMap((action) => action.entities.map((entity) => ({ action, entity })));
  const unclear = new Map<ActionModel, string[]>();
  for (const same of Map.groupBy(pairs, ({ action, entity }) => `${action.kind} ${entity}`).values()) {
    const second = same[1];
    if (second === undefined || same.some(({ action }) => action.name === usualName[action.kind])) continue;
    const { action, entity } = second;
    unclear.set(action, [...(unclear.get(action) ?? []), `\`${entity}\``]);
  }
  for (const [{ name, kind }, entities] of unclear) {
    const at = statements.flatMap((statement) => statement.names).find(({ text }) => text === name);
    const holes = { kind, entities: entities.join(", "), usual: usualName[kind] };
    if (at !== undefined) report.add(finding("model/ambiguous-action", at.span, holes));
  }
}

export function checkGroups(
  report: Report,
  actions: ReadonlyMap<string, ActionModel>,
  statements: readonly GroupStatement[],
  seen: Map<string, Span>,
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, readonly string[]>();
  for (const statement of statements) {
    if (!declare(report, seen, "action", statement.name)) continue;
    const members = statement.members.filter((member) => {
      if (actions.has(member.text)) return true;
      report.add(unknownName("action", member, actions.keys()));
      return false;
    });
    groups.set(statement.name.text, [...new Set(members.map((member) => member.text))]);
  }
  return groups;
}

export function checkRelations(
  report: Report,
  entities: ReadonlyMap<string, EntitySymbol>,
  statements: readonly RelationStatement[],
): ReadonlyMap<string, RelationModel> {
  const relations = new Map<string, RelationModel>();
  const seen = new Map<string, Span>();
  for (const statement of statements) {
    if (!declare(report, seen, "relation", statement.name)) continue;
    const ends = [statement.from, statement.to];
    for (const end of ends)
      if (!entities.has(end.text)) report.add(unknownName("entity", end, entities.keys()));
    const pair = twoColumns(report, statement.via, `the relation \`${statement.name.text}\``, "from and to");
    if (pair === null || ends.some((end) => !entities.has(end.text))) continue;
    relations.set(statement.name.text, {
      name: statement.name.text,
      from: statement.from.text,
      to: statement.to.text,
      table: statement.via.table.text,
      fromColumn: pair[0],
      toColumn: pair[1],
    });
  }
  return relations;
}
