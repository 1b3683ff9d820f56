/** What the registry says of one tenant's keys, as its context reads it. What is not understood is refused whole. */
import { IsolationViolation } from "../errors.ts";
import type { SqlStatement } from "../contracts.ts";
import { longestHold } from "./longest-hold.ts";
import { keyPurposes, type KeyPurpose } from "./key-provider.ts";
import {
  keyStates,
  tenantKeysFunction,
  tenantKeyStates,
  type KeyState,
  type TenantKeyState,
} from "./registry-ddl.ts";

/** Reads the registry of the tenant whose context was entered. */
export const tenantKeysStatement: SqlStatement = {
  sql: `SELECT ${tenantKeysFunction}() AS keys`,
  parameters: [],
};

export interface RegistryKey {
  readonly purpose: KeyPurpose;
  readonly version: number;
  readonly state: KeyState;
  readonly provider: string;
  /** Whether it is time to seal under it; until then it only opens. */
  readonly writes: boolean;
  /** Lower-case hex; null for a version that opens nothing any more. */
  readonly wrapped: string | null;
  /** What the unwrapped key is held against: lower-case hex of 16 bytes. */
  readonly check: string;
  /** Which wrapped key it is; another wrapping of the same key is another. */
  readonly name: string;
}

export interface KeyRegistry {
  /** For all purposes but `audit`. */
  readonly state: TenantKeyState;
  /** Milliseconds that a key may be used after the registry was asked for it. */
  readonly holdFor: number;
  /** By purpose and version, ascending. */
  readonly keys: readonly RegistryKey[];
}

/** Reads what `wardline.tenant_keys()` gave. Throws `handle/no-context` where it is another tenant's, and `keys/registry` where it is nothing of ours. */
export function readRegistry(tenant: string, text: string): KeyRegistry {
  const document = JSON.parse(text) as Readonly<Record<string, unknown>>;
  // Invariant: the database took the tenant from its own context, and it is the one that the caller meant.
  if (document["tenant"] !== tenant)
    throw new IsolationViolation("handle/no-context", "the registry of keys is another tenant's");
  const state = tenantKeyStates.find((known) => known === document["state"]);
  const keys = document["keys"];
  const holdFor = document["holdFor"] ?? longestHold;
  if (
    state === undefined ||
    !Array.isArray(keys) ||
    typeof holdFor !== "number" ||
    !(holdFor > 0 && holdFor <= longestHold)
  )
    throw unknownForm();
  return { state, holdFor, keys: (keys as readonly Readonly<Record<string, unknown>>[]).map(readKey) };
}

function readKey(row: Readonly<Record<string, unknown>>): RegistryKey {
  const purpose = keyPurposes.find((known) => known === row["purpose"]);
  const state = keyStates.find((known) => known === row["state"]);
  const { version, provider, writes, wrapped, check } = row;
  const opens = state === "current" || state === "readable";
  if (
    purpose === undefined ||
    state === undefined ||
    typeof version !== "number" ||
    !Number.isInteger(version) ||
    typeof provider !== "string" ||
    typeof writes !== "boolean" ||
    typeof check !== "string" ||
    !/^[0-9a-f]{32}$/.test(check) ||
    (opens ? typeof wrapped !== "string" || !/^(?:[0-9a-f]{2})+$/.test(wrapped) : wrapped !== null)
  )
    throw unknownForm();
  return {
    purpose,
    version,
    state,
    provider,
    writes,
    wrapped: opens ? (wrapped as string) : null,
    check,
    name: JSON.stringify([purpose, version, provider, wrapped, check]),
  };
}

function unknownForm(): IsolationViolation {
  return new IsolationViolation("keys/registry", "the registry of keys is not of a form that is known here");
}
