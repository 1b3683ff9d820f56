/** The manifest of a tenant's archive: whose it is, of what tables, and the hash of every file. See docs/spec/tenant-archive.md. */
import { sign, verify, type KeyObject } from "node:crypto";
import { canonicalJson } from "@wardline/core";
import type { AuditHead } from "../../audit/export-audit.ts";
import { tenantKeyStates, type TenantKeyState } from "../../keys/registry-ddl.ts";
import type { TableImage } from "../read-rows.ts";
import { ArchiveRejected } from "./archive-rejected.ts";

export const archiveFormat = "wardline/tenant-archive/4";

export interface ArchivedTable extends TableImage {
  readonly file: string;
  /** In the order of the values in a line. */
  readonly columns: readonly string[];
}

export interface ArchiveManifest {
  readonly format: typeof archiveFormat;
  readonly tenant: string;
  /** SHA-256, hex, of the model and of what is sealed. */
  readonly model: string;
  /** The placement epoch, and the version of the tables, at the time. */
  readonly epoch: number;
  readonly version: number;
  /** RFC 3339, UTC: the moment that all rows are of. */
  readonly at: string;
  readonly tables: readonly ArchivedTable[];
  readonly audit: { readonly file: string; readonly sha256: string; readonly head: AuditHead };
  /** The registry of its keys, still wrapped. */
  readonly keys: { readonly file: string; readonly sha256: string; readonly state: TenantKeyState };
  /** Versions of the tenant's key that the sealed cells in it were sealed with, ascending. */
  readonly keyVersions: readonly number[];
}

/** The bytes of a manifest; equal manifests have equal bytes. */
export function writeManifest(manifest: ArchiveManifest): Uint8Array {
  return Buffer.from(`${canonicalJson(manifest)}\n`, "utf8");
}

/** Reads the bytes of a manifest. Only what {@link writeManifest} would write is one. Throws `archive/bad-manifest`. */
export function readManifest(bytes: Uint8Array): ArchiveManifest {
  const bad = (): ArchiveRejected =>
    new ArchiveRejected(
      "archive/bad-manifest",
      "the manifest is not one that this version of Wardline writes",
    );
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw bad();
  }
  if (!isManifest(value)) throw bad();
  // Invariant: a manifest has one reading.
  if (!Buffer.from(bytes).equals(writeManifest(value))) throw bad();
  return value;
}

const domain = Buffer.from(`${archiveFormat}\0`, "utf8");

/** The signature of a manifest's bytes with an Ed25519 key, in base64. */
export function signManifest(bytes: Uint8Array, key: KeyObject): string {
  if (key.type !== "private" || key.asymmetricKeyType !== "ed25519")
    throw new ArchiveRejected("archive/bad-signature", "an archive is signed with a private Ed25519 key");
  return sign(null, Buffer.concat([domain, bytes]), key).toString("base64");
}

/** Throws `archive/unsigned` and `archive/bad-signature`. */
export function checkSignature(bytes: Uint8Array, signature: string | null, key: KeyObject): void {
  if (signature === null)
    throw new ArchiveRejected(
      "archive/unsigned",
      "the archive is not signed, and a key was given to check it",
    );
  if (
    key.type !== "public" ||
    key.asymmetricKeyType !== "ed25519" ||
    !/^[A-Za-z0-9+/]{86}==$/.test(signature) ||
    !verify(null, Buffer.concat([domain, bytes]), key, Buffer.from(signature, "base64"))
  )
    throw new ArchiveRejected("archive/bad-signature", "the archive is not signed by the given key");
}

function isManifest(value: unknown): value is ArchiveManifest {
  return (
    isRecord(value, [
      "format",
      "tenant",
      "model",
      "epoch",
      "version",
      "at",
      "tables",
      "audit",
      "keys",
      "keyVersions",
    ]) &&
    value["format"] === archiveFormat &&
    isText(value["tenant"]) &&
    isHash(value["model"]) &&
    isCount(value["epoch"]) &&
    isCount(value["version"]) &&
    isText(value["at"]) &&
    Array.isArray(value["tables"]) &&
    value["tables"].every(isTable) &&
    isRecord(value["audit"], ["file", "sha256", "head"]) &&
    isFile(value["audit"]["file"]) &&
    isHash(value["audit"]["sha256"]) &&
    isRecord(value["audit"]["head"], ["seq", "hash"]) &&
    isCount(value["audit"]["head"]["seq"]) &&
    isHash(value["audit"]["head"]["hash"]) &&
    isRecord(value["keys"], ["file", "sha256", "state"]) &&
    isFile(value["keys"]["file"]) &&
    isHash(value["keys"]["sha256"]) &&
    (tenantKeyStates as readonly unknown[]).includes(value["keys"]["state"]) &&
    Array.isArray(value["keyVersions"]) &&
    value["keyVersions"].every(isCount)
  );
}

function isTable(value: unknown): value is ArchivedTable {
  return (
    isRecord(value, ["table", "rows", "sha256", "file", "columns"]) &&
    isText(value["table"]) &&
    isCount(value["rows"]) &&
    isHash(value["sha256"]) &&
    isFile(value["file"]) &&
    Array.isArray(value["columns"]) &&
    value["columns"].every(isText)
  );
}

function isRecord(value: unknown, keys: readonly string[]): value is Record<string, unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length === keys.length &&
    keys.every((key) => Object.hasOwn(value, key))
  );
}

const isText = (value: unknown): value is string =>
  typeof value === "string" && value !== "" && value.isWellFormed();
const isHash = (value: unknown): boolean => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
/** No path leaves the archive's folder. */
const isFile = (value: unknown): boolean => typeof value === "string" && /^[a-z0-9-]+\.jsonl$/.test(value);
