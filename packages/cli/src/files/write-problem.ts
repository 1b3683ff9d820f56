/** Why a file could not be written, and the cure, from what the system says. */
import { UsageError } from "../exit-code.ts";

const cures: Readonly<Record<string, string>> = {
  EACCES: "give this user the right to write there",
  EDQUOT: "this user's share of the disk is used up: free some of it, then try again",
  EFBIG: "the system lets no file become as large: raise its limit (`ulimit -f`), then try again",
  ELOOP: "the links there lead in a circle: remove one",
  EMFILE: "too many files are open: end some programs, then try again",
  ENAMETOOLONG: "choose a shorter name",
  ENOSPC: "the disk is full: free some space, then try again",
  ENOTDIR: "what should be a folder there is a file: move it away",
  EPERM: "give this user the right to write there",
  EROFS: "the disk is read-only: have it mounted for writing",
};

/** What was thrown while writing `path`, for people. */
export function writeProblem(path: string, error: unknown): UsageError {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return new UsageError(`${path} cannot be written: ${message}`, cures[code]);
}
