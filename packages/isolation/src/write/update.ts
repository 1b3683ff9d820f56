/** UPDATE: the stored row before and the stored row after are both asked about, and all rows must be permitted. */
import { UnsupportedQuery } from "../errors.ts";
import { actionOf } from "../gate/catalogue.ts";
import { decideAll } from "../gate/decide.ts";
import { collectFacts, type RowFacts } from "../gate/facts.ts";
import { loadRows } from "../gate/load-rows.ts";
import { run } from "../gate/run.ts";
import { keyArray } from "../gate/wire-column.ts";
import { joined, named, sql, tenantParameter } from "../scope/text.ts";
import { lockCandidates } from "./candidates.ts";
import { isSealed, storedValue, type WriteFrame, type Written } from "./frame.ts";
import type { UpdatePlan } from "./plan.ts";
import { permittedBy, refusedAtBoundary } from "./refusal.ts";
import { referencesReadable } from "./references.ts";
import { prepareReturning, returned } from "./returning.ts";

export async function updateRows(frame: WriteFrame, plan: UpdatePlan): Promise<Written> {
  const { session, source, guard, facts } = frame;
  const { entity, assignments } = plan;
  const action = actionOf(source.program.model, entity.name, "updates");
  prepareReturning(frame, plan);
  const ids = await lockCandidates(frame, plan);
  if (ids.length === 0)
    return { action, entity: entity.name, ids, rules: [], returned: await returned(frame, plan, ids) };
  const prior = await factsOf(frame, plan, ids, action);
  await refuseHiddenFields(frame, plan, prior, action);
  if (!(await referencesReadable(frame, assignments))) throw refusedAtBoundary(action, entity.name, ids);
  if ((await store(frame, plan, ids)) !== ids.length) throw refusedAtBoundary(action, entity.name, ids);
  const next = await factsOf(frame, plan, ids, action);
  const questions = prior.map((row, index) => ({ prior: row, next: next[index] as RowFacts }));
  const decisions = await decideAll(session, source, guard, facts, action, entity, questions);
  const rules = permittedBy(source.program, action, entity.name, ids, decisions);
  for (const decision of decisions) refuseMasked(plan, decision.obligations);
  return { action, entity: entity.name, ids, rules, returned: await returned(frame, plan, ids) };
}

/** The rows as stored now, in the order of the ids. */
async function factsOf(
  frame: WriteFrame,
  plan: UpdatePlan,
  ids: readonly string[],
  action: string,
): Promise<readonly RowFacts[]> {
  const { session, source } = frame;
  const rows = await loadRows(session, source, plan.entity, ids);
  const present = ids.flatMap((id) => {
    const row = rows.get(id);
    return row === undefined ? [] : [row];
  });
  if (present.length !== ids.length) throw refusedAtBoundary(action, plan.entity.name, ids);
  return collectFacts(session, source, plan.entity, present);
}

/** A field that the principal does not see in full cannot be overwritten blindly. */
async function refuseHiddenFields(
  frame: WriteFrame,
  plan: UpdatePlan,
  prior: readonly RowFacts[],
  action: string,
): Promise<void> {
  const { session, source, guard, facts } = frame;
  const read = actionOf(source.program.model, plan.entity.name, "reads");
  const questions = prior.map((row) => ({ resource: row }));
  for (const decision of await decideAll(session, source, guard, facts, read, plan.entity, questions)) {
    // Invariant: the view showed these rows. Where the engine says otherwise, neither is believed.
    if (decision.outcome !== "permit")
      throw refusedAtBoundary(
        action,
        plan.entity.name,
        prior.map(({ row }) => row.id),
      );
    refuseMasked(plan, decision.obligations);
  }
}

function refuseMasked(
  plan: UpdatePlan,
  obligations: readonly { readonly type: string; readonly field?: string }[],
): void {
  for (const { type, field } of obligations)
    if (
      (type === "mask" || type === "hide") &&
      plan.assignments.some((assignment) => assignment.field.name === field)
    )
      throw new UnsupportedQuery(
        "write/hidden-field",
        `${String(field)} is not shown in full and cannot be set`,
      );
}

/** Stores the values and says how many rows took them. A sealed value is sealed for its row, so each has its own. */
async function store(frame: WriteFrame, plan: UpdatePlan, ids: readonly string[]): Promise<number> {
  const { entity, assignments } = plan;
  const sealed = assignments.some(
    ({ field, value }) => value !== null && isSealed(frame, entity.name, field.name),
  );
  let stored = 0;
  for (const group of sealed ? ids.map((id) => [id]) : [ids]) {
    const sets = assignments.map(
      (assignment) =>
        sql`${named(assignment.column)} = ${storedValue(frame, entity.name, group[0] as string, assignment)}`,
    );
    const { rows } = await run(
      frame.session,
      sql`update ${named(frame.source.schema, entity.storage.table)} as t set ${joined(sets, ", ")}
        where ${named("t", entity.storage.tenant)} = ${tenantParameter(frame.source.tenant)}
          and ${named("t", entity.storage.key)} = any(${keyArray(entity.keyType, group)})
        returning ${named("t", entity.storage.key)}::text as id`,
    );
    stored += rows.length;
  }
  return stored;
}
