/** Makes the keys of a project. The root is signed here, once; its private keys then go where nothing publishes. */
import { existsSync, readdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { compileModel } from "@wardline/compiler";
import { trustFormat, writeDocument, type PublicKey, type Role, type Root } from "@wardline/backends";
import type { InitKeysOptions } from "../command/keys.ts";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { readProject } from "../project/project.ts";
import { many } from "../report/finding-report.ts";
import { visible } from "../report/visible.ts";
import { keyFiles, makeKey, onlineRoles, writeRoot, type HeldKey } from "./key-folder.ts";
import { clockSkew, day, presentSecond } from "./times.ts";

export async function initKeys(
  io: Io,
  keys: string,
  project: string,
  { rootKeys, threshold, rootDays }: InitKeysOptions,
): Promise<ExitCode> {
  if (threshold > rootKeys)
    throw new UsageError(
      `--threshold ${threshold} asks for more keys than the root has`,
      "give it more with --root-keys",
    );
  const { model, tenants } = readProject(io.cwd, project);
  const compiled = model === null ? null : compileModel(model).model;
  if (compiled === null)
    throw new UsageError("the project has no model without errors", "see `wardline check`");
  const folder = resolve(io.cwd, keys);
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new UsageError(`${keys} is not empty`, "keys are never written over; choose a new folder");

  const roots: HeldKey[] = [];
  for (let number = 1; number <= rootKeys; number += 1)
    roots.push(await makeKey(folder, keyFiles.root(number)));
  const [release, snapshot, timestamp] = [
    await makeKey(folder, keyFiles.role("release")),
    await makeKey(folder, keyFiles.role("snapshot")),
    await makeKey(folder, keyFiles.role("timestamp")),
  ];
  for (const tenant of tenants.keys()) await makeKey(folder, keyFiles.tenant(tenant));
  const begin = presentSecond() - clockSkew;
  const root: Root = {
    format: trustFormat,
    kind: "root",
    version: 1,
    not_before: begin,
    expires: begin + clockSkew + rootDays * day,
    keys: keyTable([...roots, release, snapshot, timestamp]),
    roles: {
      root: roleOf(threshold, roots),
      snapshot: roleOf(1, [snapshot]),
      timestamp: roleOf(1, [timestamp]),
    },
    releases: { [compiled.name]: roleOf(1, [release]) },
  };
  writeRoot(
    folder,
    1,
    await writeDocument(
      root,
      roots.map(({ signer }) => signer),
    ),
  );
  const where = relative(io.cwd, folder) || ".";
  const path = (name: string): string => visible(join(where, name));
  io.out(
    `${path("metadata/1.root.json")}: the root, for the applications that open bundles\n` +
      `${path("root")}: ${many(rootKeys, "private key")} of the root; keep ${rootKeys === 1 ? "it" : "them"} offline\n` +
      `${onlineRoles.map((role) => path(keyFiles.role(role))).join(", ")}: private keys for publishing\n` +
      `${path("tenants")}: ${many(tenants.size, "private key")} of tenants\n`,
  );
  return exitCode.fine;
}

export async function makeTenantKey(
  io: Io,
  keys: string,
  tenant: string,
  replace: boolean,
): Promise<ExitCode> {
  if (!/^[a-z_][a-z0-9_]*$/.test(tenant))
    throw new UsageError(`\`${tenant}\` is no tenant name`, "lower_snake");
  const folder = resolve(io.cwd, keys);
  if (!existsSync(join(folder, "metadata")))
    throw new UsageError(`${keys} holds no keys`, "`wardline keys init` makes them");
  await makeKey(folder, keyFiles.tenant(tenant), replace);
  io.out(`${visible(join(keys, keyFiles.tenant(tenant)))}: the next publication names it\n`);
  return exitCode.fine;
}

/** The public keys, in the order of their ids. */
export function keyTable(keys: readonly { readonly publicKey: PublicKey }[]): readonly PublicKey[] {
  return keys.map(({ publicKey }) => publicKey).toSorted((a, b) => (a.kid < b.kid ? -1 : 1));
}

export function roleOf(threshold: number, keys: readonly { readonly publicKey: PublicKey }[]): Role {
  return { keys: keyTable(keys).map(({ kid }) => kid), threshold };
}
