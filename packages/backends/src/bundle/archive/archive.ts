/** A bundle as one file: a `.tar.gz` that OPA takes, and that is the same bytes for the same files. */
import { allNames, maxFileSize } from "../file-names.ts";
import { refuse, refusedOr, type BundleError } from "../bundle-error.ts";
import { readGzip, sumIn, writeGzip } from "./gzip.ts";
import { readTar, writeTar } from "./tar.ts";

/** The largest archive that is read, in bytes. */
export const maxArchiveSize = 3 * maxFileSize;

/** Packs the files of a bundle. Throws a TypeError for a name that no bundle has. */
export function packBundle(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  return writeGzip(tarOf(files));
}

function tarOf(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  for (const name of files.keys())
    if (!allNames.includes(name)) throw new TypeError(`${JSON.stringify(name)} is no file of a bundle`);
  const ordered = allNames.flatMap((name) => {
    const bytes = files.get(name);
    return bytes === undefined ? [] : [[name, bytes] as const];
  });
  return writeTar(new Map(ordered));
}

export type UnpackedBundle =
  | { readonly files: ReadonlyMap<string, Uint8Array> }
  | { readonly error: BundleError };

/** The files of an archive; what they hold is not looked at. Never throws for what the archive holds. */
export function unpackBundle(archive: Uint8Array): Promise<UnpackedBundle> {
  return refusedOr(() => Promise.resolve({ files: readArchive(archive) }));
}

/** As {@link unpackBundle}, but a refusal is thrown. */
export function readArchive(archive: Uint8Array): ReadonlyMap<string, Uint8Array> {
  if (archive.length > maxArchiveSize)
    refuse("bundle/too-large", `the archive has more than ${maxArchiveSize} bytes`);
  const files = readTar(readGzip(archive));
  // The sum was checked: where the data is the same, so is its sum, and where it is not, the bytes differ.
  const same = writeGzip(tarOf(files), sumIn(archive));
  // Invariant: an archive has one reading, because it is what the writer writes.
  if (!areSame(same, archive))
    refuse("bundle/bad-archive", "the archive is not written as a bundle's archive is");
  return files;
}

function areSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false;
  return true;
}
