/**
 * Tenants' wrapping keys in AWS KMS: a KMS key for each part of each tenant, found by its alias. KMS is always told which key is to
 * unwrap; what stands in the wrapped bytes about it decides nothing.
 */
import {
  keyParts,
  partOf,
  type KeyContext,
  type KeyPart,
  type KeyProvider,
  type OutsideState,
} from "../key-provider.ts";
import type { KeyProviderErrorCode } from "../key-provider-error.ts";
import { checkVersion, outsideName } from "../outside/outside-name.ts";
import { outsideProblem, wholeKey } from "../outside/outside-problem.ts";
import { checkAwsKmsOptions, type AwsKmsOptions } from "./aws-kms-options.ts";
import { createTenantKey } from "./create-tenant-key.ts";
import { kmsClient } from "./kms-client.ts";
import { awsName, kmsErrorName, kmsProblem } from "./kms-problem.ts";
import {
  aliasOf,
  destroyedTag,
  findKey,
  otherPart,
  requireOwn,
  wasDestroyed,
  type TenantKey,
} from "./tenant-key.ts";

/** Bytes; what KMS takes. */
const mostWrapped = 6144;

/** Nothing is asked of AWS before the first use. Throws `TypeError` or `RangeError` for options that cannot be. */
export function awsKms(options: AwsKmsOptions): KeyProvider {
  checkAwsKmsOptions(options);
  const call = kmsClient(options);
  const problem = (code: KeyProviderErrorCode, tenant: string) => outsideProblem(awsName, code, tenant);

  /** Turns what the client throws into errors of ours; `part` is the one that is used. */
  async function asked<T>(tenant: string, part: KeyPart, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      const name = kmsErrorName(error);
      const isUnclear = name === "KMSInvalidStateException" || name === "NotFoundException";
      throw isUnclear ? await explain(error, tenant, part) : kmsProblem(error, tenant);
    }
  }

  /** Why a key does not do what it should: KMS says the same of keys that wait for their deletion and of others. */
  async function explain(error: unknown, tenant: string, part: KeyPart): Promise<Error> {
    try {
      const key = await findKey(call, tenant, part);
      if (key === undefined)
        return problem((await wasDestroyed(call, tenant, part)) ? "keys/destroyed" : "keys/missing", tenant);
      return unusable(key, tenant) ?? kmsProblem(error, tenant);
    } catch (second) {
      // Who may not look is told what KMS said first.
      return kmsErrorName(second) === "AccessDeniedException"
        ? kmsProblem(error, tenant)
        : kmsProblem(second, tenant);
    }
  }

  function unusable({ state }: TenantKey, tenant: string): Error | undefined {
    if (state.kind === "pending" || state.kind === "destroyed") return problem("keys/destroyed", tenant);
    return state.kind === "disabled" ? problem("keys/disabled", tenant) : undefined;
  }

  /** The tenant's key, whatever its state. Throws `keys/missing`, `keys/destroyed`, or `keys/refused` for one that is not the tenant's. */
  async function own(tenant: string, part: KeyPart): Promise<TenantKey> {
    const key = await findKey(call, tenant, part);
    if (key === undefined)
      throw problem((await wasDestroyed(call, tenant, part)) ? "keys/destroyed" : "keys/missing", tenant);
    await requireOwn(call, key, tenant, part);
    return key;
  }

  /** A key that is to be switched. */
  async function living(tenant: string, part: KeyPart): Promise<TenantKey> {
    const key = await own(tenant, part);
    if (key.state.kind === "pending") throw problem("keys/destroyed", tenant);
    return key;
  }

  function checkWrapped(wrapped: Uint8Array, tenant: string): void {
    if (wrapped.length === 0 || wrapped.length > mostWrapped) throw problem("keys/not-authentic", tenant);
  }

  return {
    name: awsName,
    async create(tenant) {
      outsideName(tenant);
      await asked(tenant, "data", async () => {
        const found = await Promise.all(
          keyParts.map(async (part) => {
            const key = await findKey(call, tenant, part);
            const isGone =
              key === undefined ? await wasDestroyed(call, tenant, part) : key.state.kind === "pending";
            if (isGone) throw problem("keys/destroyed", tenant);
            if (key !== undefined) await requireOwn(call, key, tenant, part);
            return key;
          }),
        );
        for (const [index, part] of keyParts.entries())
          if (found[index] === undefined) await createTenantKey(call, options, tenant, part);
      });
    },
    generate(context) {
      checkVersion(context);
      const { tenant } = context;
      const part = partOf(context.purpose);
      return asked(tenant, part, async () => {
        const key = await own(tenant, part);
        const why = unusable(key, tenant);
        if (why !== undefined) throw why;
        const { Plaintext, CiphertextBlob } = await call((kms, limits) =>
          kms.generateDataKey(
            { KeyId: key.id, KeySpec: "AES_256", EncryptionContext: contextOf(context) },
            limits,
          ),
        );
        const bytes = wholeKey(awsName, tenant, Plaintext);
        if (CiphertextBlob === undefined) throw problem("keys/unavailable", tenant);
        return { key: bytes, wrapped: CiphertextBlob };
      });
    },
    unwrap(context, wrapped) {
      checkVersion(context);
      const { tenant } = context;
      const part = partOf(context.purpose);
      return asked(tenant, part, async () => {
        checkWrapped(wrapped, tenant);
        const { Plaintext } = await call((kms, limits) =>
          kms.decrypt(
            {
              KeyId: aliasOf(tenant, part),
              CiphertextBlob: wrapped,
              EncryptionContext: contextOf(context),
              EncryptionAlgorithm: "SYMMETRIC_DEFAULT",
            },
            limits,
          ),
        );
        return wholeKey(awsName, tenant, Plaintext);
      });
    },
    rewrap(context, wrapped) {
      checkVersion(context);
      const { tenant } = context;
      const part = partOf(context.purpose);
      return asked(tenant, part, async () => {
        checkWrapped(wrapped, tenant);
        const alias = aliasOf(tenant, part);
        const { CiphertextBlob } = await call((kms, limits) =>
          kms.reEncrypt(
            {
              CiphertextBlob: wrapped,
              SourceKeyId: alias,
              SourceEncryptionContext: contextOf(context),
              DestinationKeyId: alias,
              DestinationEncryptionContext: contextOf(context),
            },
            limits,
          ),
        );
        if (CiphertextBlob === undefined) throw problem("keys/unavailable", tenant);
        return CiphertextBlob;
      });
    },
    state(tenant, part) {
      return asked(tenant, part, async (): Promise<OutsideState> => {
        const key = await findKey(call, tenant, part);
        if (key !== undefined) return key.state;
        return { kind: (await wasDestroyed(call, tenant, part)) ? "destroyed" : "missing" };
      });
    },
    disable(tenant, part) {
      return asked(tenant, part, async () => {
        const { id } = await living(tenant, part);
        await call((kms, limits) => kms.disableKey({ KeyId: id }, limits));
      });
    },
    enable(tenant, part) {
      return asked(tenant, part, async () => {
        const { id } = await living(tenant, part);
        await call((kms, limits) => kms.enableKey({ KeyId: id }, limits));
      });
    },
    destroy(tenant, part) {
      return asked(tenant, part, async (): Promise<OutsideState> => {
        const found = await findKey(call, tenant, part);
        if (found === undefined && (await wasDestroyed(call, tenant, part))) return { kind: "destroyed" };
        const key = await own(tenant, part);
        if (key.state.kind === "pending") return key.state;
        await remember(tenant, part);
        await schedule(key.id);
        const after = await findKey(call, tenant, part);
        if (after?.state.kind !== "pending") throw problem("keys/unavailable", tenant);
        return after.state;
      });
    },
  };

  /** Before the deletion, so that no way to end leaves a deleted key of which nobody knows. */
  async function remember(tenant: string, part: KeyPart): Promise<void> {
    const other = await findKey(call, tenant, otherPart(part));
    if (other === undefined || other.state.kind === "pending") return;
    await requireOwn(call, other, tenant, otherPart(part));
    const Tags = [{ TagKey: destroyedTag(part), TagValue: new Date().toISOString() }];
    await call((kms, limits) => kms.tagResource({ KeyId: other.id, Tags }, limits));
  }

  async function schedule(KeyId: string): Promise<void> {
    const PendingWindowInDays = options.waitingDays ?? 30;
    try {
      await call((kms, limits) => kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays }, limits));
    } catch (error) {
      // Another process was first, or the answer to an earlier try was lost.
      if (kmsErrorName(error) !== "KMSInvalidStateException") throw error;
    }
  }
}

/** Stands in CloudTrail in clear, and conditions of IAM can ask for it. */
function contextOf({ tenant, purpose, version }: KeyContext): Record<string, string> {
  return {
    "wardline-tenant": outsideName(tenant),
    "wardline-purpose": purpose,
    "wardline-version": String(version),
  };
}
