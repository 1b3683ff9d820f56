/** Holds what a write did to the oracle: every row that changed had to be permitted, before and after. */
import { evaluate, type Program, type RequestDocument, type WireValue } from "@wardline/core";
import { requestFor, type AskedRows, type World, type WorldRow } from "@wardline/core/testing";
import type { Statement } from "../statement/language.ts";
import type { Scenario } from "../world/scenario.ts";
import type { State } from "../world/stored-world.ts";
import type { Column, Table } from "../world/tables.ts";
import { changedKeys } from "./changed-keys.ts";

type Cells = Readonly<Record<string, unknown>>;

/** The first change that the policy does not permit, or null. Of several statements in a row only the end is known. */
export function unpermittedChange(
  scenario: Scenario,
  at: number,
  statement: Statement,
  before: State,
  after: State,
): string | null {
  if (!["insert", "update", "delete", "merge"].includes(statement.kind) || "with" in statement) return null;
  const world = scenario.worlds[at] as World;
  const changes = changedKeys(before, after).flatMap((key) => {
    const [name, tenant, id] = JSON.parse(key) as [string, string, string];
    const table = scenario.tables.find((one) => one.name === name);
    if (table === undefined || tenant !== scenario.asker.tenant) return [];
    const prior = world.rows.find(
      (row) => row.entity === table.entity.name && row.id === id && row.tenant === tenant,
    );
    const text = after.get(key);
    const next = text === undefined ? undefined : rowOf(table, tenant, id, JSON.parse(text) as Cells, prior);
    return [{ key, entity: table.entity.name, prior, next }];
  });
  if (changes.length === 0) return null;
  const gone = new Set(changes.flatMap(({ prior }) => (prior === undefined ? [] : [prior])));
  const later: World = {
    ...world,
    rows: [
      ...world.rows.filter((row) => !gone.has(row)),
      ...changes.flatMap(({ next }) => (next === undefined ? [] : [next])),
    ],
  };
  for (const { key, entity, prior, next } of changes) {
    const kind = prior === undefined ? "creates" : next === undefined ? "deletes" : "updates";
    const action = actionNamed(scenario.program, entity, kind);
    const rows: AskedRows = {
      ...(prior === undefined ? {} : { prior }),
      ...(next === undefined ? {} : { next }),
    };
    const { outcome, reason } = evaluate(
      scenario.program,
      request(scenario, world, later, action, entity, rows),
    );
    if (outcome !== "permit")
      return `${action} was carried out that the policy does not permit (${outcome}, ${reason}): ${key}`;
  }
  return null;
}

function actionNamed(program: Program, entity: string, kind: "creates" | "updates" | "deletes"): string {
  const actions = program.model.actions.filter((one) => one.kind === kind && one.entities.includes(entity));
  const usual = { creates: "create", updates: "update", deletes: "delete" }[kind];
  return actions.find(({ name }) => name === usual)?.name ?? actions[0]?.name ?? usual;
}

/** The facts of `prior` and of the principal as they were, those of `next` as they are. */
function request(
  { program, asker }: Scenario,
  world: World,
  later: World,
  action: string,
  entity: string,
  rows: AskedRows,
): RequestDocument {
  const then = requestFor(world, program, asker, action, entity, rows);
  const now = requestFor(later, program, asker, action, entity, rows);
  return {
    ...now,
    relations: then.relations ?? {},
    ancestors: joined(then.ancestors, now.ancestors),
    ...(now.references === undefined ? {} : { references: joined(then.references, now.references) }),
  };
}

function joined<T>(
  then: Readonly<Record<string, T>> | undefined,
  now: Readonly<Record<string, T>> | undefined,
): Record<string, T> {
  const isNext = ([path]: readonly [string, T]): boolean => path === "next" || path.startsWith("next.");
  return Object.fromEntries([
    ...Object.entries(then ?? {}).filter((entry) => !isNext(entry)),
    ...Object.entries(now ?? {}).filter(isNext),
  ]);
}

/** A stored row as the oracle reads it. Cells that are sealed anew keep what they held: no rule reads them. */
function rowOf(
  table: Table,
  tenant: string,
  id: string,
  cells: Cells,
  prior: WorldRow | undefined,
): WorldRow {
  const attributes: Record<string, WireValue> = {};
  for (const column of table.columns) {
    if (column.field === null) continue;
    const cell = cells[column.name];
    const { name } = column.field;
    if (cell === null || cell === undefined) continue;
    attributes[name] = column.sealed ? (prior?.attributes[name] ?? "sealed") : wireOf(column, cell);
  }
  for (const field of table.entity.fields)
    if (field.storage?.kind === "table") attributes[field.name] = prior?.attributes[field.name] ?? [];
  const parents = table.entity.parents.flatMap(({ entity, via }, at) => {
    if (via.kind !== "column") return prior?.parents.filter((link) => link.at === at) ?? [];
    const cell = cells[via.column];
    return typeof cell === "string" ? [{ at, entity, id: cell }] : [];
  });
  return { entity: table.entity.name, id, tenant, attributes, parents };
}

function wireOf(column: Column, cell: unknown): WireValue {
  const text = String(cell);
  switch (column.kind) {
    case "bool":
      return cell === true;
    case "whole":
      return Number(text);
    case "instant": {
      const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\+00:00$/.exec(text);
      return parts === null ? text : `${parts[1]}.${(parts[2] ?? "").padEnd(6, "0")}Z`;
    }
    case "time": {
      const parts = /^(\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?$/.exec(text);
      return parts === null ? text : `${parts[1]}.${(parts[2] ?? "").padEnd(6, "0")}`;
    }
    case "inet":
      return text.replace(/\/(?:32|128)$/, "");
    case "number":
    case "text":
    case "uuid":
    case "date":
      return text;
  }
}
