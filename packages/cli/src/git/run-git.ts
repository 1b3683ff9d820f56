import { execFileSync } from "node:child_process";
import { UsageError } from "../exit-code.ts";

/** What git prints. Throws {@link UsageError} with its reason where it fails. */
export function git(folder: string, args: readonly string[]): string {
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
    throw new UsageError(`git fails: ${why ?? "it gives no reason"}`);
  }
}

/** What git prints, without white space around it, or null where it fails. */
export function attemptGit(folder: string, args: readonly string[]): string | null {
  try {
    return git(folder, args).trim();
  } catch {
    return null;
  }
}

/** The full name of the commit that a ref means, or null. */
export function commitOf(folder: string, ref: string): string | null {
  if (ref.startsWith("-")) return null;
  return attemptGit(folder, ["rev-parse", "--verify", "--quiet", `${ref}^{commit}`]);
}
