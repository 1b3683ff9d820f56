/**
 * Tenants' wrapping keys in the transit engine of a Vault or an OpenBao: a derived key for each part of each tenant. The path names the
 * key, the context is that of the derivation, and nothing in the wrapped bytes decides which key unwraps.
 */
import {
  keyParts,
  partOf,
  type KeyContext,
  type KeyPart,
  type KeyProvider,
  type OutsideState,
} from "../key-provider.ts";
import type { KeyProviderError, KeyProviderErrorCode } from "../key-provider-error.ts";
import { formatContext } from "../local/wrapping-key.ts";
import { checkVersion, outsideName } from "../outside/outside-name.ts";
import { outsideProblem, wholeKey } from "../outside/outside-problem.ts";
import { destroyTransitKey } from "./destroy-transit-key.ts";
import { isDisabled, isNoKey, readKeyFacts, type KeyFacts } from "./transit-key-facts.ts";
import { vaultClient, vaultName, type Refusal } from "./vault-client.ts";
import type { VaultTransitOptions } from "./vault-transit-options.ts";
import { formatTransitText, parseTransitText } from "./wrapped-by-transit.ts";

export function transitKeyName(tenant: string, part: KeyPart): string {
  return `wardline-${outsideName(tenant)}-${part}`;
}

/** A key that wraps nothing: that it is there says that the other one was destroyed. */
export function tombstoneName(tenant: string, part: KeyPart): string {
  return `${transitKeyName(tenant, part)}-destroyed`;
}

/** Nothing is asked of Vault before the first use. Throws `TypeError` or `RangeError` for options that cannot be. */
export function vaultTransit(options: VaultTransitOptions): KeyProvider {
  const call = vaultClient(options);
  const problem = (code: KeyProviderErrorCode, tenant: string, why?: string): KeyProviderError =>
    outsideProblem(vaultName, code, tenant, why);

  /** Undefined where Vault has none of this name. */
  async function read(tenant: string, name: string): Promise<KeyFacts | undefined> {
    const result = await call(tenant, "GET", `keys/${name}`);
    if (!result.ok) {
      if (isNoKey(result.refusal)) return undefined;
      throw problem("keys/unavailable", tenant, `reading a key: status ${result.refusal.status}`);
    }
    const facts = readKeyFacts(result.data);
    if (facts === undefined) throw problem("keys/unavailable", tenant, "the answer tells no key");
    return facts;
  }

  async function isDestroyed(tenant: string, part: KeyPart): Promise<boolean> {
    return (await read(tenant, tombstoneName(tenant, part))) !== undefined;
  }

  async function absent(tenant: string, part: KeyPart): Promise<KeyProviderError> {
    return problem((await isDestroyed(tenant, part)) ? "keys/destroyed" : "keys/missing", tenant);
  }

  /** A key that may be used for something new. */
  async function own(tenant: string, part: KeyPart): Promise<KeyFacts> {
    const facts = await read(tenant, transitKeyName(tenant, part));
    if (facts === undefined) throw await absent(tenant, part);
    // A destruction that was begun is not gone back on.
    if (await isDestroyed(tenant, part)) throw problem("keys/destroyed", tenant);
    if (facts.fault !== undefined) throw problem("keys/refused", tenant, facts.fault);
    return facts;
  }

  /** Runs what needs the key as it is, and says what a refusal means. */
  async function use(
    context: KeyContext,
    verb: "decrypt" | "rewrap",
    wrapped: Uint8Array,
  ): Promise<Readonly<Record<string, unknown>>> {
    checkVersion(context);
    const { tenant } = context;
    const part = partOf(context.purpose);
    const ciphertext = formatTransitText(wrapped);
    if (ciphertext === undefined) throw problem("keys/not-authentic", tenant);
    const name = transitKeyName(tenant, part);
    const result = await call(tenant, "POST", `${verb}/${name}`, { ciphertext, context: contextOf(context) });
    if (result.ok) return result.data;
    throw await refused(tenant, part, result.refusal);
  }

  async function refused(tenant: string, part: KeyPart, refusal: Refusal): Promise<KeyProviderError> {
    const { status, sentence } = refusal;
    if (status === 400 && isNoKey(refusal)) return absent(tenant, part);
    if (sentence.includes("(too old)")) {
      const facts = await read(tenant, transitKeyName(tenant, part));
      if (facts === undefined) return absent(tenant, part);
      return problem(isDisabled(facts) ? "keys/disabled" : "keys/not-authentic", tenant);
    }
    if (sentence.startsWith("invalid ciphertext") || sentence.includes("message authentication failed"))
      return problem("keys/not-authentic", tenant);
    // What else it says is of an engine that is not there, or not as it should be.
    return problem("keys/unavailable", tenant, `status ${status}`);
  }

  async function post(tenant: string, path: string, body: Readonly<Record<string, unknown>>): Promise<void> {
    const result = await call(tenant, "POST", path, body);
    if (!result.ok) throw problem("keys/unavailable", tenant, `status ${result.refusal.status}`);
  }

  return {
    name: vaultName,
    async create(tenant) {
      outsideName(tenant);
      for (const part of keyParts)
        if (await isDestroyed(tenant, part)) throw problem("keys/destroyed", tenant);
      for (const part of keyParts) {
        // What is there stays as it is.
        await post(tenant, `keys/${transitKeyName(tenant, part)}`, {
          type: "aes256-gcm96",
          derived: true,
          exportable: false,
          allow_plaintext_backup: false,
        });
        await own(tenant, part);
      }
    },
    async generate(context) {
      checkVersion(context);
      const { tenant } = context;
      const part = partOf(context.purpose);
      if (isDisabled(await own(tenant, part))) throw problem("keys/disabled", tenant);
      const path = `datakey/plaintext/${transitKeyName(tenant, part)}`;
      const result = await call(tenant, "POST", path, { context: contextOf(context), bits: 256 });
      if (!result.ok) throw await refused(tenant, part, result.refusal);
      const key = wholeKey(vaultName, tenant, bytesOf(result.data["plaintext"]));
      const wrapped = parseTransitText(result.data["ciphertext"]);
      if (wrapped !== undefined) return { key, wrapped };
      key.fill(0);
      throw problem("keys/unavailable", tenant, "the answer holds no wrapped key");
    },
    async unwrap(context, wrapped) {
      const { plaintext } = await use(context, "decrypt", wrapped);
      return wholeKey(vaultName, context.tenant, bytesOf(plaintext));
    },
    async rewrap(context, wrapped) {
      const anew = parseTransitText((await use(context, "rewrap", wrapped))["ciphertext"]);
      if (anew === undefined)
        throw problem("keys/unavailable", context.tenant, "the answer holds no wrapped key");
      return anew;
    },
    async state(tenant, part): Promise<OutsideState> {
      // Invariant: destroyed is said only once the key is gone, however far its destruction came.
      const facts = await read(tenant, transitKeyName(tenant, part));
      if (facts !== undefined) return { kind: isDisabled(facts) ? "disabled" : "usable" };
      return { kind: (await isDestroyed(tenant, part)) ? "destroyed" : "missing" };
    },
    async disable(tenant, part) {
      if (isDisabled(await own(tenant, part))) return;
      const name = transitKeyName(tenant, part);
      await post(tenant, `keys/${name}/rotate`, {});
      const facts = await own(tenant, part);
      await post(tenant, `keys/${name}/config`, {
        min_decryption_version: facts.latest,
        min_encryption_version: facts.latest,
      });
    },
    async enable(tenant, part) {
      const facts = await own(tenant, part);
      if (!isDisabled(facts)) return;
      await post(tenant, `keys/${transitKeyName(tenant, part)}/config`, {
        min_decryption_version: Math.max(1, facts.minAvailable),
        min_encryption_version: facts.minAvailable,
      });
    },
    async destroy(tenant, part) {
      const name = transitKeyName(tenant, part);
      const facts = await read(tenant, name);
      if (facts === undefined && !(await isDestroyed(tenant, part))) throw problem("keys/missing", tenant);
      if (facts !== undefined) await destroyTransitKey(call, tenant, name, tombstoneName(tenant, part));
      return { kind: "destroyed" };
    },
  };
}

function contextOf(context: KeyContext): string {
  return formatContext(Buffer.alloc(0), context).toString("base64");
}

function bytesOf(text: unknown): Buffer | undefined {
  if (typeof text !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  return Buffer.from(text, "base64");
}
