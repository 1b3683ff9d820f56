/**
 * A folder of signing keys. Every private key is a file of its own that its owner alone can read, so that each can be kept
 * where its role is carried out; those of the root belong on no machine that publishes. The root's metadata is public.
 *
 *     root/1.json …        private keys of the root      release.json, snapshot.json, timestamp.json
 *     tenants/NAME.json    private key of a tenant       metadata/1.root.json …   the roots, signed
 */
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { generateKey, openKey, type PrivateKey, type PublicKey, type Signer } from "@wardline/backends";
import { canonicalJson } from "@wardline/core";
import { UsageError } from "../exit-code.ts";

export const onlineRoles = ["release", "snapshot", "timestamp"] as const;
export type OnlineRole = (typeof onlineRoles)[number];

export interface HeldKey {
  readonly publicKey: PublicKey;
  readonly signer: Signer;
}

export const keyFiles = {
  root: (number: number): string => join("root", `${number}.json`),
  role: (role: OnlineRole): string => `${role}.json`,
  tenant: (tenant: string): string => join("tenants", `${tenant}.json`),
} as const;

/** Reads a private key. Throws {@link UsageError} if it is not there, not whole, or others can read it. */
export async function readKey(folder: string, name: string): Promise<HeldKey> {
  const path = join(folder, name);
  if (!existsSync(path)) throw new UsageError(`there is no key ${path}`, "`wardline keys` makes keys");
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const status = fstatSync(file);
    if (!status.isFile() || (status.mode & 0o077) !== 0)
      throw new UsageError(`others can read the key ${path}`, "chmod 600, and think of it as lost");
    return await openKey(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path} holds no private key: ${(error as Error).message}`);
  } finally {
    closeSync(file);
  }
}

export async function newKey(): Promise<HeldKey & { readonly privateKey: PrivateKey }> {
  const privateKey = await generateKey();
  return { privateKey, ...(await openKey(privateKey)) };
}

/** Makes a key and writes it. A file that is there is kept, and refused, unless it is to be replaced. */
export async function makeKey(folder: string, name: string, replace = false): Promise<HeldKey> {
  const key = await newKey();
  writeKey(folder, name, key.privateKey, replace);
  return key;
}

/** Puts a key that waits beside its place into it. */
export function takePlace(folder: string, name: string): void {
  renameSync(join(folder, `${name}.next`), join(folder, name));
}

export function writeKey(folder: string, name: string, key: PrivateKey, replace = false): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (!replace && existsSync(path))
    throw new UsageError(`there is a key ${path} already`, "nothing was written over it");
  const draft = `${path}.new`;
  rmSync(draft, { force: true });
  const file = openSync(draft, "wx", 0o600);
  try {
    writeFileSync(file, `${canonicalJson(key)}\n`);
    fsyncSync(file);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

/** The signed roots by path in a repository, the first to the last. */
export function readRoots(folder: string): ReadonlyMap<string, Uint8Array> {
  const roots = new Map<string, Uint8Array>();
  for (let version = 1; ; version += 1) {
    const name = `metadata/${version}.root.json`;
    const path = join(folder, name);
    if (!existsSync(path)) break;
    roots.set(name, readFileSync(path));
  }
  if (roots.size === 0)
    throw new UsageError(`there is no root in ${folder}`, "`wardline keys init` makes one");
  return roots;
}

export function writeRoot(folder: string, version: number, document: Uint8Array): void {
  const path = join(folder, "metadata", `${version}.root.json`);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(path, "wx", 0o644);
  try {
    writeFileSync(file, document);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** How many private keys of the root are there. */
export function countRootKeys(folder: string): number {
  let count = 0;
  while (existsSync(join(folder, keyFiles.root(count + 1)))) count += 1;
  return count;
}
