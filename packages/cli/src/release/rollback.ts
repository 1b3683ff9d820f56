/** Publishes an older content again: the artefacts of an archive that is still there, under a new and higher revision. */
import { resolve } from "node:path";
import {
  buildBundle,
  maxArchiveSize,
  openBundle,
  paths,
  unpackBundle,
  type Metadata,
  type Release,
} from "@wardline/backends";
import type { RollbackOptions } from "../command/publish.ts";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { manifestOf, type BuiltBundle } from "../project/build-project.ts";
import { orRefusal, reportRefusal } from "./integrity.ts";
import { keyFiles, readKey } from "./key-folder.ts";
import { nextRevision } from "./publish.ts";
import { placeOf, presentState, putState, type Place } from "./put-state.ts";
import { whilePublishing } from "./publication.ts";
import { clockSkew, lifetimeFrom, presentSecond } from "./times.ts";

export function rollback(io: Io, repository: string, options: RollbackOptions): Promise<ExitCode> {
  const { tenant, to } = options;
  return whilePublishing(io, { ...options, repository }, "present", (publication) =>
    orRefusal(io, "nothing was published", async () => {
      const place = await placeOf(publication, resolve(io.cwd, options.keys));
      const previous = await presentState(io, place);
      if (typeof previous === "number") return previous;
      const revision = nextRevision(previous, tenant);
      if (to >= revision - 1)
        throw new UsageError(
          `revision ${to} of ${tenant} is none before the present one`,
          "name an older revision",
        );
      const built = await rebuild(io, place, previous, options, revision);
      if (typeof built === "number") return built;
      const change = { bundles: new Map([[tenant, built]]) };
      const code = await putState(io, place, previous, change, options.timestampMinutes);
      if (code === exitCode.fine)
        io.out(`${tenant}: revision ${revision}, with the content of revision ${to}\n`);
      return code;
    }),
  );
}

/** Invariant: an old content comes back only if it was signed for the model and the platform that are released now. */
async function rebuild(
  io: Io,
  { publication, keys }: Place,
  { releases, snapshot }: Metadata,
  options: RollbackOptions,
  revision: number,
): Promise<BuiltBundle | ExitCode> {
  const { tenant, to } = options;
  const model = Object.hasOwn(snapshot.bundles, tenant) ? snapshot.bundles[tenant]?.model : undefined;
  const release: Release | undefined = model === undefined ? undefined : releases.get(model);
  if (release === undefined)
    throw new UsageError(`${tenant} has no bundle in the repository`, "`wardline publish` makes one");
  const archive = await publication.source.read(paths.bundle(tenant, to), maxArchiveSize);
  if (typeof archive === "string")
    throw new UsageError(
      `revision ${to} of ${tenant} is not in the repository any more`,
      "publish it from its text",
    );
  const unpacked = await unpackBundle(archive);
  const so = "nothing was published; publish the old content from its text";
  if ("error" in unpacked) return reportRefusal(io, unpacked.error, so);
  const opened = await openBundle(unpacked.files, { tenant, signedFor: { release, now: null } });
  if ("error" in opened) return reportRefusal(io, opened.error, so);
  const text = (name: string): string => new TextDecoder().decode(unpacked.files.get(name));
  const files = await buildBundle({
    program: opened.program,
    sourceMap: opened.sourceMap,
    wasm: opened.wasm,
    lists: opened.manifest.metadata.wardline.entrypoints.includes("wardline/filter"),
    rego: text("policy.rego"),
    sql: text("policy.sql"),
    platform: opened.manifest.metadata.wardline.platform,
    compiler: opened.manifest.metadata.wardline.compiler,
    revision: String(revision),
    signing: {
      signers: [(await readKey(keys, keyFiles.tenant(tenant))).signer],
      lifetime: lifetimeFrom(presentSecond() - clockSkew, options),
    },
  });
  return { files, manifest: manifestOf(files) };
}
