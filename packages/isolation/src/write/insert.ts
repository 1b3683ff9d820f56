/** INSERT: stamped with the tenant, sealed, stored, loaded back as stored, and asked about. */
import type { RowDocument } from "@wardline/core";
import { actionOf } from "../gate/catalogue.ts";
import { decideAll } from "../gate/decide.ts";
import { collectFacts } from "../gate/facts.ts";
import { loadRows } from "../gate/load-rows.ts";
import { run } from "../gate/run.ts";
import { joined, named, parameter, sql, tenantParameter } from "../scope/text.ts";
import { storedValue, type WriteFrame, type Written } from "./frame.ts";
import type { InsertPlan } from "./plan.ts";
import { permittedBy, refusedAtBoundary } from "./refusal.ts";
import { referencesReadable } from "./references.ts";
import { prepareReturning, returned } from "./returning.ts";
import { identify, type IdentifiedRow } from "./taken-ids.ts";

/** Parameters of one statement; the protocol ends at 65,535. */
const maxParameters = 30_000;

export async function insertRows(frame: WriteFrame, plan: InsertPlan): Promise<Written> {
  const { session, source, guard, facts } = frame;
  const { entity } = plan;
  const action = actionOf(source.program.model, entity.name, "creates");
  prepareReturning(frame, plan);
  const { rows, asked, standIn } = await identify(frame, plan);
  const ids = rows.map((row) => row.id);
  if (
    !(await referencesReadable(
      frame,
      rows.flatMap((row) => row.assignments),
    ))
  )
    throw refusedAtBoundary(action, entity.name, asked);
  await store(frame, plan, rows);
  const stored = await loadRows(session, source, entity, ids);
  const next = ids.map((id) => stored.get(id)).filter((row): row is RowDocument => row !== undefined);
  if (next.length !== ids.length) throw refusedAtBoundary(action, entity.name, asked);
  const questions = (await collectFacts(session, source, entity, next)).map((row) => ({ next: row }));
  const decisions = await decideAll(session, source, guard, facts, action, entity, questions);
  const rules = permittedBy(source.program, action, entity.name, asked, decisions);
  if (standIn) throw refusedAtBoundary(action, entity.name, asked);
  return { action, entity: entity.name, ids, rules, returned: await returned(frame, plan, ids) };
}

async function store(frame: WriteFrame, plan: InsertPlan, rows: readonly IdentifiedRow[]): Promise<void> {
  const { storage, name } = plan.entity;
  const columns = [
    storage.tenant,
    storage.key,
    ...(rows[0]?.assignments ?? []).map((assignment) => assignment.column),
  ];
  const size = Math.max(1, Math.floor(maxParameters / columns.length));
  for (let start = 0; start < rows.length; start += size) {
    const tuples = rows.slice(start, start + size).map((row) => {
      const values = row.assignments.map((assignment) => storedValue(frame, name, row.id, assignment));
      return sql`(${joined([tenantParameter(frame.source.tenant), parameter(row.id), ...values], ", ")})`;
    });
    await run(
      frame.session,
      sql`insert into ${named(frame.source.schema, storage.table)} (${joined(
        columns.map((column) => named(column)),
        ", ",
      )}) values ${joined(tuples, ", ")}`,
    );
  }
}
