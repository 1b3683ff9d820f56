/** How the keys of tenants stand: in the registry of a database, and outside of it. It holds no byte of a key. */
import type { SqlSession } from "../contracts.ts";
import {
  keyParts,
  type KeyPart,
  type KeyProvider,
  type KeyPurpose,
  type OutsideState,
} from "./key-provider.ts";
import { openJobs, type OpenJob } from "./jobs/open-jobs.ts";
import { KeyProviderError } from "./key-provider-error.ts";
import { tenantKeyStateTable, tenantKeyTable, type KeyState, type TenantKeyState } from "./registry-ddl.ts";
import { registryRows, tenantKeyState } from "./registry-rows.ts";

export interface KeyVersionStatus {
  readonly version: number;
  readonly state: KeyState;
  readonly provider: string;
  readonly madeAt: Date;
  /** From when on it is sealed under. */
  readonly writesFrom: Date;
}

/** What the provider says of a wrapping key, or why it does not say it. */
export type OutsideStatus = OutsideState | { readonly kind: "unknown"; readonly code: string };

export interface TenantKeysStatus {
  readonly tenant: string;
  readonly state: TenantKeyState;
  readonly outside: Readonly<Record<KeyPart, OutsideStatus>>;
  readonly purposes: ReadonlyMap<KeyPurpose, readonly KeyVersionStatus[]>;
  /** Jobs over the tenant's cells that are not at their end. */
  readonly jobs: readonly OpenJob[];
}

/** Of all tenants that the registry of the database has, by name; of the given ones, whether it has them or not. */
export async function keysStatus(
  session: SqlSession,
  provider: KeyProvider,
  tenants?: readonly string[],
): Promise<readonly TenantKeysStatus[]> {
  const statuses: TenantKeysStatus[] = [];
  for (const tenant of tenants ?? (await registeredTenants(session))) {
    const purposes = new Map<KeyPurpose, KeyVersionStatus[]>();
    for (const row of await registryRows(session, tenant)) {
      const { purpose, version, state, provider: name, madeAt, writesFrom } = row;
      const versions = purposes.get(purpose) ?? [];
      purposes.set(purpose, versions);
      versions.push({ version, state, provider: name, madeAt, writesFrom });
    }
    const [data, audit] = await Promise.all(keyParts.map((part) => outsideOf(provider, tenant, part)));
    const unknown: OutsideStatus = { kind: "unknown", code: "keys/unavailable" };
    const state = await tenantKeyState(session, tenant);
    const jobs = await openJobs(session, tenant);
    const outside = { data: data ?? unknown, audit: audit ?? unknown };
    statuses.push({ tenant, state, outside, purposes, jobs });
  }
  return statuses;
}

async function registeredTenants(session: SqlSession): Promise<readonly string[]> {
  const { rows } = await session.query(
    `SELECT tenant_id AS tenant FROM ${tenantKeyTable} UNION SELECT tenant_id FROM ${tenantKeyStateTable} ORDER BY 1`,
    [],
  );
  return rows.map(({ tenant }) => String(tenant));
}

async function outsideOf(provider: KeyProvider, tenant: string, part: KeyPart): Promise<OutsideStatus> {
  try {
    return await provider.state(tenant, part);
  } catch (error) {
    if (!(error instanceof KeyProviderError)) throw error;
    return { kind: "unknown", code: error.code };
  }
}
