/** Entries of the audit log in a transaction of their own, committed when this has ended. */
import type { AuditEntry } from "../contracts.ts";
import { IsolationViolation } from "../errors.ts";
import { checkedSession } from "./checked-session.ts";
import { enteringSession } from "./entering-session.ts";
import { claimsOf, identityOf, presentFacts, type GuardedDialectOptions } from "./options.ts";
import { atPlace } from "./place.ts";

/** What an entry says beside who, when and under which policy. */
export type RecordedAct = Pick<AuditEntry, "kind" | "action" | "entity" | "rows" | "rules" | "reason">;

/** Throws `audit/failed`; then nothing is on record, and nothing may be done. */
export async function recordAlone(options: GuardedDialectOptions, act: RecordedAct): Promise<void> {
  const { type, id } = presentFacts(options).principal;
  const at = options.clock().toISOString();
  const entry: AuditEntry = { ...act, principal: { type, id }, revision: options.guard.revision, at };
  try {
    await atPlace(options, (placed) =>
      placed.database.turn(async (turn) => {
        const identity = identityOf(presentFacts(placed));
        const session = enteringSession(turn, placed.context, claimsOf(placed, identity, "gate"));
        try {
          const check = placed.finalCheck(placed.guard.program, placed.database.schema);
          const checked = checkedSession(session, check, identity.tenant);
          await placed.audit.append(checked, identity.tenant, [entry]);
          await turn.query("commit", []);
        } catch (error) {
          await turn.query("rollback", []).catch(() => undefined);
          throw error;
        }
      }),
    );
  } catch (error) {
    options.onOperatorError?.(error);
    throw new IsolationViolation("audit/failed", "the audit log could not be written");
  }
}
