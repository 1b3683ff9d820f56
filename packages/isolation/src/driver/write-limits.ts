/**
 * What one write draws. What is left of the limits of reading is asked before its views are made, since these are made in its midst, and
 * drawn when it is done; what its own action draws is drawn once all its rows are permitted. Refusals are on record like every other.
 */
import type { Decision, KnownFacts, Obligation, RequestDocument } from "@wardline/core";
import { AccessDenied } from "../errors.ts";
import type { LimitLedger } from "../limits/limit-ledger.ts";
import { limitsAsked, limitsOf } from "../limits/limits-of.ts";
import type { ReadLimit } from "../scope/guarded-source.ts";
import { Refusal } from "../write/refusal.ts";
import { refuseSpentView } from "./drawn-select.ts";
import type { PreparedOptions } from "./prepared.ts";
import type { AskedTable } from "./row-claim.ts";

export class WriteLimits {
  readonly #options: PreparedOptions;
  readonly #ledger: LimitLedger;
  readonly #known: KnownFacts;
  /** Of the views that it looked through, each once. */
  readonly #owed = new Map<string, ReadLimit>();

  constructor(options: PreparedOptions, ledger: LimitLedger, known: KnownFacts) {
    this.#options = options;
    this.#ledger = ledger;
    this.#known = known;
  }

  /** Kinds of duties beside those of every write that are carried out here. */
  carries({ type }: Obligation): boolean {
    const { limits, notify } = this.#options;
    return (type === "limit" && limits !== undefined) || (type === "notify" && notify !== undefined);
  }

  /** Asks what is left of what reading may draw from. */
  async look(): Promise<void> {
    const { program } = this.#options.guard;
    if (this.#options.limits === undefined || limitsOf(program).size === 0) return;
    const { type } = this.#known.principal;
    const asked = program.model.actions.flatMap(({ name: action, kind, entities }) =>
      kind !== "reads"
        ? []
        : entities.flatMap((entity) =>
            limitsAsked(program, type, action, entity).map((limit): ReadLimit => ({ action, entity, limit })),
          ),
    );
    const [first] = asked;
    if (first === undefined) return;
    const limits = asked.map(({ limit }) => limit);
    await onRecord([], () => this.#ledger.look(this.#options, this.#known, limits, null, first));
  }

  refuseSpent(view: AskedTable): void {
    try {
      refuseSpentView(this.#options, this.#known, this.#ledger, view);
    } catch (error) {
      throw asRefusal(error, []);
    }
  }

  owe(owed: ReadLimit): void {
    this.#owed.set(JSON.stringify([owed.entity, owed.action, owed.limit.rule]), owed);
  }

  /** Draws what its views drew from: before it is committed, and before a row of them is shown. */
  async drawOwed(): Promise<void> {
    const owed = [...this.#owed.values()];
    const [first] = owed;
    if (first === undefined) return;
    const wanted = owed.map(({ limit }) => ({ limit, row: null }));
    const isDrawn = await onRecord([], () => this.#ledger.draw(this.#options, this.#known, wanted, first));
    if (isDrawn) return;
    const { entity, action } = first;
    const retryAfter = this.#ledger.waitFor(
      this.#known,
      owed.map(({ limit }) => limit),
      null,
    );
    const limited = { code: "access/limit", retryAfter } as const;
    throw new Refusal(new AccessDenied(action, entity, null, [], null, limited), [], "limit");
  }

  /** The request with what is left for its row. */
  of(request: RequestDocument, entity: string, id: string): RequestDocument {
    return this.#ledger.exactly(this.#options, request, { entity, id });
  }

  /** One for each row from each limit. False where something turned out to be exhausted: then it is to be decided again. */
  async draw(
    action: string,
    entity: string,
    ids: readonly string[],
    decisions: readonly Decision[],
  ): Promise<boolean> {
    const wanted = decisions.flatMap(({ obligations }, at) =>
      obligations.flatMap((limit) =>
        limit.type === "limit" ? [{ limit, row: { entity, id: ids[at] as string } }] : [],
      ),
    );
    return onRecord(ids, () => this.#ledger.draw(this.#options, this.#known, wanted, { action, entity }));
  }
}

async function onRecord<T>(ids: readonly string[], act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw asRefusal(error, ids);
  }
}

function asRefusal(error: unknown, ids: readonly string[]): unknown {
  if (!(error instanceof AccessDenied)) return error;
  return new Refusal(error, ids, error.code === "access/limit" ? "limit" : error.code.replace("access/", ""));
}
