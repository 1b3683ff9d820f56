/** Reads a folder of bundles (one folder a tenant) that `wardline build` wrote. All or nothing: one bad bundle refuses all. */
import { constants } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { maxFileSize, openBundle } from "@wardline/backends";
import type { Program } from "@wardline/core";
import { BundleRejected } from "./bundle-rejected.ts";

export interface LoadedBundle {
  readonly tenant: string;
  readonly revision: string;
  readonly program: Program;
}

/** The largest folder that is read: a bundle is small, and what is not one must not fill the memory. */
const maxFiles = 64;

/** Opens every bundle in the folder. Throws {@link BundleRejected}. */
export async function readBundleFolder(folder: string): Promise<ReadonlyMap<string, LoadedBundle>> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => {
    throw new BundleRejected(
      "bundle/no-folder",
      `there is no folder ${folder}; build one with \`wardline build\``,
    );
  });
  const bundles = new Map<string, LoadedBundle>();
  for (const entry of entries) {
    if (!entry.isDirectory())
      throw new BundleRejected("bundle/extra-file", `${entry.name} is no bundle folder`);
    bundles.set(entry.name, await readBundle(join(folder, entry.name), entry.name));
  }
  if (bundles.size === 0) throw new BundleRejected("bundle/empty-folder", `${folder} holds no bundle`);
  checkOneModel([...bundles.values()]);
  return bundles;
}

async function readBundle(folder: string, tenant: string): Promise<LoadedBundle> {
  const names = await readdir(folder, { withFileTypes: true });
  if (names.length > maxFiles)
    throw new BundleRejected("bundle/extra-file", `the bundle of ${tenant} has too many files`);
  const files = new Map<string, Uint8Array>();
  for (const entry of names) {
    if (!entry.isFile())
      throw new BundleRejected("bundle/extra-file", `${entry.name} in the bundle of ${tenant} is no file`);
    files.set(entry.name, await readSmallFile(join(folder, entry.name)));
  }
  const opened = await openBundle(files, { tenant });
  if ("error" in opened)
    throw new BundleRejected(opened.error.code, `the bundle of ${tenant}: ${opened.error.message}`);
  return { tenant, revision: opened.manifest.revision, program: opened.program };
}

/** A plain file of a bundle's size. It is opened first and looked at then, so that nothing can take its place between. */
async function readSmallFile(path: string): Promise<Uint8Array> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags).catch(() => {
    throw new BundleRejected("bundle/unreadable-file", `${path} cannot be read`);
  });
  try {
    const status = await file.stat();
    if (!status.isFile()) throw new BundleRejected("bundle/extra-file", `${path} is no file`);
    if (status.size > maxFileSize)
      throw new BundleRejected("bundle/too-large", `${path} has more than ${maxFileSize} bytes`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** Tenants of one process share one database, so their policies must be for one model. */
function checkOneModel(bundles: readonly LoadedBundle[]): void {
  const models = new Set(bundles.map((bundle) => JSON.stringify(bundle.program.model)));
  if (models.size > 1)
    throw new BundleRejected("bundle/mixed-models", "the bundles were built for different models");
}
