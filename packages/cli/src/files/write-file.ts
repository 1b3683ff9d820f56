import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { UsageError } from "../exit-code.ts";
import { removeLeft } from "./remove-left.ts";
import { writeProblem } from "./write-problem.ts";

/**
 * Writes a file as a whole or not at all: beside its place, then renamed into it. A link is followed, and the file keeps its mode.
 * Throws {@link UsageError} where it cannot be written. `mayReplace` is asked when only the renaming is left, which may be long after the
 * beginning: false where it says so, and then nothing was changed.
 */
export function writeFileAtomically(
  path: string,
  text: string,
  mayReplace: () => boolean = () => true,
): boolean {
  let folder: string | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true });
    const before = statSync(path, { throwIfNoEntry: false });
    if (before?.isDirectory() === true) throw new UsageError(`${path} is a folder`);
    // A device or a pipe is written to, never replaced.
    if (before !== undefined && !before.isFile()) {
      writeFileSync(path, text);
      return true;
    }
    const target = before === undefined ? path : realpathSync(path);
    // What may not be written may not be replaced either.
    if (before !== undefined) accessSync(target, constants.W_OK);
    removeLeft(target);
    folder = mkdtempSync(join(dirname(target), `.${basename(target)}-`));
    const fresh = join(folder, "new");
    // On the disk before it has the name: a machine that stops leaves the old text or the new one.
    writeFileSync(fresh, text, { flush: true });
    if (before !== undefined) keepOwner(fresh, before);
    if (!mayReplace()) return false;
    renameSync(fresh, target);
    return true;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw writeProblem(path, error);
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** Mode and owner of the file that is replaced; an owner only as far as that is allowed. */
function keepOwner(path: string, { mode, uid, gid }: Stats): void {
  const made = statSync(path);
  if (made.uid !== uid || made.gid !== gid)
    try {
      chownSync(path, uid, gid);
    } catch {
      // Not the owner's own run: the file is then whose run it is, as with any editor that replaces files.
    }
  chmodSync(path, mode);
}
