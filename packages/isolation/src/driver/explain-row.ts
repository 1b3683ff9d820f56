/**
 * Why the policy says what it says of one stored row. Invariant: whoever may not read the row gets what is said of an absent one, and
 * no value of a field that is masked or hidden from them is told to anybody.
 */
import {
  explain,
  instantFromDate,
  isText,
  nearestMiss,
  withhold,
  type Change,
  type Decision,
  type ShownExplanation,
  type Slot,
} from "@wardline/core";
import { UnsupportedQuery } from "../errors.ts";
import { actionOf, isStored, type StoredEntity } from "../gate/catalogue.ts";
import { requestsFor } from "../gate/decide.ts";
import { closePrincipal, collectFacts } from "../gate/facts.ts";
import { loadRows, type RowSource } from "../gate/load-rows.ts";
import { LimitLedger } from "../limits/limit-ledger.ts";
import { callerError } from "./caller-error.ts";
import { questionFor, unseen } from "./decide-row.ts";
import { inContext } from "./execute-alone.ts";
import { lookFor } from "./look-for.ts";
import { withGuard, type GuardedDialectOptions } from "./options.ts";
import { withRenewal } from "./place.ts";

/** What would have to be otherwise for another outcome. It tells no value of a row. */
export interface RowMiss {
  readonly changes: readonly Change[];
  readonly text: string;
}

export interface RowExplanation extends ShownExplanation {
  /** The nearest misses; null where they would tell of what is not shown. */
  readonly misses: readonly RowMiss[] | null;
}

/** For whom: the principal who asks, who is told what they may read, or an operator, who is told all but values that are masked. */
export type ExplainedFor = "principal" | "operator";

/** What is said of a row that is absent, and to its principal of one that may not be read. */
const absent: RowExplanation = {
  decision: unseen,
  home: null,
  reasons: [],
  passes: [],
  partial: true,
  misses: null,
};

/** Draws nothing and notes nothing. Throws as a decision does. */
export async function explainRow(
  given: GuardedDialectOptions,
  action: string,
  type: string,
  id: string,
  whom: ExplainedFor = "principal",
): Promise<RowExplanation> {
  try {
    // One policy for the facts and for the rules, as a decision has.
    return await withRenewal(given, async () => explained(await withGuard(given), action, type, id, whom));
  } catch (error) {
    throw callerError(error, given.onOperatorError);
  }
}

async function explained(
  options: GuardedDialectOptions,
  action: string,
  type: string,
  id: string,
  whom: ExplainedFor,
): Promise<RowExplanation> {
  const { guard } = options;
  const { program } = guard;
  const { model } = program;
  const entity = model.entities.find(({ name }) => name === type);
  if (entity === undefined || !isStored(entity))
    throw new UnsupportedQuery("query/unknown-table", `${type} has no rows`);
  const kind = model.actions.find(({ name, entities }) => name === action && entities.includes(type))?.kind;
  if (kind === undefined || kind === "creates")
    throw new UnsupportedQuery("write/no-action", `${action} cannot be asked about a row of ${type}`);
  const read = actionOf(model, type, "reads");
  const ids = typeof id === "string" && isText(id) ? [id] : [];
  const ledger = new LimitLedger();
  const row = { entity: type, id };
  if (ids.length > 0)
    for (const asked of new Set([action, read]))
      await lookFor(options, ledger, { action: asked, entity: type }, row);
  return inContext(options, async (session, known, schema) => {
    const source: RowSource = { program, schema, tenant: known.tenant.id };
    const dated = { ...known, now: known.now ?? instantFromDate(options.clock()) };
    const closed = await closePrincipal(session, source, dated, options.sessionParents);
    const facts = ledger.exactly(options, closed, row);
    const rows = await loadRows(session, source, entity, ids);
    const [found] = await collectFacts(session, source, entity, [...rows.values()]);
    if (found === undefined) return absent;
    const ask = async (asked: string, of: "reads" | "updates" | "deletes") => {
      const [request] = await requestsFor(session, source, facts, asked, entity, [questionFor(of, found)]);
      return request;
    };
    const reading = await ask(read, "reads");
    if (reading === undefined) return absent;
    const seen = guard.decide(reading);
    if (whom === "principal" && seen.outcome !== "permit") return absent;
    const request = action === read ? reading : await ask(action, kind);
    if (request === undefined) return absent;
    const shows = whom === "principal" ? shownTo(seen, "own") : shownTo(seen, "all");
    const isShown = (slot: Slot): boolean => !isSealed(program.sealed, entity, slot) && shows(slot);
    const told = withhold(
      program,
      explain(program, null, request),
      isShown,
      whom === "principal" ? "answers" : "facts",
    );
    if (whom === "principal" && told.partial) return { ...told, misses: null };
    const misses = nearestMiss(program, null, request)?.misses ?? [];
    return { ...told, misses: misses.map(({ changes, text }) => ({ changes, text })) };
  });
}

/** `own`: facts of the asker, and of the row what its reading shows whole; what leads to other rows is not. */
function shownTo({ outcome, obligations }: Decision, how: "own" | "all"): (slot: Slot) => boolean {
  const masked = new Set(
    obligations.flatMap((duty) => (duty.type === "mask" || duty.type === "hide" ? [duty.field] : [])),
  );
  return ({ source }) => {
    switch (source.from) {
      case "row_attribute":
        // What may not be read at all has no masks to go by.
        return outcome === "permit" && !masked.has(source.name);
      case "reference":
        return false;
      case "ancestors":
      case "relation":
        return how === "all";
      case "principal":
      case "principal_attribute":
      case "row":
      case "tenant":
      case "tenant_attribute":
      case "context":
      case "now":
      case "clock":
        return true;
      case "limit":
        return how === "all";
    }
  };
}

function isSealed(
  sealed: readonly { readonly entity: string; readonly fields: readonly string[] }[],
  { name }: StoredEntity,
  { source }: Slot,
): boolean {
  if (source.from !== "row_attribute") return false;
  return sealed.some(({ entity, fields }) => entity === name && fields.includes(source.name));
}
