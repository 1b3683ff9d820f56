/** Deletes a key of the transit engine: its tombstone first, and deletion is allowed only while it is done. */
import { outsideProblem } from "../outside/outside-problem.ts";
import { isNoKey } from "./transit-key-facts.ts";
import { vaultName, type CallVault, type VaultResult } from "./vault-client.ts";

export async function destroyTransitKey(
  call: CallVault,
  tenant: string,
  name: string,
  tombstone: string,
): Promise<void> {
  const failed = (what: string, result: VaultResult) =>
    outsideProblem(
      vaultName,
      "keys/unavailable",
      tenant,
      `${what}: status ${result.ok ? 200 : result.refusal.status}`,
    );
  const mark = await call(tenant, "POST", `keys/${tombstone}`, { type: "aes256-gcm96", derived: true });
  if (!mark.ok) throw failed("making the tombstone", mark);
  const allowed = await call(tenant, "POST", `keys/${name}/config`, { deletion_allowed: true });
  if (!allowed.ok) {
    if (isNoKey(allowed.refusal)) return;
    throw failed("allowing the deletion", allowed);
  }
  let isGone = false;
  try {
    const deleted = await call(tenant, "DELETE", `keys/${name}`);
    // Another process was first, or the answer to an earlier try was lost.
    isGone = deleted.ok || isNoKey(deleted.refusal);
    if (!isGone) throw failed("deleting", deleted);
  } finally {
    if (!isGone)
      await call(tenant, "POST", `keys/${name}/config`, { deletion_allowed: false }).catch(() => undefined);
  }
}
