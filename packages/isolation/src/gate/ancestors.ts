/**
 * Hierarchies, closed over the database. A cycle ends where it began. Parents that come with the session belong to the
 * principal alone.
 */
import type { EntityModel, ParentModel } from "@wardline/core";
import type { SqlSession } from "../contracts.ts";
import { named, sql, tenantParameter, type Sql } from "../scope/text.ts";
import { entityNamed } from "./catalogue.ts";
import { ofTenant, sideTenant, usableKeys, type RowSource } from "./load-rows.ts";
import { exactText, run, textCell } from "./run.ts";
import { keyArray } from "./wire-column.ts";

export interface Member {
  readonly entity: string;
  readonly id: string;
}

/** Entity → ids. */
export type IdsByEntity = Readonly<Record<string, readonly string[]>>;

/** The most members that one statement may have to climb through. */
const maxMembers = 10_000;

/** The proper ancestors of each start, in the order of the starts. `session` are the direct parents of the principal. */
export async function ancestorsOf(
  session: SqlSession,
  source: RowSource,
  starts: readonly Member[],
  principal: { readonly member: Member; readonly parents: IdsByEntity } | null,
): Promise<readonly IdsByEntity[]> {
  const parents = new Map<string, readonly Member[]>();
  let frontier = distinct(starts);
  while (frontier.length > 0) {
    if (parents.size + frontier.length > maxMembers) throw new RangeError("a hierarchy is too large");
    const found = await directParents(session, source, frontier);
    for (const member of frontier) {
      const own = found.get(keyOf(member)) ?? [];
      const given =
        principal !== null && keyOf(principal.member) === keyOf(member)
          ? sessionMembers(source, principal.member, principal.parents)
          : [];
      parents.set(keyOf(member), distinct([...own, ...given]));
    }
    frontier = distinct(frontier.flatMap((member) => parents.get(keyOf(member)) ?? [])).filter(
      (member) => !parents.has(keyOf(member)),
    );
  }
  return starts.map((start) => climb(parents, start));
}

function climb(parents: ReadonlyMap<string, readonly Member[]>, start: Member): IdsByEntity {
  const seen = new Map<string, Member>();
  const open = [...(parents.get(keyOf(start)) ?? [])];
  for (let member = open.pop(); member !== undefined; member = open.pop()) {
    if (seen.has(keyOf(member))) continue;
    seen.set(keyOf(member), member);
    open.push(...(parents.get(keyOf(member)) ?? []));
  }
  const ids: Record<string, string[]> = {};
  for (const { entity, id } of seen.values()) (ids[entity] ??= []).push(id);
  return ids;
}

async function directParents(
  session: SqlSession,
  source: RowSource,
  members: readonly Member[],
): Promise<ReadonlyMap<string, readonly Member[]>> {
  const found = new Map<string, Member[]>();
  for (const name of new Set(members.map((member) => member.entity))) {
    const entity = entityNamed(source.program.model, name);
    const ids = usableKeys(
      entity.keyType,
      members.filter((member) => member.entity === name).map((member) => member.id),
    );
    if (ids.length === 0) continue;
    for (const parent of entity.parents) {
      const statement = parentQuery(source, entity, parent, ids);
      if (statement === null) continue;
      for (const row of (await run(session, statement)).rows) {
        const key = keyOf({ entity: name, id: textCell(row, "child") });
        found.set(key, [...(found.get(key) ?? []), { entity: parent.entity, id: textCell(row, "parent") }]);
      }
    }
  }
  return found;
}

function parentQuery(
  source: RowSource,
  entity: EntityModel,
  parent: ParentModel,
  ids: readonly string[],
): Sql | null {
  switch (parent.via.kind) {
    case "session":
      return null;
    case "column": {
      const { storage } = entity;
      if (storage === null) return null;
      const column = named("r", parent.via.column);
      return sql`select ${exactText(named("r", storage.key))} as child, ${exactText(column)} as parent
        from ${named(source.schema, storage.table)} as r
        where ${ofTenant(source, { ...entity, storage }, "r")} ${column} is not null
          and ${named("r", storage.key)} = any(${keyArray(entity.keyType, ids)})`;
    }
    case "table": {
      const { table, child, parent: to } = parent.via;
      return sql`select ${exactText(named("r", child))} as child, ${exactText(named("r", to))} as parent
        from ${named(source.schema, table)} as r
        where ${named("r", sideTenant)} = ${tenantParameter(source.tenant)}
          and ${named("r", child)} = any(${keyArray(entity.keyType, ids)})`;
    }
  }
}

function sessionMembers(source: RowSource, principal: Member, parents: IdsByEntity): readonly Member[] {
  const declared = entityNamed(source.program.model, principal.entity).parents;
  return Object.entries(parents).flatMap(([entity, ids]) =>
    declared.some((parent) => parent.entity === entity && parent.via.kind === "session")
      ? ids.map((id) => ({ entity, id }))
      : [],
  );
}

function distinct(members: readonly Member[]): readonly Member[] {
  return [...new Map(members.map((member) => [keyOf(member), member])).values()];
}

function keyOf(member: Member): string {
  return `${member.entity}\0${member.id}`;
}
