/** A bundle as one file: a `.tar.gz` that OPA takes, and that is the same bytes for the same files. */
import { allNames, maxFileSize } from "../file-names.ts";
import { refuse, refusedOr, type BundleError } from "../bundle-error.ts";
import { readGzip, writeGzip } from "./gzip.ts";
import { readTar, writeTar } from "./tar.ts";

/** The largest archive that is read, in bytes. */
export const maxArchiveSize = 3 * maxFileSize;

/** Packs the files of a bundle. Throws a TypeError for a name that no bundle has. */
export function packBundle(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  for (const name of files.keys())
    if (!allNames.includes(name)) throw new TypeError(`${JSON.stringify(name)} is no file of a bundle`);
  const ordered = allNames.flatMap((name) => {
    const bytes = files.get(name);
    return bytes === undefined ? [] : [[name, bytes] as const];
  });
  return writeGzip(writeTar(new Map(ordered)));
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
  const same = packBundle(files);
  // Invariant: an archive has one reading, because it is what the writer writes.
  if (same.length !== archive.length || same.some((byte, index) => byte !== archive[index]))
    refuse("bundle/bad-archive", "the archive is not written as a bundle's archive is");
  return files;
}
