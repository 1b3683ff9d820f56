/** DELETE: the stored row is asked about while it is still there, and RETURNING is answered before it goes. */
import { actionOf } from "../gate/catalogue.ts";
import { decideAll } from "../gate/decide.ts";
import { collectFacts } from "../gate/facts.ts";
import { loadRows } from "../gate/load-rows.ts";
import { run } from "../gate/run.ts";
import { keyArray } from "../gate/wire-column.ts";
import { named, sql, tenantParameter } from "../scope/text.ts";
import { lockCandidates } from "./candidates.ts";
import type { WriteFrame, Written } from "./frame.ts";
import type { ChangePlan } from "./plan.ts";
import { permittedBy, refusedAtBoundary } from "./refusal.ts";
import { returned } from "./returning.ts";

export async function deleteRows(frame: WriteFrame, plan: ChangePlan): Promise<Written> {
  const { session, source, guard, facts } = frame;
  const { entity } = plan;
  const action = actionOf(source.program.model, entity.name, "deletes");
  const ids = await lockCandidates(frame, plan);
  const answer = await returned(frame, plan, ids);
  if (ids.length === 0) return { action, entity: entity.name, ids, rules: [], returned: answer };
  const rows = await loadRows(session, source, entity, ids);
  const prior = await collectFacts(
    session,
    source,
    entity,
    ids.flatMap((id) => rows.get(id) ?? []),
  );
  if (prior.length !== ids.length) throw refusedAtBoundary(action, entity.name, ids);
  const decisions = await decideAll(
    session,
    source,
    guard,
    facts,
    action,
    entity,
    prior.map((row) => ({ prior: row })),
  );
  const rules = permittedBy(source.program, action, entity.name, ids, decisions);
  const gone = await run(
    session,
    sql`delete from ${named(source.schema, entity.storage.table)} as t
      where ${named("t", entity.storage.tenant)} = ${tenantParameter(source.tenant)}
        and ${named("t", entity.storage.key)} = any(${keyArray(entity.keyType, ids)})
      returning ${named("t", entity.storage.key)}::text as id`,
  );
  if (gone.rows.length !== ids.length) throw refusedAtBoundary(action, entity.name, ids);
  return { action, entity: entity.name, ids, rules, returned: answer };
}
