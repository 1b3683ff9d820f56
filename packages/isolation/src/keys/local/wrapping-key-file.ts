/**
 * The file of local wrapping keys: JSON, readable by its owner alone, always replaced whole. It must never be read when others
 * can read it too, and a part of it that is not understood makes all of it refused.
 */
import { createSecretKey } from "node:crypto";
import { existsSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { syncFolder } from "../../audit/signer/record-file.ts";
import { KeyFileError } from "../key-file-error.ts";
import { makePrivateFile, readPrivateFile } from "../private-file.ts";
import { keyParts, type KeyPart } from "../key-provider.ts";
import { takeLock } from "./file-lock.ts";
import type { WrappingKey, WrappingVersion } from "./wrapping-key.ts";

const format = "wardline/wrapping-keys/1";
const keyForm = /^[A-Za-z0-9+/]{43}=$/;

/** A tenant's wrapping keys. One that was destroyed stays as an entry, so that no new one takes its place. */
export type WrappingKeys = Readonly<Record<KeyPart, WrappingKey>>;

/** The keys in the file by tenant; empty if there is no file. Throws `KeyFileError`. */
export function readWrappingKeys(path: string): Map<string, WrappingKeys> {
  if (!existsSync(path)) return new Map();
  return parseKeys(path, readPrivateFile(path) ?? "");
}

/**
 * Replaces the file by what `change` makes of its present keys, under a lock beside it, so two processes never lose each other's keys.
 * Throws `keys/busy` while another process has the lock.
 */
export function changeWrappingKeys(path: string, change: (keys: Map<string, WrappingKeys>) => void): void {
  const release = takeLock(`${path}.new`);
  const draft = `${path}.draft`;
  try {
    const keys = readWrappingKeys(path);
    change(keys);
    // Of a process that died before it took the file's place.
    rmSync(draft, { force: true });
    makePrivateFile(draft, formatKeys(keys));
    renameSync(draft, path);
    syncFolder(dirname(path));
  } finally {
    rmSync(draft, { force: true });
    release();
  }
}

function formatKeys(keys: ReadonlyMap<string, WrappingKeys>): string {
  const tenants = [...keys].map(([tenant, { data, audit }]) => ({
    tenant,
    data: formatKey(data),
    audit: formatKey(audit),
  }));
  return `${JSON.stringify({ format, tenants }, null, 2)}\n`;
}

function formatKey(key: WrappingKey): unknown {
  if (key.state === "destroyed") return { state: key.state, versions: [] };
  const versions = key.versions.map(({ version, key: bytes }) => ({
    version,
    key: bytes.export().toString("base64"),
  }));
  return { state: key.state, versions };
}

function parseKeys(path: string, text: string): Map<string, WrappingKeys> {
  const malformed = (): KeyFileError =>
    new KeyFileError("keys/malformed", `${path} is no key file of this version`);
  const document = parseJson(text);
  if (!hasExactly(document, ["format", "tenants"]) || document["format"] !== format) throw malformed();
  const tenants: unknown = document["tenants"];
  if (!Array.isArray(tenants)) throw malformed();
  // Tenants are listed, not keys of an object, and kept in a map: no id can name something inherited.
  const keys = new Map<string, WrappingKeys>();
  for (const entry of tenants as readonly unknown[]) {
    if (!hasExactly(entry, ["tenant", ...keyParts])) throw malformed();
    const { tenant } = entry;
    const [data, audit] = [parseKey(entry["data"]), parseKey(entry["audit"])];
    if (typeof tenant !== "string" || !isTenantId(tenant) || keys.has(tenant)) throw malformed();
    if (data === undefined || audit === undefined) throw malformed();
    keys.set(tenant, { data, audit });
  }
  return keys;
}

/** Undefined for what is no wrapping key. */
function parseKey(entry: unknown): WrappingKey | undefined {
  if (!hasExactly(entry, ["state", "versions"]) || !Array.isArray(entry["versions"])) return undefined;
  const given = entry["versions"] as readonly unknown[];
  const state = entry["state"];
  if (state === "destroyed") return given.length === 0 ? { state } : undefined;
  if ((state !== "usable" && state !== "disabled") || given.length === 0) return undefined;
  const versions: WrappingVersion[] = [];
  for (const one of given) {
    if (!hasExactly(one, ["version", "key"])) return undefined;
    const { version, key } = one;
    if (typeof version !== "number" || !Number.isInteger(version) || version > 0xffff_ffff) return undefined;
    if (version <= (versions.at(-1)?.version ?? 0)) return undefined;
    if (typeof key !== "string" || !keyForm.test(key)) return undefined;
    versions.push({ version, key: createSecretKey(key, "base64") });
  }
  return { state, versions };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function hasExactly(value: unknown, names: readonly string[]): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.keys(value).length === names.length && names.every((name) => Object.hasOwn(value, name));
}

/** Whether a text can be a tenant's id here: not empty, and the same in every encoding. */
export function isTenantId(text: string): boolean {
  return text !== "" && text.isWellFormed() && !text.includes("\0");
}
