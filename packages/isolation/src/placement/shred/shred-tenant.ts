/** Shreds a tenant: destroys its keys for good, wherever it is or was, and says so in a receipt. Run again it goes on where it was. */
import type { NoteSigner } from "../../audit/checkpoint/note-key.ts";
import { parseNote } from "../../audit/checkpoint/note.ts";
import { readHead } from "../../audit/read-chain.ts";
import type { KeyProvider } from "../../keys/key-provider.ts";
import { databaseAt, modelDigest, type Estate } from "../estate.ts";
import {
  beginOperation,
  endOperation,
  keepReceipt,
  leaveOperation,
  listOperations,
  notePlan,
  takeOperation,
  type Lease,
  type Operation,
} from "../operation-log.ts";
import { asOperator } from "../operator-session.ts";
import { PlacementError } from "../placement-error.ts";
import { enterOperation } from "../receipt.ts";
import { problemOf, runSteps, type Watch } from "../run-steps.ts";
import { digestOfReceipt } from "../signed-receipt.ts";
import { refuseHeld } from "./legal-hold.ts";
import { notCovered } from "./not-covered.ts";
import { planShred, providerOf } from "./plan-shred.ts";
import { hasRegistry, nameOf, registryOf } from "./shred-databases.ts";
import {
  shredReceiptFormat,
  signShredReceipt,
  type ReceiptDatabase,
  type ShredReceipt,
} from "./shred-receipt.ts";
import { shredRecord } from "./shred-registry.ts";
import { ShredRefused, ShredWaits } from "./shred-refused.ts";
import { shredSteps, timeOf, type ShredPlan } from "./shred-steps.ts";

export interface ShredOptions extends Watch {
  /** Signs the receipt. */
  readonly sign: NoteSigner;
  /** Destroys the key of the tenant's audit log too. Without it the log stays readable. */
  readonly audit?: boolean;
  /** Whether to wait until no process holds a key, five minutes at most. Default: yes. */
  readonly wait?: boolean;
  /** Milliseconds after which another process may go on with what this one left. Default: a minute. */
  readonly lease?: number;
}

export type Shredding =
  | {
      readonly kind: "done";
      readonly operation: string;
      /** The signed receipt. */
      readonly receipt: string;
      /** Of the receipt; it stands in the tenant's audit chain. */
      readonly sha256: string;
    }
  /** Nothing has failed: run it again then. */
  | { readonly kind: "waiting"; readonly step: string; readonly until: Date };

/**
 * Begins, or goes on with what was begun, or gives the receipt of what is done. What another operation of the tenant had begun and left off
 * is given up. Throws {@link ShredRefused}, PlacementError (`placement/busy` while another process is at the tenant) or KeyProviderError;
 * what was done stays, and running it again goes on.
 */
export async function shredTenant(estate: Estate, tenant: string, options: ShredOptions): Promise<Shredding> {
  const audit = options.audit ?? false;
  const keys = providerOf(estate);
  const known = await doneAlready(estate, tenant, audit);
  if (known !== null) return known;
  const { operation, lease } = await takeOrBegin(estate, tenant, audit, options.lease);
  const steps = shredSteps({ ...estate, keys }, operation, lease, options.wait ?? true);
  try {
    await runSteps(estate.catalogue, operation, lease, steps, options);
    return await finish({ ...estate, keys }, operation, lease, options.sign);
  } catch (error) {
    if (error instanceof ShredWaits) return { kind: "waiting", step: error.step, until: error.until };
    throw error;
  }
}

async function takeOrBegin(
  estate: Estate,
  tenant: string,
  audit: boolean,
  life: number | undefined,
): Promise<Taken> {
  const { catalogue, operator } = estate;
  const running = await runningOf(estate, tenant);
  if (running?.kind === "shred") return take(estate, tenant, audit, life);
  // Refuses what cannot be before anything is given up for it.
  const { home, databases } = await planShred(estate, tenant, { audit });
  await catalogue.turn((session) => refuseHeld(session, tenant));
  if (running !== null) await giveUp(estate, running);
  const { cell, database, schema, epoch } = home;
  const plan: ShredPlan = { audit, home: { cell, database, schema }, epoch, databases };
  const begun = await beginOperation(catalogue, { kind: "shred", tenant, operator, plan }, life);
  try {
    return await lookAgain(estate, begun);
  } catch (error) {
    // Nothing was done yet.
    await endOperation(catalogue, begun.lease, "failed", problemOf(error)).catch(() => undefined);
    throw error;
  }
}

/** Throws `placement/busy` while another process is at it. */
async function giveUp({ catalogue }: Estate, { tenant, kind }: Operation): Promise<void> {
  try {
    const { lease } = await takeOperation(catalogue, tenant, kind);
    await endOperation(catalogue, lease, "failed", "it was given up: the tenant is being shredded");
  } catch (error) {
    // It came to its end meanwhile.
    if (!(error instanceof PlacementError) || error.code !== "placement/no-operation") throw error;
  }
}

interface Taken {
  readonly operation: Operation<ShredPlan>;
  readonly lease: Lease;
}

/**
 * Invariant: the databases are those of a moment at which no other operation of the tenant can begin: one may have ended since they were
 * first looked for.
 */
async function lookAgain(estate: Estate, { operation, lease }: Taken): Promise<Taken> {
  const { tenant, plan, done } = operation;
  if (done > 0) return { operation, lease };
  const { home, databases } = await planShred(estate, tenant, { audit: plan.audit });
  const { cell, database, schema, epoch } = home;
  const found = { home: { cell, database, schema }, epoch, databases };
  await notePlan(estate.catalogue, lease, found);
  return { operation: { ...operation, plan: { ...plan, ...found } }, lease };
}

async function take(
  estate: Estate,
  tenant: string,
  audit: boolean,
  life: number | undefined,
): Promise<Taken> {
  const { catalogue } = estate;
  const taken = await takeOperation<ShredPlan>(catalogue, tenant, "shred", life);
  try {
    if (taken.operation.plan.cancelling === true)
      throw new ShredRefused("shred/begun-otherwise", "it is being taken back: bring that to its end first");
    if (taken.operation.plan.audit === audit) return await lookAgain(estate, taken);
    throw new ShredRefused(
      "shred/begun-otherwise",
      audit
        ? "it was begun without the audit log's key: end it so, and shred that key then"
        : "it was begun with the audit log's key, and can only go on so",
    );
  } catch (error) {
    await leaveOperation(catalogue, taken.lease, taken.operation.problem ?? problemOf(error)).catch(
      () => undefined,
    );
    throw error;
  }
}

async function runningOf({ catalogue }: Estate, tenant: string): Promise<Operation | null> {
  return (await listOperations(catalogue, tenant)).find(({ state }) => state === "running") ?? null;
}

/** The receipt of the last shredding, unless what it says is not so: then the database is an older one that was restored. */
async function doneAlready(estate: Estate, tenant: string, audit: boolean): Promise<Shredding | null> {
  const all = await listOperations(estate.catalogue, tenant);
  const last = all.find(({ kind }) => kind === "shred") as Operation<ShredPlan> | undefined;
  if (last?.state !== "done" || last.receipt === null || (audit && !last.plan.audit)) return null;
  for (const database of last.plan.databases.filter(hasRegistry)) {
    const record = await asOperator(registryOf(estate, database), (session) => shredRecord(session, tenant));
    if (record?.endedAt == null) return null;
  }
  return doneWith(last.id, last.receipt);
}

function doneWith(operation: string, receipt: string): Shredding {
  return { kind: "done", operation, receipt, sha256: digestOfReceipt(receipt) };
}

/** Can be run again: the first receipt is kept, and entered once. */
async function finish(
  estate: Estate & { readonly keys: KeyProvider },
  { id, tenant, operator, plan: begun }: Operation<ShredPlan>,
  lease: Lease,
  signer: NoteSigner,
): Promise<Shredding> {
  const { catalogue } = estate;
  const plan = (await runningOf(estate, tenant))?.plan as ShredPlan | undefined;
  if (plan?.confirmed?.data === undefined || (plan.audit && plan.confirmed.audit === undefined))
    throw new ShredRefused(
      "shred/not-destroyed",
      "the provider has not confirmed that the keys are destroyed",
    );
  const databases: ReceiptDatabase[] = [];
  for (const database of begun.databases) {
    const record = hasRegistry(database)
      ? await asOperator(registryOf(estate, database), (session) => shredRecord(session, tenant))
      : null;
    if (hasRegistry(database) && record?.endedAt == null)
      throw new ShredRefused("shred/not-destroyed", `keys of the tenant are left in ${nameOf(database)}`);
    databases.push({
      ...database,
      disabledAt: record?.disabledAt ?? null,
      leftAt: record?.leftAt ?? null,
      outAt: record?.outAt ?? null,
      destroyedAt: record?.endedAt ?? null,
      keys: record?.keys ?? [],
      cleared: record?.cleared ?? {},
    });
  }
  const { seq, hash } = await asOperator(databaseAt(estate, plan.home), (session) =>
    readHead(session, tenant),
  );
  const receipt: ShredReceipt = {
    format: shredReceiptFormat,
    operation: id,
    tenant,
    operator,
    model: modelDigest(estate.stored),
    at: await catalogue.turn(timeOf),
    audit: plan.audit ? "destroyed" : "kept",
    provider: estate.keys.name,
    outside: { data: plan.confirmed.data, audit: plan.confirmed.audit ?? null },
    databases,
    notCovered: await notCovered(estate, tenant, begun.databases, plan.audit),
    chain: { seq, hash },
  };
  const kept = await keepReceipt(catalogue, lease, signShredReceipt(receipt, signer));
  const said = JSON.parse(parseNote(kept, kept.length)?.text.split("\n")[1] ?? "") as ShredReceipt;
  await enterOperation(estate, plan.home, {
    id,
    tenant,
    kind: "shred",
    operator: said.operator,
    at: said.at,
    reason: `sha256:${digestOfReceipt(kept)}`,
  });
  await endOperation(catalogue, lease, "done", null);
  return doneWith(id, kept);
}
