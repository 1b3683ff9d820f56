/**
 * The documents of a repository, followed from a trusted root down as TUF's client does (specification 1.0.33, section 5):
 * root by root, then timestamp, snapshot, releases. Each is held to what the one before it says.
 */
import { refuse } from "../bundle-error.ts";
import { sha256 } from "../web-platform.ts";
import type { Role } from "../trust/public-key.ts";
import { maxReleaseSize, openRelease, type Release } from "../trust/release.ts";
import { maxRootSize, openRoot, type Root } from "../trust/root.ts";
import { checkTime, type Claims } from "../trust/signed-document.ts";
import { maxSnapshotSize, openSnapshot, type FileReference, type Snapshot } from "../trust/snapshot.ts";
import { maxTimestampSize, openTimestamp, type Timestamp } from "../trust/timestamp.ts";
import { checkSeen, seenName, type SeenVersion, type SeenVersions } from "./seen.ts";
import { paths, type RepositorySource } from "./source.ts";

export interface RepositoryOptions {
  readonly source: RepositorySource;
  /** A root that is known to be right, from elsewhere than the repository. */
  readonly root: Uint8Array;
  readonly seen: SeenVersions;
  /** Seconds since 1970. Null where times do not matter: only for whoever publishes over an old state. */
  readonly now: number | null;
}

export interface Metadata {
  readonly root: Root;
  readonly timestamp: Timestamp;
  readonly snapshot: Snapshot;
  /** By model. */
  readonly releases: ReadonlyMap<string, Release>;
  /** What has been seen now. */
  readonly seen: SeenVersions;
}

/** More rotations than one root lives to see. */
const maxRotations = 1024;

/**
 * `before` are documents that were opened earlier: what has the same digest under the same root is not read again, and its time is looked
 * at all the same.
 */
export async function readMetadata(
  { source, root: trusted, seen, now }: RepositoryOptions,
  before?: Metadata,
): Promise<Metadata> {
  const found = new Map<string, SeenVersion>();
  const look = (name: string, what: string, { version }: Claims, digest: string): void => {
    const entry = { version, sha256: digest };
    checkSeen(seen, name, entry, "trust/lower-version", what);
    found.set(name, entry);
  };
  const { root, bytes: rootBytes } = await followRoots(source, trusted);
  const rootSha256 = await sha256(rootBytes);
  look("root", "the root", root, rootSha256);
  if (now !== null) checkTime(root, now);
  // Invariant: what another root vouched for is checked anew, because its keys may have no say any more.
  const kept = before?.seen.get("root")?.sha256 === rootSha256 ? before : undefined;

  const timestampBytes = await need(source, paths.timestamp, maxTimestampSize);
  const timestamp = await openTimestamp(timestampBytes, root, now);
  const named = (kind: string, role: Role): string => seenName(kind, role);
  const timestampName = named("timestamp", root.roles.timestamp);
  look(timestampName, "the timestamp", timestamp, await sha256(timestampBytes));

  const { version, sha256: snapshotSha256 } = timestamp.snapshot;
  const isSame = kept?.timestamp.snapshot.sha256 === snapshotSha256;
  const snapshot = isSame
    ? kept.snapshot
    : await openSnapshot(
        await needExactly(source, paths.snapshot(version), timestamp.snapshot, maxSnapshotSize),
        root,
        now,
      );
  if (now !== null) checkTime(snapshot, now);
  checkVersion(snapshot, version);
  look(named("snapshot", root.roles.snapshot), "the snapshot", snapshot, snapshotSha256);

  const releases = new Map<string, Release>();
  for (const [model, reference] of Object.entries(snapshot.releases)) {
    const path = paths.release(reference.version, model);
    const known =
      kept?.snapshot.releases[model]?.sha256 === reference.sha256 ? kept.releases.get(model) : undefined;
    const release =
      known ??
      (await openRelease(await needExactly(source, path, reference, maxReleaseSize), root, model, now));
    if (now !== null) checkTime(release, now);
    checkVersion(release, reference.version);
    const name = named(`release:${model}`, root.releases[model] as Role);
    look(name, `the release for ${model}`, release, reference.sha256);
    releases.set(model, release);
  }
  return { root, timestamp, snapshot, releases, seen: found };
}

/** From the trusted root to the last one, each signed by the one before it. Only the last one's time matters. */
async function followRoots(
  source: RepositorySource,
  trusted: Uint8Array,
): Promise<{ readonly root: Root; readonly bytes: Uint8Array }> {
  let bytes: Uint8Array = Uint8Array.from(trusted);
  let root = await openRoot(bytes);
  for (let step = 0; step < maxRotations; step += 1) {
    const version = root.version + 1;
    const next = await readCopy(source, paths.root(version), maxRootSize);
    if (next === "missing") return { root, bytes };
    if (next === "too-large") return refuse("trust/too-large", `${paths.root(version)} is too large`);
    root = await openRoot(next, root);
    checkVersion(root, version);
    bytes = next;
  }
  return refuse("trust/bad-document", `there are more than ${maxRotations} roots after the trusted one`);
}

function checkVersion({ kind, version }: Claims, expected: number): void {
  if (version !== expected)
    refuse("trust/mixed-snapshot", `the ${kind} has version ${version} where ${expected} was to be`);
}

async function need(source: RepositorySource, path: string, maxSize: number): Promise<Uint8Array> {
  const bytes = await readCopy(source, path, maxSize);
  if (bytes === "missing") return refuse("trust/missing-document", `there is no ${path}`);
  if (bytes === "too-large") return refuse("trust/too-large", `${path} has more than ${maxSize} bytes`);
  return bytes;
}

/** The file that a reference names, to the byte. */
export async function needExactly(
  source: RepositorySource,
  path: string,
  { sha256: digest, size }: FileReference,
  maxSize: number,
): Promise<Uint8Array> {
  if (size > maxSize) refuse("trust/too-large", `${path} is to have more than ${maxSize} bytes`);
  const bytes = await readCopy(source, path, size);
  if (bytes === "missing") return refuse("trust/missing-document", `there is no ${path}`);
  if (bytes === "too-large" || bytes.length !== size || (await sha256(bytes)) !== digest)
    return refuse(
      "trust/mixed-snapshot",
      `${path} is not the one that belongs to this state of the repository`,
    );
  return bytes;
}

/** What is checked is what is used, whatever the source does with its bytes meanwhile. */
async function readCopy(
  source: RepositorySource,
  path: string,
  maxSize: number,
): Promise<Uint8Array | "missing" | "too-large"> {
  const bytes = await source.read(path, maxSize);
  if (typeof bytes === "string") return bytes;
  return bytes.length > maxSize ? "too-large" : Uint8Array.from(bytes);
}
