import { linkSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UsageError } from "../exit-code.ts";
import { removeLeft } from "./remove-left.ts";
import { writeProblem } from "./write-problem.ts";

/**
 * Makes a file, as a whole or not at all: it is written beside its place and then given the name, which takes nothing from a file that
 * has it. False where the name is taken. Throws {@link UsageError} where it cannot be written.
 */
export function writeNewFile(path: string, text: string): boolean {
  let folder: string | undefined;
  try {
    removeLeft(path);
    folder = mkdtempSync(join(dirname(path), `.${basename(path)}-`));
    const fresh = join(folder, "new");
    writeFileSync(fresh, text, { flush: true });
    try {
      linkSync(fresh, path);
      return true;
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      if (code === "EEXIST") return false;
      if (["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(code))
        throw new UsageError(
          `${path} cannot be made: the disk gives a file no second name`,
          "make an empty file of this name there, which is then written as others are",
        );
      throw error;
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw writeProblem(path, error);
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}
