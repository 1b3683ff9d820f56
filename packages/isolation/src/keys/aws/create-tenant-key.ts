/** Makes a wrapping key of a tenant in KMS. The alias is what makes it the tenant's: of two processes one gets it. */
import { setTimeout as sleep } from "node:timers/promises";
import type { KeyPart } from "../key-provider.ts";
import { outsideName } from "../outside/outside-name.ts";
import { outsideProblem } from "../outside/outside-problem.ts";
import type { AwsKmsOptions } from "./aws-kms-options.ts";
import type { CallKms } from "./kms-client.ts";
import { awsName, kmsErrorName } from "./kms-problem.ts";
import { aliasOf, findKey, tagsOf } from "./tenant-key.ts";

export async function createTenantKey(
  call: CallKms,
  options: AwsKmsOptions,
  tenant: string,
  part: KeyPart,
): Promise<void> {
  const { keyPolicy, tags = {} } = options;
  const { KeyMetadata } = await call((kms, limits) =>
    kms.createKey(
      {
        Description: `Wardline: wraps the ${part} keys of tenant ${outsideName(tenant)}`,
        KeyUsage: "ENCRYPT_DECRYPT",
        KeySpec: "SYMMETRIC_DEFAULT",
        Tags: Object.entries({ ...tags, ...tagsOf(tenant, part) }).map(([TagKey, TagValue]) => ({
          TagKey,
          TagValue,
        })),
        ...(keyPolicy === undefined ? {} : { Policy: keyPolicy }),
      },
      limits,
    ),
  );
  const id = KeyMetadata?.KeyId;
  if (id === undefined)
    throw outsideProblem(awsName, "keys/unavailable", tenant, "no id of the key was told");
  try {
    await call((kms, limits) =>
      kms.createAlias({ AliasName: aliasOf(tenant, part), TargetKeyId: id }, limits),
    );
  } catch (error) {
    if (kmsErrorName(error) !== "AlreadyExistsException") throw error;
    // Either another process was first, or the answer to an earlier try of ours was lost.
    const there = await findKey(call, tenant, part);
    if (there === undefined) throw error;
    if (there.id !== id)
      await call((kms, limits) => kms.scheduleKeyDeletion({ KeyId: id, PendingWindowInDays: 7 }, limits));
  }
  await visible(call, tenant, part);
}

/** An alias is not known everywhere at once. */
async function visible(call: CallKms, tenant: string, part: KeyPart): Promise<void> {
  for (let attempt = 0; attempt < 6; attempt++) {
    if ((await findKey(call, tenant, part)) !== undefined) return;
    await sleep(50 * 2 ** attempt);
  }
  throw outsideProblem(
    awsName,
    "keys/unavailable",
    tenant,
    "the key is made, and KMS does not know its alias yet",
  );
}
