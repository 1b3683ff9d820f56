/** The last step of whatever publishes: what readers would refuse is not written. */
import {
  openTrustedRoot,
  writeRepository,
  type Metadata,
  type NextState,
  type Root,
} from "@wardline/backends";
import { canonicalJson } from "@wardline/core";
import { BundleRejected } from "@wardline/sdk";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { reportRefusal } from "./integrity.ts";
import { keyFiles, readKey, readRoots } from "./key-folder.ts";
import { readersView, readState, type Publication } from "./publication.ts";
import { clockSkew, day, minute, presentSecond } from "./times.ts";

export interface Place {
  readonly publication: Publication;
  readonly keys: string;
  /** All signed roots by path, and the first and the last of them. */
  readonly roots: ReadonlyMap<string, Uint8Array>;
  readonly firstRoot: Uint8Array;
  readonly root: Root;
}

/** Throws a {@link UsageError} if the folder of the keys has no root. */
export async function placeOf(publication: Publication, keys: string): Promise<Place> {
  const roots = readRoots(keys);
  const [firstRoot] = roots.values();
  const lastRoot = [...roots.values()].at(-1);
  if (firstRoot === undefined || lastRoot === undefined) throw new TypeError("there is no root");
  const root = await openTrustedRoot(lastRoot);
  if ("error" in root) throw new BundleRejected(root.error.code, root.error.message);
  return { publication, keys, roots, firstRoot, root };
}

/** The present state of a repository that must be there. */
export async function presentState(io: Io, { publication, firstRoot }: Place): Promise<Metadata | ExitCode> {
  const state = await readState(publication.source, firstRoot);
  if (state === null)
    throw new UsageError(`there is no repository in ${publication.name}`, "`wardline publish` makes one");
  return "error" in state ? reportRefusal(io, state.error, "nothing was published") : state;
}

/**
 * Signs the next state, looks at it as a reader does who has seen all that was published before, and writes it. `change`
 * is what is new beside the timestamp.
 */
export async function putState(
  io: Io,
  { publication, keys, roots, root }: Place,
  previous: Metadata | null,
  change: Omit<NextState, "previous" | "snapshot" | "timestamp">,
  timestampMinutes: number,
): Promise<ExitCode> {
  const now = presentSecond();
  const begin = now - clockSkew;
  const timestamp = await readKey(keys, keyFiles.role("timestamp"));
  const isNew = change.bundles.size > 0 || change.release !== undefined || (change.withdrawn?.size ?? 0) > 0;
  // A snapshot that only time has aged is signed anew when half of its life is over.
  const isOld =
    previous === null ||
    canonicalJson(root.roles.snapshot) !== canonicalJson(previous.root.roles.snapshot) ||
    previous.snapshot.expires - now < (snapshotDays * day) / 2;
  const snapshot = isNew || isOld ? [(await readKey(keys, keyFiles.role("snapshot"))).signer] : null;
  const written = await writeRepository({
    previous,
    ...change,
    ...(snapshot === null
      ? {}
      : { snapshot: { notBefore: begin, expires: now + snapshotDays * day, signers: snapshot } }),
    timestamp: { notBefore: begin, expires: now + timestampMinutes * minute, signers: [timestamp.signer] },
  });
  const files = new Map([...roots, ...written]);
  const seen = await readersView(publication.source, files, previous, now);
  if ("error" in seen)
    return reportRefusal(io, seen.error, "readers would refuse this, so nothing was published");
  await publication.write(files);
  return exitCode.fine;
}

const snapshotDays = 30;
