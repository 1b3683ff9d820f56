/**
 * The facts epoch: raised with every change of what a session's facts are made of, so that a session whose facts were read
 * before it is refused. In one tenant such changes wait for each other until they are committed.
 */
import type { EntityModel, ModelIr } from "@wardline/core";
import { derivedName, qualify, quoteName, quoteText } from "../../schema/identifier.ts";
import { planTables, type StoredModel, type TablePlan } from "../../schema/table-plan.ts";
import { control, controlFunction } from "./control-object.ts";
import { keyTable } from "./keys-ddl.ts";
import { stateTable } from "./state-ddl.ts";

/** A table whose changes raise the epoch of their tenants; a change of the columns counts. */
export interface WatchedTable {
  readonly table: string;
  /** Null where the rows belong to no tenant: a change is one for all. */
  readonly tenant: string | null;
  readonly columns: readonly string[];
}

/** Hierarchies that a principal may stand in, and relations. */
export function watchedTables(stored: StoredModel): readonly WatchedTable[] {
  const { model } = stored;
  const plans = new Map(planTables(stored).map((plan) => [plan.name, plan]));
  const watched = new Map<string, Set<string>>();
  const watch = (table: string, columns: readonly string[]): void => {
    const known = watched.get(table) ?? new Set(plans.get(table)?.key);
    for (const column of columns) known.add(column);
    watched.set(table, known);
  };
  for (const entity of abovePrincipals(model))
    for (const { via } of entity.parents) {
      if (via.kind === "column" && entity.storage !== null) watch(entity.storage.table, [via.column]);
      if (via.kind === "table") watch(via.table, [via.child, via.parent]);
    }
  for (const relation of model.relations) watch(relation.table, [relation.fromColumn, relation.toColumn]);
  return [...watched].map(([table, columns]) => ({
    table,
    tenant: (plans.get(table) as TablePlan).tenant,
    columns: [...columns],
  }));
}

/** Principals, and what they may have as ancestors. */
function abovePrincipals(model: ModelIr): readonly EntityModel[] {
  const byName = new Map(model.entities.map((entity) => [entity.name, entity]));
  const open = model.entities.filter((entity) => entity.kind === "principal");
  const found = new Set(open);
  for (let entity = open.pop(); entity !== undefined; entity = open.pop())
    for (const { entity: name } of entity.parents) {
      const parent = byName.get(name);
      if (parent === undefined || found.has(parent)) continue;
      found.add(parent);
      open.push(parent);
    }
  return [...found];
}

export function factsDdl(): readonly string[] {
  return [
    ...controlFunction({
      name: "raise_facts_epoch",
      parameters: "",
      types: "",
      returns: "trigger",
      traits: "VOLATILE SET search_path = ''",
      body: `DECLARE
  columns text := TG_ARGV[1];
  changed text := CASE TG_OP
    WHEN 'INSERT' THEN pg_catalog.format('SELECT %s FROM after_change', columns)
    WHEN 'DELETE' THEN pg_catalog.format('SELECT %s FROM before_change', columns)
    WHEN 'UPDATE' THEN pg_catalog.format('(SELECT %1$s FROM after_change EXCEPT SELECT %1$s FROM before_change) UNION ALL (SELECT %1$s FROM before_change EXCEPT SELECT %1$s FROM after_change)', columns)
  END;
  any_row boolean;
BEGIN
  IF TG_OP = 'TRUNCATE' OR TG_ARGV[0] = '' THEN
    any_row := TG_OP = 'TRUNCATE';
    IF NOT any_row THEN
      EXECUTE pg_catalog.format('SELECT EXISTS (SELECT FROM (%s) AS c)', changed) INTO any_row;
    END IF;
    IF any_row THEN
      UPDATE ${keyTable} AS k SET facts_base = k.facts_base + 1;
    END IF;
  ELSE
    -- In one order, so that two of them never wait for each other.
    EXECUTE pg_catalog.format('INSERT INTO ${stateTable} AS s (tenant, facts_epoch)
      SELECT DISTINCT c.%I, 1 FROM (%s) AS c ORDER BY 1
      ON CONFLICT (tenant) DO UPDATE SET facts_epoch = s.facts_epoch + 1', TG_ARGV[0], changed);
  END IF;
  RETURN NULL;
END`,
      isOpen: false,
    }),
  ];
}

/** Triggers on one schema's tables, to be run after `databaseDdl` made them. */
export function factsTriggers(stored: StoredModel, schema: string): readonly string[] {
  return watchedTables(stored).flatMap(({ table, tenant, columns }) => {
    const relation = qualify(schema, table);
    const all = (tenant === null ? columns : [tenant, ...columns]).map(quoteName).join(", ");
    const events: readonly (readonly [string, string])[] = [
      ["INSERT", "REFERENCING NEW TABLE AS after_change"],
      ["UPDATE", "REFERENCING OLD TABLE AS before_change NEW TABLE AS after_change"],
      ["DELETE", "REFERENCING OLD TABLE AS before_change"],
      ["TRUNCATE", ""],
    ];
    return events.flatMap(([event, referencing]) => {
      const name = quoteName(derivedName(table, "facts", event.toLowerCase()));
      return [
        `CREATE OR REPLACE TRIGGER ${name} AFTER ${event} ON ${relation} ${referencing} FOR EACH STATEMENT EXECUTE FUNCTION ${control("raise_facts_epoch")}(${quoteText(tenant ?? "")}, ${quoteText(all)})`,
        // Also where a session plays a replica, which would skip ordinary triggers.
        `ALTER TABLE ${relation} ENABLE ALWAYS TRIGGER ${name}`,
      ];
    });
  });
}
