/** Publishes a project: compiled, tested, built and signed as a whole, or not at all. */
import { resolve } from "node:path";
import type { BundleManifest, Metadata, NextState, Release } from "@wardline/backends";
import { canonicalJson } from "@wardline/core";
import type { PublishOptions } from "../command/publish.ts";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { buildPolicy, compilePolicies, platformDigest, type BuiltBundle } from "../project/build-project.ts";
import { readProject } from "../project/project.ts";
import { selectProjects } from "../project/selection.ts";
import { visible } from "../report/visible.ts";
import { allHold, testProjects } from "../test/test-projects.ts";
import { formatTests } from "../test/test-report.ts";
import { keyTable, roleOf } from "./init-keys.ts";
import { orRefusal, reportRefusal } from "./integrity.ts";
import { keyFiles, readKey, type HeldKey } from "./key-folder.ts";
import { placeOf, putState, type Place } from "./put-state.ts";
import { readState, whilePublishing } from "./publication.ts";
import { clockSkew, day, lifetimeFrom, presentSecond } from "./times.ts";

export async function publish(io: Io, folder: string, options: PublishOptions): Promise<ExitCode> {
  const project = readProject(io.cwd, folder);
  if (project.config === undefined)
    throw new UsageError(
      "publishing needs a wardline.config.json",
      "it says which tenant each policy belongs to",
    );
  const policies = compilePolicies(io, project);
  if (policies === null) return exitCode.findings;
  const chosen = chosenOf(options, policies.keys());
  if (!(await testsHold(io, folder))) return exitCode.tests;
  const folderOfKeys = resolve(io.cwd, options.keys);
  const owners = new Map<string, HeldKey>();
  for (const tenant of policies.keys())
    owners.set(tenant, await readKey(folderOfKeys, keyFiles.tenant(tenant)));
  return whilePublishing(io, { ...options, repository: options.to }, "new or present", (publication) =>
    orRefusal(io, "nothing was published", async () => {
      const place = await placeOf(publication, folderOfKeys);
      const previous = await readState(publication.source, place.firstRoot);
      if (previous !== null && "error" in previous)
        return reportRefusal(io, previous.error, "nothing was published");
      const platform = platformDigest(io, project);
      const bundles = new Map<string, BuiltBundle>();
      for (const [tenant, policy] of policies) {
        if (!chosen.has(tenant)) continue;
        const revision = String(nextRevision(previous, tenant, options.revision));
        bundles.set(
          tenant,
          await buildPolicy(policy, platform, {
            revision,
            lists: options.lists,
            signing: {
              signers: [(owners.get(tenant) as HeldKey).signer],
              lifetime: lifetimeFrom(presentSecond() - clockSkew, options),
            },
          }),
        );
      }
      const withdrawn = new Set(
        options.tenant === undefined
          ? Object.keys(previous?.snapshot.bundles ?? {}).filter((tenant) => !bundles.has(tenant))
          : [],
      );
      const [first] = bundles.values();
      if (first === undefined)
        throw new UsageError("the project has no tenant", "there is nothing to publish");
      if (options.tenant !== undefined) checkSameProject(previous, first.manifest, policies);
      const release = await releaseOf(place, previous, first.manifest, owners, options.releaseDays);
      const change = { bundles, withdrawn, ...(release === null ? {} : { release }) };
      const code = await putState(io, place, previous, change, options.timestampMinutes);
      if (code === exitCode.fine) report(io, publication.name, bundles, withdrawn);
      return code;
    }),
  );
}

/** The tenants whose bundles are made. Throws a {@link UsageError} for one that the project does not have. */
function chosenOf({ tenant }: PublishOptions, all: Iterable<string>): ReadonlySet<string> {
  const known = new Set(all);
  const unknown = tenant?.find((name) => !known.has(name));
  if (unknown !== undefined)
    throw new UsageError(`the project has no tenant ${unknown}`, `its tenants are ${[...known].join(", ")}`);
  return new Set(tenant ?? known);
}

/** Invariant: bundles that stay as they are were made for the model and the platform's files of the release, which names their tenants. */
function checkSameProject(
  previous: Metadata | null,
  { metadata }: BundleManifest,
  tenants: ReadonlyMap<string, unknown>,
): void {
  const { model, platform } = metadata.wardline;
  const before = previous?.releases.get(model.name);
  if (before === undefined) return;
  const gone = Object.keys(previous?.snapshot.bundles ?? {}).find((tenant) => !tenants.has(tenant));
  if (gone !== undefined)
    throw new UsageError(
      `${gone} was published and is not in the project any more`,
      "publish all tenants, without --tenant, and it is withdrawn",
    );
  if (canonicalJson([before.model, before.platform]) !== canonicalJson([model, platform]))
    throw new UsageError(
      "the model or the platform's files are others than those of the last publication",
      "publish all tenants, without --tenant",
    );
}

/** Runs all tests and asserts of the project; those that fail are shown. */
async function testsHold(io: Io, folder: string): Promise<boolean> {
  const tested = testProjects(selectProjects(io.cwd, [folder]), {
    wanted: () => true,
    coverage: false,
    mutate: false,
    step: () => {},
  });
  if (allHold(tested)) return true;
  io.err(await formatTests("pretty", tested, undefined, { rooted: (file) => file, color: false }));
  io.err("nothing was published: a test does not hold\n");
  return false;
}

/** Invariant: a revision only goes up. */
export function nextRevision(previous: Metadata | null, tenant: string, wanted?: number): number {
  const bundles = previous?.snapshot.bundles ?? {};
  const last = Object.hasOwn(bundles, tenant) ? (bundles[tenant]?.revision ?? 0) : 0;
  if (wanted !== undefined && wanted <= last)
    throw new UsageError(
      `${tenant} has revision ${last} already`,
      "a revision only goes up; leave --revision away",
    );
  return wanted ?? last + 1;
}

/** A new release where the model, the platform's files or who signs has changed, or where half of its life is over. */
async function releaseOf(
  { keys, root }: Place,
  previous: Metadata | null,
  manifest: BundleManifest,
  owners: ReadonlyMap<string, HeldKey>,
  days: number,
): Promise<NonNullable<NextState["release"]> | null> {
  const { model, platform } = manifest.metadata.wardline;
  const now = presentSecond();
  const wanted: Pick<Release, "model" | "platform" | "keys" | "tenants"> = {
    model,
    platform,
    keys: keyTable([...owners.values()]),
    tenants: Object.fromEntries([...owners].map(([tenant, key]) => [tenant, roleOf(1, [key])])),
  };
  const before = previous?.releases.get(model.name);
  const same =
    before !== undefined &&
    canonicalJson(root.releases) === canonicalJson(previous?.root.releases) &&
    canonicalJson(wanted) ===
      canonicalJson({
        model: before.model,
        platform: before.platform,
        keys: before.keys,
        tenants: before.tenants,
      });
  if (same && before.expires - now > (days * day) / 2) return null;
  const { signer } = await readKey(keys, keyFiles.role("release"));
  return { ...wanted, notBefore: now - clockSkew, expires: now + days * day, signers: [signer] };
}

function report(
  io: Io,
  repository: string,
  bundles: ReadonlyMap<string, BuiltBundle>,
  withdrawn: ReadonlySet<string>,
): void {
  for (const [tenant, { manifest }] of bundles)
    io.out(`${visible(`${tenant}: revision ${manifest.revision} in ${repository}`)}\n`);
  for (const tenant of withdrawn) io.out(`${visible(`${tenant}: withdrawn`)}\n`);
}
