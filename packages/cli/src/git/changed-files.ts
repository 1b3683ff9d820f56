/** Which files differ from a commit, as git sees it. */
import { execFileSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../exit-code.ts";

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
  // Before the first commit everything is new.
  if (ref === "HEAD" && attempt(top, ["rev-parse", "--verify", "--quiet", "HEAD"]) === null)
    return git(top, ["ls-files", "-z"]);
  const commit = commitOf(top, ref);
  return git(top, ["diff", "--name-only", "--no-ext-diff", "--no-renames", "-z", commit, "--"]);
}

/** The commit that the branch and `ref` have in common, or `ref` where history does not say. */
function commitOf(folder: string, ref: string): string {
  const name = ref.startsWith("-")
    ? null
    : attempt(folder, ["rev-parse", "--verify", "--quiet", `${ref}^{commit}`]);
  if (name === null)
    throw new UsageError(`git knows no commit \`${ref}\` here`, "give a branch, a tag or a commit");
  return attempt(folder, ["merge-base", name, "HEAD"]) ?? name;
}

function attempt(folder: string, args: readonly string[]): string | null {
  try {
    return git(folder, args).trim();
  } catch {
    return null;
  }
}

function git(folder: string, args: readonly string[]): string {
  try {
    return execFileSync("git", args, {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 2 ** 28,
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    const { code, stderr } = error as { code?: string; stderr?: string };
    const why = code === "ENOENT" ? "git is not installed" : (stderr ?? "").trim().split("\n")[0];
    throw new UsageError(`git cannot say what changed: ${why ?? "it failed"}`);
  }
}
