/** What a shredding would do, and what it would not reach. Nothing is changed. */
import {
  keyParts,
  partOf,
  type KeyPart,
  type KeyProvider,
  type OutsideState,
} from "../../keys/key-provider.ts";
import { registryRows, type RegistryRow } from "../../keys/registry-rows.ts";
import { placementOfTenant } from "../catalogue.ts";
import { plansOf, type Estate } from "../estate.ts";
import { asOperator } from "../operator-session.ts";
import { listOperations, type Operation } from "../operation-log.ts";
import type { Placement } from "../placement.ts";
import { tenantTables } from "../tenant-tables.ts";
import type { LedgerEntry } from "./file-ledger.ts";
import { listHolds, type LegalHold } from "./legal-hold.ts";
import { notCovered, type NotCovered } from "./not-covered.ts";
import { expectSameStore } from "./same-store.ts";
import { hasRegistry, nameOf, registryOf, shredDatabases, type ShredDatabase } from "./shred-databases.ts";
import { ShredRefused } from "./shred-refused.ts";

export interface PlannedShred {
  readonly tenant: string;
  readonly home: Placement;
  readonly audit: boolean;
  readonly provider: string;
  readonly outside: Readonly<Record<KeyPart, OutsideState>>;
  readonly databases: readonly ShredDatabase[];
  /** Versions whose bytes are in a registry. */
  readonly keys: readonly (Pick<RegistryRow, "purpose" | "version" | "state"> & { readonly at: string })[];
  /** `table.column`: what dies, and what is emptied. */
  readonly sealedColumns: readonly string[];
  readonly blindIndexes: readonly string[];
  readonly notCovered: readonly NotCovered[];
  /** Holds in force: with one nothing begins. */
  readonly holds: readonly LegalHold[];
  /** An operation of the tenant that was begun: its own is gone on with, another is given up. */
  readonly running: Operation | null;
}

export interface PlanShredOptions {
  /** Destroys the audit log's own key too. */
  readonly audit?: boolean;
}

/** Throws PlacementError, KeyProviderError or {@link ShredRefused} where it would be refused; a hold is told instead. */
export async function planShred(
  estate: Estate,
  tenant: string,
  { audit = false }: PlanShredOptions = {},
): Promise<PlannedShred> {
  const home = await placementOfTenant(estate.catalogue, tenant);
  const keys = providerOf(estate);
  const databases = await shredDatabases(estate, tenant, home);
  const found: (RegistryRow & { readonly at: string })[] = [];
  for (const database of databases.filter(hasRegistry)) {
    const rows = await asOperator(registryOf(estate, database), (session) => registryRows(session, tenant));
    found.push(...rows.map((row) => ({ ...row, at: nameOf(database) })));
  }
  const outside = { data: await keys.state(tenant, "data"), audit: await keys.state(tenant, "audit") };
  checkProvider(found, keys, outside, {
    audit,
    wasShredded: wasDestroyed(await estate.ledger?.find(tenant), audit),
  });
  await expectSameStore(
    keys,
    tenant,
    found,
    keyParts.filter((part) => part === "data" || audit),
  );
  const stored = tenantTables(plansOf(estate)).flatMap(({ name, columns }) =>
    columns.map((column) => ({ ...column, table: name })),
  );
  const [blind, rest] = [
    stored.filter(({ indexOf }) => indexOf !== undefined),
    stored.filter(({ indexOf }) => indexOf === undefined),
  ];
  const uncovered = await notCovered(estate, tenant, databases, audit);
  const clear = new Set(uncovered.find(({ what }) => what === "unsealed-columns")?.names);
  const full = ({ table, name }: { readonly table: string; readonly name: string }) => `${table}.${name}`;
  return {
    tenant,
    home,
    audit,
    provider: keys.name,
    outside,
    databases,
    keys: found
      .filter(({ wrapped, purpose }) => wrapped !== null && (audit || purpose !== "audit"))
      .map(({ purpose, version, state, at }) => ({ purpose, version, state, at })),
    sealedColumns: rest.map(full).filter((column) => !clear.has(column)),
    blindIndexes: blind.map(full),
    notCovered: uncovered,
    holds: (await listHolds(estate.catalogue, tenant)).filter(({ releasedAt }) => releasedAt === null),
    running:
      (await listOperations(estate.catalogue, tenant)).find(({ state }) => state === "running") ?? null,
  };
}

function wasDestroyed(entries: readonly LedgerEntry[] = [], audit: boolean): boolean {
  return entries.some((entry) => entry.state === "destroyed" && (entry.audit || !audit));
}

export function providerOf({ keys }: Estate): KeyProvider {
  if (keys !== undefined) return keys;
  throw new ShredRefused("shred/no-provider", "the provider of the tenant's keys is needed to destroy them");
}

/** Destroying a key of another provider would destroy nothing of the tenant. */
function checkProvider(
  rows: readonly RegistryRow[],
  keys: KeyProvider,
  outside: Readonly<Record<KeyPart, OutsideState>>,
  { audit, wasShredded }: { readonly audit: boolean; readonly wasShredded: boolean },
): void {
  if (rows.length === 0 && outside.data.kind === "missing")
    throw new ShredRefused("shred/no-keys", "the tenant has no keys, in no registry and not at the provider");
  const other = rows.find(
    ({ wrapped, provider, purpose }) =>
      wrapped !== null && provider !== keys.name && (audit || purpose !== "audit"),
  );
  if (other !== undefined)
    throw new ShredRefused(
      "shred/other-provider",
      `version ${other.version} for ${other.purpose} was wrapped by ${other.provider}, and the given provider is ${keys.name}`,
    );
  // In a database that was restored: the provider has forgotten what the ledger knows.
  if (wasShredded) return;
  const unknown = rows.find(
    ({ wrapped, purpose }) =>
      wrapped !== null && outside[partOf(purpose)].kind === "missing" && (audit || purpose !== "audit"),
  );
  if (unknown !== undefined)
    throw new ShredRefused(
      "shred/other-provider",
      `the registry has keys for ${unknown.purpose} that ${keys.name} knows nothing of: is it the store that wrapped them?`,
    );
}
