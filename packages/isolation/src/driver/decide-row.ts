/** One decision about one stored row, for whoever asks before acting. It changes nothing. */
import { instantFromDate, isText, type Decision } from "@wardline/core";
import { UnsupportedQuery } from "../errors.ts";
import { actionOf, isStored } from "../gate/catalogue.ts";
import { decideAll, type Asked } from "../gate/decide.ts";
import { closePrincipal, collectFacts, type RowFacts } from "../gate/facts.ts";
import { loadRows, type RowSource } from "../gate/load-rows.ts";
import { newEntry } from "../audit/new-entry.ts";
import { holdEntries } from "./hold-entries.ts";
import { presentFacts, saidBy, withGuard, type GuardedDialectOptions } from "./options.ts";
import { LimitLedger } from "../limits/limit-ledger.ts";
import { lookFor } from "./look-for.ts";
import { withRenewal } from "./place.ts";
import { recordAtPlace } from "./record-alone.ts";
import { recordViolation } from "./record-violation.ts";
import { callerError } from "./caller-error.ts";
import { inContext } from "./execute-alone.ts";

/** The same for a row that is absent and for one that the principal may not read. */
export const unseen: Decision = { outcome: "deny", rules: [], obligations: [], reason: "not_granted" };

/** For `updates`, what the policy says of the row as it is, before and after. `creates` has no stored row to ask about. */
export async function decideRow(
  given: GuardedDialectOptions,
  action: string,
  entityName: string,
  id: string,
): Promise<Decision> {
  try {
    return await withRenewal(given, async () =>
      // One policy for the facts and for the rules, whatever is loaded in between.
      decideOnRecord(await withGuard(given), action, entityName, id),
    );
  } catch (error) {
    const options = await withGuard(given);
    const refused = callerError(error, options.onOperatorError);
    await recordViolation(options, refused, { act: "decide", entity: entityName });
    throw refused;
  }
}

async function decideOnRecord(
  options: GuardedDialectOptions,
  action: string,
  entityName: string,
  id: string,
): Promise<Decision> {
  const { guard } = options;
  const { model } = guard.program;
  const entity = model.entities.find((candidate) => candidate.name === entityName);
  const kind = model.actions.find(
    (candidate) => candidate.name === action && candidate.entities.includes(entityName),
  )?.kind;
  if (entity === undefined || !isStored(entity))
    throw new UnsupportedQuery("query/unknown-table", `${entityName} has no rows`);
  if (kind === undefined || kind === "creates")
    throw new UnsupportedQuery("write/no-action", `${action} cannot be asked about a row of ${entityName}`);
  const ledger = new LimitLedger();
  // What is no text is no row's id, whatever text it can be turned into.
  const ids = typeof id === "string" && isText(id) ? [id] : [];
  const limited = { entity: entityName, id };
  const reads = model.actions.filter((one) => one.kind === "reads" && one.entities.includes(entityName));
  if (ids.length > 0)
    for (const asked of new Set([action, ...reads.map(({ name }) => name)]))
      await lookFor(options, ledger, { action: asked, entity: entityName }, limited);
  const decision = await inContext(options, async (session, known, schema) => {
    const source: RowSource = { program: guard.program, schema, tenant: known.tenant.id };
    const dated = { ...known, now: known.now ?? instantFromDate(options.clock()) };
    const closed = await closePrincipal(session, source, dated, options.sessionParents);
    const facts = ledger.exactly(options, closed, limited);
    const rows = await loadRows(session, source, entity, ids);
    const [row] = await collectFacts(session, source, entity, [...rows.values()]);
    if (row === undefined) return unseen;
    const ask = async (asked: string, question: Asked): Promise<Decision> => {
      const [decision] = await decideAll(session, source, guard, facts, asked, entity, [question]);
      return decision ?? unseen;
    };
    const decision = await ask(action, questionFor(kind, row));
    if (kind === "reads" && decision.outcome !== "deny") return decision;
    const read = await ask(actionOf(model, entityName, "reads"), { resource: row });
    if (read.outcome === "permit") return decision;
    // A row that shows itself after a challenge says so; one that is denied looks absent.
    return read.outcome === "challenge" ? read : unseen;
  });
  await recordDecision(options, action, entityName, id, decision);
  return decision;
}

/** Where a duty says so; then it is on record before anybody learns it. */
async function recordDecision(
  options: GuardedDialectOptions,
  action: string,
  entity: string,
  id: string,
  { outcome, rules, reason, obligations }: Decision,
): Promise<void> {
  const duty = obligations.find(({ type }) => type === "audit");
  if (duty?.type !== "audit") return;
  const known = presentFacts(options);
  const { principal, context = null } = known;
  const facts = duty.level === "full" ? { principal, context } : null;
  const said = { ...saidBy(options, known), kind: "decision", action, entity } as const;
  const made = { outcome, rules, reason, obligations: [duty], rows: [id], facts };
  const entries = [newEntry({ ...said, ...made })];
  await (holdEntries(options, known, [duty.level], entries) ?? recordAtPlace(options, known, entries));
}

export function questionFor(kind: "reads" | "updates" | "deletes", row: RowFacts): Asked {
  switch (kind) {
    case "reads":
      return { resource: row };
    case "updates":
      return { prior: row, next: row };
    case "deletes":
      return { prior: row };
  }
}
