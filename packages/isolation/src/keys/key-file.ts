/**
 * The file of a local key store: JSON, readable by its owner alone, always replaced whole. It must never be read when
 * others can read it too, and a part of it that is not understood makes all of it refused.
 */
import { createSecretKey, type KeyObject } from "node:crypto";
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { KeyFileError } from "./key-file-error.ts";

const format = "wardline/keys/1";
const keyForm = /^[A-Za-z0-9+/]{43}=$/;

/** A tenant's key. `key` is null once it has been destroyed; the entry stays, so that no new key takes its place. */
export interface KeyRecord {
  readonly version: number;
  readonly key: KeyObject | null;
}

/** The keys in the file by tenant; empty if there is no file. Throws `KeyFileError`. */
export function readKeyFile(path: string): Map<string, KeyRecord> {
  if (!existsSync(path)) return new Map();
  // Without waiting: opening a named pipe would stop the process until somebody writes to it.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const status = fstatSync(file);
    if (!status.isFile() || (status.mode & 0o077) !== 0) {
      throw new KeyFileError(
        "keys/exposed",
        `${path} must be a file that only its owner can read (chmod 600)`,
      );
    }
    return parseKeys(path, readFileSync(file, "utf8"));
  } finally {
    closeSync(file);
  }
}

/**
 * Replaces the file by what `change` makes of its present keys. The draft beside it is also the lock: made only if it
 * is not there, so two processes never lose each other's keys. Throws `keys/busy` if it is there.
 */
export function changeKeyFile(
  path: string,
  change: (keys: Map<string, KeyRecord>) => void,
): Map<string, KeyRecord> {
  const draft = `${path}.new`;
  const file = openDraft(draft);
  try {
    try {
      const keys = readKeyFile(path);
      change(keys);
      writeSync(file, formatKeys(keys));
      fsyncSync(file);
      renameSync(draft, path);
      syncFolder(dirname(path));
      return keys;
    } finally {
      closeSync(file);
    }
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

function openDraft(draft: string): number {
  try {
    return openSync(draft, "wx", 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new KeyFileError(
      "keys/busy",
      `${draft} is there: another process writes keys, or one died while it did`,
    );
  }
}

function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function formatKeys(keys: ReadonlyMap<string, KeyRecord>): string {
  const tenants = [...keys].map(([tenant, { version, key }]) => ({
    tenant,
    version,
    key: key === null ? null : key.export().toString("base64"),
  }));
  return `${JSON.stringify({ format, tenants }, null, 2)}\n`;
}

function parseKeys(path: string, text: string): Map<string, KeyRecord> {
  const malformed = (): KeyFileError =>
    new KeyFileError("keys/malformed", `${path} is no key file of this version`);
  const document = parseJson(text);
  if (!hasExactly(document, ["format", "tenants"]) || document["format"] !== format) throw malformed();
  const tenants: unknown = document["tenants"];
  if (!Array.isArray(tenants)) throw malformed();
  // Tenants are listed, not keys of an object, and kept in a map: no id can name something inherited.
  const keys = new Map<string, KeyRecord>();
  for (const entry of tenants as readonly unknown[]) {
    if (!hasExactly(entry, ["tenant", "version", "key"])) throw malformed();
    const { tenant, version, key } = entry;
    if (typeof tenant !== "string" || !isTenantId(tenant) || keys.has(tenant)) throw malformed();
    if (typeof version !== "number" || !Number.isInteger(version) || version < 1 || version > 0xffff_ffff)
      throw malformed();
    if (key !== null && (typeof key !== "string" || !keyForm.test(key))) throw malformed();
    keys.set(tenant, { version, key: key === null ? null : createSecretKey(key, "base64") });
  }
  return keys;
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
