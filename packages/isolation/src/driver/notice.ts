/** Tells somebody of what was read or written, where a duty says so. */
import type { AuditEntry } from "../contracts.ts";
import { AccessDenied } from "../errors.ts";
import { within } from "../limits/within.ts";
import type { GuardedDialectOptions } from "./options.ts";

/** What is told: names and ids, never a value of a row. */
export interface Notice {
  readonly tenant: string;
  /** Who did it. */
  readonly principal: { readonly type: string; readonly id: string };
  /** Whom to tell: a name that the application gives a meaning. */
  readonly whom: string;
  readonly action: string;
  readonly entity: string;
  /** Of the rows. Of a read only those that come as themselves: none of what was counted or grouped. */
  readonly ids: readonly string[];
  readonly ruleIds: readonly string[];
  /** An Instant, by the process's clock. */
  readonly at: string;
}

type Tellers = Pick<GuardedDialectOptions, "notify" | "onOperatorError">;

/** Milliseconds until whoever tells has failed. */
const patience = 5_000;

/** Before rows are shown. Throws `access/not-carried-out` unless it was told. */
export async function tellBefore({ notify, onOperatorError }: Tellers, notice: Notice): Promise<void> {
  try {
    if (notify !== undefined) return await within(patience, () => notify(notice));
  } catch (error) {
    onOperatorError?.(error);
  }
  throw new AccessDenied(notice.action, notice.entity, null, [], "notify");
}

/** What these writes say to tell, once they stand. */
export function noticesOf(tenant: string, entries: readonly AuditEntry[]): readonly Notice[] {
  return entries.flatMap(({ kind, principal, action, entity, rows: ids, rules: ruleIds, obligations, at }) =>
    kind !== "write"
      ? []
      : obligations.flatMap((duty) =>
          duty.type === "notify"
            ? [{ tenant, principal, whom: duty.whom, action, entity, ids, ruleIds, at }]
            : [],
        ),
  );
}

/** After a commit, in order, each once. What fails goes to the operator: the write stands, and its entry says who was to be told. */
export async function tellAfter(
  { notify, onOperatorError }: Tellers,
  notices: readonly Notice[],
): Promise<void> {
  for (const notice of notices)
    try {
      if (notify === undefined) throw new Error(`nobody tells ${notice.whom}`);
      await within(patience, () => notify(notice));
    } catch (error) {
      try {
        onOperatorError?.(error);
      } catch {
        // What stands is told as such, whatever is wrong with whoever is told.
      }
    }
}
