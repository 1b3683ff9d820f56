/**
 * Restores a tenant from an archive: rehearsed beside the living data, compared, and then swapped in one transaction. The audit
 * chain is not put back: what happened stays on record.
 */
import type { KeyObject } from "node:crypto";
import { resolve } from "node:path";
import { openArchive, type OpenedArchive } from "./archive/read-archive.ts";
import { ArchiveRejected } from "./archive/archive-rejected.ts";
import { placementOfTenant } from "./catalogue.ts";
import { databaseAt, modelDigest, type Estate } from "./estate.ts";
import { beginOperation, endOperation, takeOperation, type Lease, type Operation } from "./operation-log.ts";
import { asOperator } from "./operator-session.ts";
import { PlacementError } from "./placement-error.ts";
import type { Spot, Tier } from "./placement.ts";
import { finishOperation, type Receipt } from "./receipt.ts";
import { restoreSteps, type Difference } from "./restore-steps.ts";
import { quoteName } from "../schema/identifier.ts";
import { raiseRowSecurity } from "./row-security.ts";
import { runSteps, type Watch } from "./run-steps.ts";
import { refuseShredded } from "./shred/refuse-shredded.ts";
import { siloName } from "./silo-name.ts";

export interface RestorePlan {
  readonly folder: string;
  /** SHA-256 of the manifest. */
  readonly manifest: string;
  readonly spot: Spot & { readonly tier: Tier };
  readonly epoch: number;
  readonly differences?: readonly Difference[];
}

export interface RestoreOptions extends Watch {
  /** The public Ed25519 key whose signature the manifest must bear. Without it nobody vouches for the archive. */
  readonly trust?: KeyObject;
  /** Stops after the comparison: nothing living is changed, and what was rehearsed is dropped. */
  readonly rehearseOnly?: boolean;
}

export interface Restored {
  readonly differences: readonly Difference[];
  /** Null after a rehearsal alone. */
  readonly receipt: Receipt | null;
}

/** What would be done. Throws ArchiveRejected or PlacementError where it would be refused. */
export async function planRestore(
  estate: Estate,
  tenant: string,
  folder: string,
  trust: KeyObject | null,
): Promise<RestorePlan> {
  const placement = await placementOfTenant(estate.catalogue, tenant);
  await refuseShredded(estate, tenant);
  if (placement.state !== "active")
    throw new PlacementError("placement/wrong-state", `the tenant is ${placement.state}`);
  const path = resolve(folder);
  const { sha256 } = await openFor(estate, tenant, path, trust);
  const { tier, cell, database, schema, epoch } = placement;
  estate.rowSecurityOf(tenant, tier, schema);
  return { folder: path, manifest: sha256, spot: { tier, cell, database, schema }, epoch };
}

export async function restoreTenant(
  estate: Estate,
  tenant: string,
  folder: string,
  options: RestoreOptions = {},
): Promise<Restored> {
  const plan = await planRestore(estate, tenant, folder, options.trust ?? null);
  const { catalogue, operator } = estate;
  const { operation, lease } = await beginOperation(catalogue, { kind: "restore", tenant, operator, plan });
  return runRestore(estate, operation, lease, options);
}

/** Goes on with a restore that was left off. The archive must still be the one that it began with. */
export async function resumeRestore(
  estate: Estate,
  tenant: string,
  options: RestoreOptions = {},
): Promise<Restored> {
  await refuseShredded(estate, tenant);
  const { operation, lease } = await takeOperation<RestorePlan>(estate.catalogue, tenant, "restore");
  return runRestore(estate, operation, lease, options);
}

export async function runRestore(
  estate: Estate,
  operation: Operation<RestorePlan>,
  lease: Lease,
  options: RestoreOptions,
): Promise<Restored> {
  const { tenant, plan } = operation;
  const archive = await openFor(estate, tenant, plan.folder, options.trust ?? null);
  if (archive.sha256 !== plan.manifest)
    throw new ArchiveRejected("archive/changed", "the archive is not the one that the restore began with");
  const found: { differences: readonly Difference[] } = { differences: plan.differences ?? [] };
  const steps = restoreSteps(estate, operation, lease, archive, found);
  const rehearsal = steps.filter(({ name }) => options.rehearseOnly !== true || name !== "swap");
  try {
    await runSteps(estate.catalogue, operation, lease, rehearsal, options);
  } catch (error) {
    // An archive that is refused is refused for good: nothing is left to be resumed.
    if (
      error instanceof ArchiveRejected ||
      (error instanceof PlacementError && error.code === "placement/audit-forked")
    )
      await cancelRestore(estate, tenant);
    throw error;
  }
  if (options.rehearseOnly === true) {
    await dropRehearsal(estate, tenant, plan.spot);
    await endOperation(estate.catalogue, lease, "done", null);
    return { differences: found.differences, receipt: null };
  }
  const receipt = await finishOperation(estate, operation, lease, plan.spot, {
    epoch: plan.epoch,
    differences: found.differences,
    rowSecurity: await raiseRowSecurity(estate, tenant, plan.spot),
  });
  return { differences: found.differences, receipt };
}

/** Drops what was rehearsed. What was swapped already stays. */
export async function cancelRestore(estate: Estate, tenant: string): Promise<void> {
  const { operation, lease } = await takeOperation<RestorePlan>(estate.catalogue, tenant, "restore");
  await dropRehearsal(estate, tenant, operation.plan.spot);
  await endOperation(estate.catalogue, lease, "failed", operation.problem ?? "it was cancelled");
}

async function dropRehearsal(estate: Estate, tenant: string, spot: Spot): Promise<void> {
  await asOperator(databaseAt(estate, spot), (session) =>
    session.query(`DROP SCHEMA IF EXISTS ${quoteName(siloName("rehearsal", tenant))} CASCADE`, []),
  );
}

async function openFor(
  estate: Estate,
  tenant: string,
  folder: string,
  trust: KeyObject | null,
): Promise<OpenedArchive> {
  const archive = await openArchive(folder, trust);
  const { manifest } = archive;
  if (manifest.tenant !== tenant)
    throw new ArchiveRejected("archive/other-tenant", "the archive is another tenant's");
  if (manifest.model !== modelDigest(estate.stored))
    throw new ArchiveRejected(
      "archive/other-model",
      "the archive was made of another model's tables, or of other sealed fields",
    );
  return archive;
}
