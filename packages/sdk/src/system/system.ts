/**
 * Work of the platform in one tenant's rows that no principal of the tenant may do: repairs, imports, jobs. It goes by no policy
 * but by the tenant's boundary, for a reason and for a time, and both stand in the tenant's record before anything is done.
 */
import { IsolationViolation, recordAlone, type PolicyGuard } from "@wardline/isolation";
import type { PrincipalInput } from "../principal.ts";
import { optionsOf, Session, type AnyTables } from "../session.ts";
import { partsOf } from "../tenant.ts";
import type { TenantId } from "../tenant-id.ts";
import type { Wardline } from "../wardline.ts";
import { checkReason } from "./check-reason.ts";
import { systemPolicy, systemRule, tenantPolicy } from "./system-policy.ts";

export interface SystemOptions {
  readonly tenant: TenantId | string;
  /** Who does it, as the record names it: a principal of the model. */
  readonly as: PrincipalInput;
  /** Why, in words for whoever reads the record: 1 to 500 characters. */
  readonly reason: string;
  /** For how long, in milliseconds: at most 15 minutes. What is open then is undone. */
  readonly ttl: number;
}

/** Milliseconds. */
const longest = 15 * 60_000;

/**
 * Runs `work` with a handle that may do everything that the model has an action for. It is revoked when the work or the time has
 * ended. Throws `handle/no-reason` where there is no reason or no end, and `audit/failed` where it could not be put on record.
 */
export async function system<T, Tables = AnyTables>(
  wardline: Wardline,
  options: SystemOptions,
  work: (session: Session<Tables>) => Promise<T>,
): Promise<T> {
  const { tenant, as, reason, ttl } = Object.assign<object, SystemOptions>(
    Object.create(null) as object,
    options,
  );
  checkReason(reason);
  if (!Number.isSafeInteger(ttl) || ttl < 1 || ttl > longest)
    throw new IsolationViolation("handle/no-reason", `system work ends after 1 to ${longest} milliseconds`);
  const { parts, closed } = partsOf(wardline.tenant(tenant));
  const until = performance.now() + ttl;
  const isOver = (): boolean => closed() || performance.now() >= until;
  const policy = () => systemPolicy(parts.policy(), as.type);
  // Work of the system is no person's session.
  const settings = () => ({});
  const load = () => parts.load()?.then((loaded) => systemPolicy(loaded, as.type)) ?? null;
  // What was passed by is the tenant's: one made of the same is no other.
  const renew = async (passed: PolicyGuard) => {
    const found = await parts.renew(tenantPolicy(passed));
    return found === null ? null : systemPolicy(found, as.type);
  };
  const transactionLimit = Math.min(parts.transactionLimit, ttl);
  const session = new Session<Tables>(
    { ...parts, policy, load, renew, settings, transactionLimit },
    as,
    {},
    isOver,
  );
  const act = { kind: "operation", entity: "", rules: [systemRule] } as const;
  const of = await recordAlone(optionsOf(session), { ...act, action: "system.begin", words: reason });
  // Its end is put on record by a handle of its own: the first one may be over by then.
  const after = new Session({ ...parts, policy, load, renew, settings }, as, {}, closed);
  const end = (how: "done" | "failed") =>
    recordAlone(optionsOf(after), { ...act, action: "system.end", of, reason: how });
  let result: T;
  try {
    result = await work(session);
  } catch (error) {
    session.end();
    await end("failed");
    throw error;
  }
  session.end();
  await end("done");
  return result;
}
