/** Gives a role new keys: a root one version higher, signed by the root's keys as they were and as they are. */
import { resolve } from "node:path";
import { openTrustedRoot, writeDocument, type PublicKey, type Role, type Root } from "@wardline/backends";
import type { Rotatable } from "../command/keys.ts";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { keyTable, roleOf } from "./init-keys.ts";
import { reportRefusal } from "./integrity.ts";
import {
  countRootKeys,
  keyFiles,
  newKey,
  readKey,
  readRoots,
  takePlace,
  writeKey,
  writeRoot,
} from "./key-folder.ts";
import { clockSkew, day, presentSecond } from "./times.ts";

export async function rotateKeys(io: Io, keys: string, role: Rotatable, rootDays: number): Promise<ExitCode> {
  const folder = resolve(io.cwd, keys);
  const last = [...readRoots(folder).values()].at(-1) as Uint8Array;
  const before = await openTrustedRoot(last);
  if ("error" in before) return reportRefusal(io, before.error, "no key was made");
  const old = [];
  for (let number = 1; number <= countRootKeys(folder); number += 1)
    old.push(await readKey(folder, keyFiles.root(number)));
  if (old.length < before.roles.root.threshold)
    throw new UsageError(
      `${before.roles.root.threshold} private keys of the root must sign, and ${old.length} are in ${keys}/root`,
      "bring them from where they are kept",
    );
  const names = role === "root" ? old.map((_, index) => keyFiles.root(index + 1)) : [keyFiles.role(role)];
  const fresh = [];
  for (const name of names) fresh.push({ name, ...(await newKey()) });
  const threshold = role === "root" ? before.roles.root.threshold : 1;
  const root = nextRoot(before, role, roleOf(threshold, fresh), keyTable(fresh), rootDays);
  const signers = [...old, ...(role === "root" ? fresh : [])].map(({ signer }) => signer);
  const document = await writeDocument(root, signers);
  // The root first: a key that no root names can be made again, a root whose keys are lost cannot.
  for (const { name, privateKey } of fresh) writeKey(folder, `${name}.next`, privateKey);
  writeRoot(folder, root.version, document);
  for (const { name } of fresh) takePlace(folder, name);
  io.out(
    `root ${root.version}: ${role} has ${fresh.length === 1 ? "a new key" : `${fresh.length} new keys`}; publish it\n`,
  );
  return exitCode.fine;
}

function nextRoot(
  before: Root,
  role: Rotatable,
  by: Role,
  fresh: readonly PublicKey[],
  rootDays: number,
): Root {
  const begin = presentSecond() - clockSkew;
  const roles = role === "release" ? before.roles : { ...before.roles, [role]: by };
  const releases =
    role === "release"
      ? Object.fromEntries(Object.keys(before.releases).map((model) => [model, by]))
      : before.releases;
  const named = new Set([...Object.values(roles), ...Object.values(releases)].flatMap((one) => one.keys));
  return {
    ...before,
    version: before.version + 1,
    not_before: begin,
    expires: begin + clockSkew + rootDays * day,
    keys: keyTable([...before.keys, ...fresh].map((publicKey) => ({ publicKey }))).filter(({ kid }) =>
      named.has(kid),
    ),
    roles,
    releases,
  };
}
