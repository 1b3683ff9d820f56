/** The operations of KMS that a provider of keys takes, as its API's reference says what they do and refuse. */
import { randomBytes } from "node:crypto";
import { decrypt, encrypt, invalidCiphertext, keyIdOf, type EncryptionContext } from "./kms-cipher.ts";
import { KmsError } from "./kms-error.ts";
import type { KmsKey, KmsStore } from "./kms-store.ts";

type Input = Readonly<Record<string, unknown>>;
type Operation = (store: KmsStore, input: Input) => object;

const day = 86_400_000;

export const kmsOperations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ["CreateKey", createKey],
  ["CreateAlias", createAlias],
  ["DescribeKey", (store, input) => ({ KeyMetadata: describe(store, keyOf(store, input)) })],
  ["GenerateDataKey", generateDataKey],
  ["Decrypt", decryptBlob],
  ["ReEncrypt", reEncrypt],
  ["DisableKey", (store, input) => turn(store, input, "Disabled")],
  ["EnableKey", (store, input) => turn(store, input, "Enabled")],
  ["ScheduleKeyDeletion", scheduleDeletion],
  ["CancelKeyDeletion", cancelDeletion],
  ["ListResourceTags", listTags],
  ["TagResource", tag],
  ["RotateKeyOnDemand", rotate],
]);

function createKey(store: KmsStore, input: Input): object {
  const key = store.make(text(input["Description"] ?? "", 8192), tagsOf(input["Tags"] ?? []));
  return { KeyMetadata: describe(store, key) };
}

function createAlias(store: KmsStore, input: Input): object {
  const name = text(input["AliasName"], 256);
  if (!/^alias\/[a-zA-Z0-9/_-]+$/.test(name) || name.startsWith("alias/aws/"))
    throw new KmsError("InvalidAliasNameException", "the alias has no such name");
  const key = store.find(text(input["TargetKeyId"], 2048));
  notPending(store, key);
  store.addAlias(name, key);
  return {};
}

function generateDataKey(store: KmsStore, input: Input): object {
  const key = keyOf(store, input);
  usable(store, key);
  if (input["KeySpec"] !== "AES_256") throw invalidInput("KeySpec");
  const bytes = randomBytes(32);
  const blob = encrypt(key.id, key.materials, contextOf(input["EncryptionContext"]), bytes);
  return {
    KeyId: store.arnOf(key),
    CiphertextBlob: blob.toString("base64"),
    Plaintext: bytes.toString("base64"),
  };
}

/** The key that enciphered, which is the one named where one is named. */
function source(store: KmsStore, named: unknown, blob: Buffer): KmsKey {
  const id = keyIdOf(blob);
  if (named === undefined) {
    if (id === undefined || !store.keys.has(id)) throw invalidCiphertext();
    return store.find(id);
  }
  const key = store.find(text(named, 2048));
  usable(store, key);
  if (id === undefined || !store.keys.has(id)) throw invalidCiphertext();
  if (id !== key.id)
    throw new KmsError(
      "IncorrectKeyException",
      "The key ID in the request does not identify a CMK that can perform this operation.",
    );
  return key;
}

function decryptBlob(store: KmsStore, input: Input): object {
  const blob = blobOf(input["CiphertextBlob"]);
  const key = source(store, input["KeyId"], blob);
  usable(store, key);
  const bytes = decrypt(key.materials, contextOf(input["EncryptionContext"]), blob);
  return {
    KeyId: store.arnOf(key),
    Plaintext: bytes.toString("base64"),
    EncryptionAlgorithm: "SYMMETRIC_DEFAULT",
  };
}

function reEncrypt(store: KmsStore, input: Input): object {
  const blob = blobOf(input["CiphertextBlob"]);
  const from = source(store, input["SourceKeyId"], blob);
  usable(store, from);
  const to = store.find(text(input["DestinationKeyId"], 2048));
  usable(store, to);
  const bytes = decrypt(from.materials, contextOf(input["SourceEncryptionContext"]), blob);
  const anew = encrypt(to.id, to.materials, contextOf(input["DestinationEncryptionContext"]), bytes);
  return { CiphertextBlob: anew.toString("base64"), SourceKeyId: store.arnOf(from), KeyId: store.arnOf(to) };
}

function turn(store: KmsStore, input: Input, state: "Enabled" | "Disabled"): object {
  const key = keyOf(store, input);
  byIdAlone(input);
  notPending(store, key);
  key.state = state;
  return {};
}

function scheduleDeletion(store: KmsStore, input: Input): object {
  const key = keyOf(store, input);
  byIdAlone(input);
  notPending(store, key);
  const days = input["PendingWindowInDays"] ?? 30;
  if (typeof days !== "number" || days < 7 || days > 30) throw invalidInput("PendingWindowInDays");
  key.state = "PendingDeletion";
  key.deletion = store.now() + days * day;
  return {
    KeyId: store.arnOf(key),
    DeletionDate: key.deletion / 1000,
    KeyState: key.state,
    PendingWindowInDays: days,
  };
}

function cancelDeletion(store: KmsStore, input: Input): object {
  const key = keyOf(store, input);
  if (key.state !== "PendingDeletion")
    throw new KmsError("KMSInvalidStateException", `${store.arnOf(key)} is not pending deletion.`);
  key.state = "Disabled";
  key.deletion = null;
  return { KeyId: store.arnOf(key) };
}

function listTags(store: KmsStore, input: Input): object {
  const key = keyOf(store, input);
  byIdAlone(input);
  return { Tags: [...key.tags].map(([TagKey, TagValue]) => ({ TagKey, TagValue })), Truncated: false };
}

function tag(store: KmsStore, input: Input): object {
  const key = keyOf(store, input);
  byIdAlone(input);
  notPending(store, key);
  for (const [name, value] of tagsOf(input["Tags"])) key.tags.set(name, value);
  return {};
}

function rotate(store: KmsStore, input: Input): object {
  const key = keyOf(store, input);
  usable(store, key);
  key.materials.push(randomBytes(32));
  return { KeyId: key.id };
}

function describe(store: KmsStore, key: KmsKey): object {
  return {
    AWSAccountId: "111122223333",
    KeyId: key.id,
    Arn: store.arnOf(key),
    CreationDate: key.made / 1000,
    Enabled: key.state === "Enabled",
    Description: key.description,
    KeyUsage: "ENCRYPT_DECRYPT",
    KeyState: key.state,
    ...(key.deletion === null ? {} : { DeletionDate: key.deletion / 1000 }),
    Origin: "AWS_KMS",
    KeyManager: "CUSTOMER",
    KeySpec: "SYMMETRIC_DEFAULT",
    EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
    MultiRegion: false,
  };
}

function keyOf(store: KmsStore, input: Input): KmsKey {
  return store.find(text(input["KeyId"], 2048));
}

function byIdAlone(input: Input): void {
  if (/(?:^|:)alias\//.test(String(input["KeyId"])))
    throw new KmsError("InvalidArnException", "this operation takes no alias");
}

function usable(store: KmsStore, key: KmsKey): void {
  notPending(store, key);
  if (key.state === "Disabled") throw new KmsError("DisabledException", `${store.arnOf(key)} is disabled.`);
}

function notPending(store: KmsStore, key: KmsKey): void {
  if (key.state === "PendingDeletion")
    throw new KmsError("KMSInvalidStateException", `${store.arnOf(key)} is pending deletion.`);
}

function contextOf(given: unknown): EncryptionContext {
  if (given === undefined) return {};
  if (
    typeof given !== "object" ||
    given === null ||
    Object.values(given).some((one) => typeof one !== "string")
  )
    throw invalidInput("EncryptionContext");
  return given as EncryptionContext;
}

function tagsOf(given: unknown): ReadonlyMap<string, string> {
  if (!Array.isArray(given)) throw invalidInput("Tags");
  const tags = new Map<string, string>();
  for (const { TagKey, TagValue } of given as readonly {
    readonly TagKey: string;
    readonly TagValue: string;
  }[]) {
    const isName = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(TagKey) && !/^aws:/i.test(TagKey);
    if (!isName || !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u.test(TagValue))
      throw new KmsError("TagException", "the tag has no such name or value");
    tags.set(TagKey, TagValue);
  }
  return tags;
}

function blobOf(given: unknown): Buffer {
  const blob = Buffer.from(text(given, 10_000), "base64");
  if (blob.length === 0 || blob.length > 6144) throw invalidInput("CiphertextBlob");
  return blob;
}

function text(given: unknown, most: number): string {
  if (typeof given !== "string" || given.length > most) throw invalidInput("a text");
  return given;
}

function invalidInput(what: string): KmsError {
  return new KmsError(
    "ValidationException",
    `1 validation error detected: Value at '${what}' failed to satisfy constraint`,
  );
}
