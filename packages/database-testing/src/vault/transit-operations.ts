/** The paths of the transit engine that a provider of keys takes, with what they answer and refuse. */
import { randomBytes } from "node:crypto";
import { decryptTransit, encryptTransit, newTransitKey, type TransitKey } from "./transit-key.ts";
import type { TransitStore } from "./transit-store.ts";
import { badRequest, VaultError } from "./vault-error.ts";

type Body = Readonly<Record<string, unknown>>;

/** What stands in `data` of the answer; null for 204. Throws {@link VaultError}. */
export function runTransit(store: TransitStore, method: string, path: string, body: Body): object | null {
  const name = String.raw`(\w(?:[\w.-]*\w)?)`;
  const routes: readonly (readonly [string, string, (...names: readonly string[]) => object | null])[] = [
    ["POST", `keys/${name}`, (key = "") => createKey(store, key, body)],
    ["GET", `keys/${name}`, (key = "") => describe(found(store, key, () => new VaultError(404)))],
    ["DELETE", `keys/${name}`, (key = "") => deleteKey(store, key)],
    ["POST", `keys/${name}/config`, (key = "") => configure(store, key, body)],
    ["POST", `keys/${name}/rotate`, (key = "") => rotate(store, key)],
    ["POST", `datakey/plaintext/${name}`, (key = "") => dataKey(used(store, key), body)],
    ["POST", `decrypt/${name}`, (key = "") => decrypt(used(store, key), body)],
    ["POST", `rewrap/${name}`, (key = "") => rewrap(used(store, key), body)],
  ];
  for (const [verb, route, run] of routes) {
    const match = new RegExp(`^${route}$`).exec(path);
    if (match !== null && verb === method) return run(...match.slice(1));
  }
  throw new VaultError(404, `no handler for route "transit/${path}". route entry not found.`);
}

function found(store: TransitStore, name: string, missing: () => VaultError): TransitKey {
  const key = store.keys.get(name);
  if (key === undefined) throw missing();
  return key;
}

function used(store: TransitStore, name: string): TransitKey {
  return found(store, name, () => badRequest("encryption key not found"));
}

function createKey(store: TransitStore, name: string, body: Body): object {
  const type = body["type"] ?? "aes256-gcm96";
  if (type !== "aes256-gcm96") throw badRequest("unknown key type");
  if (!store.keys.has(name))
    store.keys.set(
      name,
      newTransitKey(name, {
        derived: body["derived"] === true,
        exportable: body["exportable"] === true,
        plaintextBackup: body["allow_plaintext_backup"] === true,
      }),
    );
  return describe(used(store, name));
}

function deleteKey(store: TransitStore, name: string): null {
  const key = found(store, name, () =>
    badRequest(`error deleting policy ${name}: could not delete key; not found`),
  );
  if (!key.deletionAllowed)
    throw badRequest(`error deleting policy ${name}: deletion is not allowed for this key`);
  store.keys.delete(name);
  return null;
}

function configure(store: TransitStore, name: string, body: Body): object {
  const key = found(store, name, () => badRequest(`no existing key named ${name} could be found`));
  const latest = key.versions.length;
  const whole = (field: string, present: number): number => {
    const value = body[field];
    if (value === undefined) return present;
    if (typeof value !== "number" || !Number.isInteger(value) || value < 0)
      throw badRequest(`${field.replaceAll("_", " ")} cannot be negative`);
    return value;
  };
  const minDecryption = Math.max(1, whole("min_decryption_version", key.minDecryption));
  const minEncryption = whole("min_encryption_version", key.minEncryption);
  if (minDecryption > latest)
    throw badRequest(
      `cannot set min decryption version of ${minDecryption}, latest key version is ${latest}`,
    );
  if (minEncryption > latest)
    throw badRequest(
      `cannot set min encryption version of ${minEncryption}, latest key version is ${latest}`,
    );
  if (minEncryption > 0 && minEncryption < minDecryption)
    throw badRequest(
      `cannot set min encryption/decryption values; min encryption version of ${minEncryption} must be greater than or equal to min decryption version of ${minDecryption}`,
    );
  if (key.minAvailable > minEncryption)
    throw badRequest("min encryption version should not be less than min available version");
  if (key.minAvailable > minDecryption)
    throw badRequest("min decryption version should not be less then min available version");
  key.minDecryption = minDecryption;
  key.minEncryption = minEncryption;
  const allowed = body["deletion_allowed"];
  if (typeof allowed === "boolean") key.deletionAllowed = allowed;
  return describe(key);
}

function rotate(store: TransitStore, name: string): object {
  const key = found(store, name, () => badRequest("key not found"));
  key.versions.push(randomBytes(32));
  return describe(key);
}

function dataKey(key: TransitKey, body: Body): object {
  const bits = body["bits"] ?? 256;
  if (bits !== 128 && bits !== 256 && bits !== 512) throw badRequest("invalid bit length");
  const bytes = randomBytes(bits / 8);
  return {
    ciphertext: encryptTransit(key, contextOf(body), bytes),
    key_version: key.versions.length,
    plaintext: bytes.toString("base64"),
  };
}

function decrypt(key: TransitKey, body: Body): object {
  return { plaintext: decryptTransit(key, contextOf(body), ciphertextOf(body)).toString("base64") };
}

function rewrap(key: TransitKey, body: Body): object {
  const bytes = decryptTransit(key, contextOf(body), ciphertextOf(body));
  return { ciphertext: encryptTransit(key, contextOf(body), bytes), key_version: key.versions.length };
}

function contextOf(body: Body): Buffer {
  const given = body["context"] ?? "";
  if (
    typeof given !== "string" ||
    !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(given)
  )
    throw badRequest("failed to base64-decode context");
  return Buffer.from(given, "base64");
}

function ciphertextOf(body: Body): string {
  const given = body["ciphertext"];
  if (typeof given !== "string" || given === "") throw badRequest("missing ciphertext to decrypt");
  return given;
}

function describe(key: TransitKey): object {
  const shown = key.versions.map((_, index) => index + 1).filter((version) => version >= key.minDecryption);
  return {
    name: key.name,
    type: "aes256-gcm96",
    derived: key.derived,
    ...(key.derived ? { kdf: "hkdf_sha256", convergent_encryption: false } : {}),
    deletion_allowed: key.deletionAllowed,
    min_available_version: key.minAvailable,
    min_decryption_version: key.minDecryption,
    min_encryption_version: key.minEncryption,
    latest_version: key.versions.length,
    exportable: key.exportable,
    allow_plaintext_backup: key.plaintextBackup,
    supports_encryption: true,
    supports_decryption: true,
    supports_derivation: true,
    supports_signing: false,
    auto_rotate_period: 0,
    imported_key: false,
    keys: Object.fromEntries(shown.map((version) => [String(version), 0])),
  };
}
