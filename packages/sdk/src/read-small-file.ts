/** Files that must not fill the memory, nor be something else than files. */
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { BundleRejected } from "./bundle-rejected.ts";

/** A plain file of at most `maxSize` bytes. It is opened first and looked at then, so that nothing can take its place between. */
export async function readSmallFile(
  path: string,
  maxSize: number,
): Promise<Uint8Array | "missing" | "too-large"> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  let file;
  try {
    file = await open(path, flags);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "missing";
    throw new BundleRejected("bundle/unreadable-file", `${path} cannot be read`);
  }
  try {
    const status = await file.stat();
    if (!status.isFile()) throw new BundleRejected("bundle/not-a-file", `${path} is no file`);
    if (status.size > maxSize) return "too-large";
    const bytes = await file.readFile();
    // It may have grown meanwhile.
    return bytes.length > maxSize ? "too-large" : bytes;
  } finally {
    await file.close();
  }
}
