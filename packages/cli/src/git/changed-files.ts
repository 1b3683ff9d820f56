/** Which files differ from a commit, as git sees it. */
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../exit-code.ts";
import { attemptGit, commitOf, git } from "./run-git.ts";

/**
 * Full paths of the files that changed since the branch left `ref`, committed or not, new ones included. Throws
 * {@link UsageError} where git does not know the folder or the ref.
 */
export function changedFiles(folder: string, ref: string): ReadonlySet<string> {
  const top = realpathSync(git(folder, ["rev-parse", "--show-toplevel"]).trimEnd());
  const tracked = changedTracked(top, ref);
  const fresh = git(top, ["ls-files", "--others", "--exclude-standard", "-z"]);
  const names = `${tracked}${fresh}`.split("\0").filter((name) => name !== "");
  return new Set(names.map((name) => join(top, name)));
}

function changedTracked(top: string, ref: string): string {
  const commit = commitOf(top, ref);
  // Before the first commit everything is new.
  if (commit === null && ref === "HEAD") return git(top, ["ls-files", "-z"]);
  if (commit === null)
    throw new UsageError(`git knows no commit \`${ref}\` here`, "give a branch, a tag or a commit");
  // What the branch and the ref have in common, or the ref where history does not say.
  const base = attemptGit(top, ["merge-base", commit, "HEAD"]) ?? commit;
  return git(top, ["diff", "--name-only", "--no-ext-diff", "--no-renames", "-z", base, "--"]);
}
