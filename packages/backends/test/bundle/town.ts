/** A repository in memory with everybody's keys: two tenants, a root of three keys of which two must sign. */
import { createHash } from "node:crypto";
import {
  buildBundle,
  generateKey,
  mapSource,
  openKey,
  openMetadata,
  openRepository,
  paths,
  trustFormat,
  writeDocument,
  writeRepository,
  type BundleInput,
  type BundleManifest,
  type Lifetime,
  type Metadata,
  type NextState,
  type OpenedRepository,
  type PrivateKey,
  type PublicKey,
  type Role,
  type Root,
  type SeenVersions,
  type Signer,
} from "@wardline/backends";
import { emptyProgram, smallInput } from "./small-bundle.ts";

export interface Pair {
  readonly privateKey: PrivateKey;
  readonly publicKey: PublicKey;
  readonly signer: Signer;
}

export async function newPair(): Promise<Pair> {
  const privateKey = await generateKey();
  return { privateKey, ...(await openKey(privateKey)) };
}

export const names = [
  "root1",
  "root2",
  "root3",
  "release",
  "snapshot",
  "timestamp",
  "north",
  "south",
  "north2",
] as const;
export type Name = (typeof names)[number] | "stranger";
export type Keys = Readonly<Record<Name, Pair>>;

export async function newKeys(): Promise<Keys> {
  const pairs = await Promise.all(
    [...names, "stranger" as const].map(async (name) => [name, await newPair()] as const),
  );
  return Object.fromEntries(pairs) as unknown as Keys;
}

export const day = 86_400;
/** The present of the tests, in seconds. */
export const now = 1_800_000_000;
export const always = { notBefore: now - 60, expires: now + 30 * day };

export const roleOf = (threshold: number, ...pairs: readonly Pair[]): Role => ({
  keys: pairs.map(({ publicKey }) => publicKey.kid).toSorted(),
  threshold,
});
export const keysOf = (...pairs: readonly Pair[]): readonly PublicKey[] =>
  pairs.map(({ publicKey }) => publicKey).toSorted((a, b) => (a.kid < b.kid ? -1 : 1));

export function rootClaims(keys: Keys, change: Partial<Root> = {}): Root {
  const roots = [keys.root1, keys.root2, keys.root3];
  return {
    format: trustFormat,
    kind: "root",
    version: 1,
    not_before: now - day,
    expires: now + 365 * day,
    keys: keysOf(...roots, keys.release, keys.snapshot, keys.timestamp),
    roles: {
      root: roleOf(2, ...roots),
      snapshot: roleOf(1, keys.snapshot),
      timestamp: roleOf(1, keys.timestamp),
    },
    releases: { library: roleOf(1, keys.release) },
    ...change,
  };
}

export const signersOf = (keys: Keys, ...by: readonly Name[]): readonly Signer[] =>
  by.map((name) => keys[name].signer);

export const rootDocument = (
  keys: Keys,
  change: Partial<Root> = {},
  by: readonly Name[] = ["root1", "root2"],
) => writeDocument(rootClaims(keys, change), signersOf(keys, ...by));

export const lifetime: Lifetime = { ...always, maxStaleness: null };

export interface BundleWish {
  readonly tenant?: string;
  readonly revision?: number;
  readonly by?: readonly Signer[];
  readonly lifetime?: Partial<Lifetime>;
  readonly input?: Partial<BundleInput>;
}

export async function signedBundle(keys: Keys, wish: BundleWish = {}) {
  const tenant = wish.tenant ?? "north";
  const files = await buildBundle({
    ...smallInput,
    program: {
      ...emptyProgram,
      tenant,
      rules: emptyProgram.rules.map((rule) => ({ ...rule, id: `${tenant}/a` })),
    },
    revision: String(wish.revision ?? 7),
    ...wish.input,
    signing: {
      signers: wish.by ?? [keys[tenant as Name].signer],
      lifetime: { ...lifetime, ...wish.lifetime },
    },
  });
  const manifest = JSON.parse(new TextDecoder().decode(files.get(".manifest"))) as BundleManifest;
  return { files, manifest };
}

/** What a publisher would do next; parts of it replaced. */
export async function nextState(
  keys: Keys,
  previous: Metadata | null,
  change: Partial<NextState> = {},
): Promise<NextState> {
  const north = await signedBundle(keys);
  return {
    previous,
    ...(previous === null
      ? {
          release: {
            ...always,
            model: north.manifest.metadata.wardline.model,
            platform: smallInput.platform,
            keys: keysOf(keys.north, keys.north2, keys.south),
            tenants: { north: roleOf(1, keys.north, keys.north2), south: roleOf(1, keys.south) },
            signers: [keys.release.signer],
          },
        }
      : {}),
    bundles:
      previous === null
        ? new Map([
            ["north", north],
            ["south", await signedBundle(keys, { tenant: "south" })],
          ])
        : new Map(),
    snapshot: { ...always, signers: [keys.snapshot.signer] },
    timestamp: { notBefore: now - 60, expires: now + 600, signers: [keys.timestamp.signer] },
    ...change,
  };
}

export type Repository = Map<string, Uint8Array>;

/** A new repository. */
export async function newRepository(keys: Keys, change: Partial<NextState> = {}): Promise<Repository> {
  return new Map([
    [paths.root(1), await rootDocument(keys)] as const,
    ...(await writeRepository(await nextState(keys, null, change))),
  ]);
}

/** The repository after another publication. */
export async function published(
  keys: Keys,
  repository: Repository,
  change: Partial<NextState> = {},
): Promise<Repository> {
  const metadata = await openMetadata({ ...(await trusting(keys, repository)), now: null });
  if ("error" in metadata) throw new Error(metadata.error.message);
  return new Map([...repository, ...(await writeRepository(await nextState(keys, metadata, change)))]);
}

async function trusting(keys: Keys, repository: Repository) {
  return {
    source: mapSource(repository),
    root: repository.get(paths.root(1)) ?? (await rootDocument(keys)),
    seen: new Map() as SeenVersions,
    now,
  };
}

export interface Opening {
  readonly root?: Uint8Array;
  readonly seen?: SeenVersions;
  readonly now?: number;
}

export async function open(
  keys: Keys,
  repository: Repository,
  opening: Opening = {},
): Promise<OpenedRepository> {
  return openRepository({ ...(await trusting(keys, repository)), ...opening });
}

/** `opened`, or the code of the refusal. */
export async function codeOf(keys: Keys, repository: Repository, opening: Opening = {}): Promise<string> {
  const opened = await open(keys, repository, opening);
  return "error" in opened ? opened.error.code : "opened";
}

export const sha256 = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex");
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const text = (data: Uint8Array | undefined): string => new TextDecoder().decode(data);
export const base64 = (value: unknown): string =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
