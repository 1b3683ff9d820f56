/** What stands on record of an operation: a document in the catalogue, and an entry in the tenant's own chain that names its digest. */
import { createHash } from "node:crypto";
import { canonicalJson } from "@wardline/core";
import { appendAsOperator } from "../audit/append-as-operator.ts";
import { operationText } from "../audit/append-operation.ts";
import { auditTable } from "../audit/audit-ddl.ts";
import { databaseAt, modelDigest, type Estate } from "./estate.ts";
import { asOperator } from "./operator-session.ts";
import { endOperation, keepReceipt, type Lease, type Operation } from "./operation-log.ts";
import type { Spot } from "./placement.ts";

export interface Receipt {
  readonly operation: string;
  readonly kind: Operation["kind"];
  readonly tenant: string;
  /** Canonical JSON: format, operation, kind, tenant, operator, plan, model, at, and what the operation came to. */
  readonly text: string;
  /** SHA-256 of the text, hex. It stands in the tenant's audit chain. */
  readonly sha256: string;
}

/** Ends an operation whose steps are all done. Can be run again: the first receipt is kept, and entered once. */
export async function finishOperation(
  estate: Estate,
  { id, kind, tenant, plan }: Operation,
  lease: Lease,
  spot: Spot,
  came: Readonly<Record<string, unknown>>,
): Promise<Receipt> {
  const { catalogue, operator, stored } = estate;
  const at = new Date().toISOString();
  const model = modelDigest(stored);
  const said = { format: "wardline/receipt/1", operation: id, kind, tenant, operator, plan, model, at };
  const text = await keepReceipt(catalogue, lease, canonicalJson({ ...said, ...came }));
  const sha256 = createHash("sha256").update(text, "utf8").digest("hex");
  const receipt = { operation: id, kind, tenant, text, sha256 };
  const { operator: by, at: when } = JSON.parse(text) as { operator: string; at: string };
  await enterOperation(estate, spot, {
    id,
    tenant,
    kind,
    operator: by,
    at: when,
    reason: `sha256:${sha256}`,
  });
  await endOperation(catalogue, lease, "done", null);
  return receipt;
}

export interface EnteredOperation {
  readonly id: string;
  readonly tenant: string;
  /** The entry's action is `tenant.` and this. */
  readonly kind: Operation["kind"] | "hold" | "release";
  readonly operator: string;
  readonly at: string;
  readonly reason: string | null;
}

/** Enters an operation into the tenant's chain at its place, once however often it is done. */
export async function enterOperation(
  estate: Estate,
  spot: Spot,
  { id, tenant, kind, operator, at, reason }: EnteredOperation,
): Promise<void> {
  const action = `tenant.${kind}`;
  const entry = operationText(tenant, { id, operator, action, entity: "tenant", reason, at });
  await asOperator(databaseAt(estate, spot), async (session) => {
    // The same text is the same entry: the operation's id and time are in it.
    const { rows } = await session.query(
      `SELECT FROM ${auditTable} WHERE tenant_id = $1 AND entry = $2 LIMIT 1`,
      [tenant, entry],
    );
    if (rows.length === 0) await appendAsOperator(session, tenant, entry);
  });
}
