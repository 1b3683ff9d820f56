/** The user that a server runs as: servers refuse to run as root. */
import { execFileSync } from "node:child_process";

export interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

/** A user without rights where this process is root; else nobody else. */
export function ownerOf(): Owner {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}
