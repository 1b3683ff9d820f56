/** A tenant's wrapping key in KMS: found by its alias, and known as the tenant's own by its tags. */
import type { KeyMetadata } from "@aws-sdk/client-kms";
import { keyParts, type KeyPart, type OutsideState } from "../key-provider.ts";
import { outsideName } from "../outside/outside-name.ts";
import { outsideProblem } from "../outside/outside-problem.ts";
import type { CallKms } from "./kms-client.ts";
import { awsName, kmsErrorName } from "./kms-problem.ts";

export interface TenantKey {
  readonly id: string;
  readonly state: OutsideState;
}

export function aliasOf(tenant: string, part: KeyPart): string {
  return `alias/wardline/${outsideName(tenant)}/${part}`;
}

export function tagsOf(tenant: string, part: KeyPart): Readonly<Record<string, string>> {
  return { "wardline:tenant": outsideName(tenant), "wardline:part": part };
}

/** On the key of the other part, so that it is known once KMS has forgotten the key itself. */
export function destroyedTag(part: KeyPart): string {
  return `wardline:destroyed-${part}`;
}

/** Undefined where KMS has none. */
export async function findKey(call: CallKms, tenant: string, part: KeyPart): Promise<TenantKey | undefined> {
  try {
    const { KeyMetadata } = await call((kms, limits) =>
      kms.describeKey({ KeyId: aliasOf(tenant, part) }, limits),
    );
    return { id: KeyMetadata?.KeyId ?? "", state: stateOf(KeyMetadata, tenant) };
  } catch (error) {
    if (kmsErrorName(error) === "NotFoundException") return undefined;
    throw error;
  }
}

/** Throws `keys/refused` where the alias leads to a key that is not the tenant's: what is done to it would be done to others. */
export async function requireOwn(
  call: CallKms,
  key: TenantKey,
  tenant: string,
  part: KeyPart,
): Promise<void> {
  const tags = await readTags(call, key.id);
  const isOwn = Object.entries(tagsOf(tenant, part)).every(([name, value]) => tags.get(name) === value);
  if (!isOwn)
    throw outsideProblem(
      awsName,
      "keys/refused",
      tenant,
      `${aliasOf(tenant, part)} leads to a key whose tags do not say that it is this tenant's`,
    );
}

/** Whether a key that KMS does not have was destroyed. The other key of the tenant knows, if there still is one. */
export async function wasDestroyed(call: CallKms, tenant: string, part: KeyPart): Promise<boolean> {
  const other = await findKey(call, tenant, otherPart(part));
  return other !== undefined && (await readTags(call, other.id)).has(destroyedTag(part));
}

export function otherPart(part: KeyPart): KeyPart {
  return keyParts.find((one) => one !== part) ?? part;
}

async function readTags(call: CallKms, id: string): Promise<ReadonlyMap<string, string>> {
  // A key has at most 50 tags, which is what one answer holds.
  const { Tags = [] } = await call((kms, limits) => kms.listResourceTags({ KeyId: id, Limit: 50 }, limits));
  return new Map(Tags.map(({ TagKey = "", TagValue = "" }) => [TagKey, TagValue]));
}

function stateOf(key: KeyMetadata | undefined, tenant: string): OutsideState {
  const state = key?.KeyState;
  if (state === "Enabled") return { kind: "usable" };
  if (state === "Disabled") return { kind: "disabled" };
  const until = key?.DeletionDate;
  if (state === "PendingDeletion" && until !== undefined) return { kind: "pending", until };
  throw outsideProblem(awsName, "keys/unavailable", tenant, `the state of the key is ${state ?? "not told"}`);
}
