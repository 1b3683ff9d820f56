/** Reads a folder of bundles (one folder a tenant) that `wardline build` wrote. All or nothing: one bad bundle refuses all. */
import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { maxFileSize, openBundle } from "@wardline/backends";
import { BundleRejected, unknownTenant } from "./bundle-rejected.ts";
import type { LoadedBundle, Moment } from "./moment.ts";
import { readSmallFile } from "./read-small-file.ts";

/** The largest folder that is read: a bundle is small, and what is not one must not fill the memory. */
const maxFiles = 64;

/** All that stands in the folder now, opened already. Signatures are not looked at. Throws {@link BundleRejected}. */
export async function folderMoment(folder: string): Promise<Moment> {
  const bundles = await readBundleFolder(folder);
  const models = new Set([...bundles.values()].map(({ program }) => JSON.stringify(program.model)));
  if (models.size > 1)
    throw new BundleRejected("bundle/mixed-models", "the bundles were built for different models");
  const [model = ""] = models;
  return {
    tenants: [...bundles.keys()],
    model,
    mark: (tenant) => bundles.get(tenant)?.mark,
    open: async (tenant) => {
      const found = bundles.get(tenant);
      if (found !== undefined) return found;
      throw unknownTenant();
    },
    renew: async () => null,
    record: async () => undefined,
  };
}

async function readBundleFolder(folder: string): Promise<ReadonlyMap<string, LoadedBundle>> {
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
  return bundles;
}

async function readBundle(folder: string, tenant: string): Promise<LoadedBundle> {
  const names = await readdir(folder, { withFileTypes: true });
  if (names.length > maxFiles)
    throw new BundleRejected("bundle/too-many-files", `the bundle of ${tenant} has too many files`);
  const files = new Map<string, Uint8Array>();
  for (const entry of names) {
    if (!entry.isFile())
      throw new BundleRejected("bundle/not-a-file", `${entry.name} in the bundle of ${tenant} is no file`);
    const path = join(folder, entry.name);
    const bytes = await readSmallFile(path, maxFileSize);
    if (bytes === "missing") throw new BundleRejected("bundle/unreadable-file", `${path} cannot be read`);
    if (bytes === "too-large")
      throw new BundleRejected("bundle/too-large", `${path} has more than ${maxFileSize} bytes`);
    files.set(entry.name, bytes);
  }
  const opened = await openBundle(files, { tenant });
  if ("error" in opened)
    throw new BundleRejected(opened.error.code, `the bundle of ${tenant}: ${opened.error.message}`);
  const manifest = files.get(".manifest") ?? new Uint8Array();
  const digest = createHash("sha256").update(manifest).digest("hex");
  const { revision, metadata } = opened.manifest;
  return {
    tenant,
    revision,
    digest,
    program: opened.program,
    until: null,
    mark: { revision: Number(revision), sha256: digest, releaseSha256: "" },
    terms: null,
    size: metadata.wardline.files["ir.json"].size,
  };
}
