/** The root: which keys there are, who has which role, and who may release for which model. Kept offline. */
import { decode } from "@wardline/core";
import { checkKeys, keyList, role, type PublicKey, type Role } from "./public-key.ts";
import { checkSignatures, claimsOf, readDocument, type Claims } from "./signed-document.ts";

export interface Root extends Claims {
  readonly kind: "root";
  /** In the order of their ids. */
  readonly keys: readonly PublicKey[];
  readonly roles: { readonly root: Role; readonly snapshot: Role; readonly timestamp: Role };
  /** Model → who may release for it. */
  readonly releases: Readonly<Record<string, Role>>;
}

const shape = decode.record<Root>({
  ...claimsOf("root"),
  keys: keyList,
  roles: decode.record<Root["roles"]>({ root: role, snapshot: role, timestamp: role }),
  releases: decode.dictionary(role),
});

export const maxRootSize = 256 * 1024;

/**
 * A root that is trusted because it was handed over as such; it must still be signed by its own keys. With `before`, the
 * root that it follows: signed by that one's keys as well, and one version higher.
 */
export async function openRoot(bytes: Uint8Array, before?: Root): Promise<Root> {
  const document = readDocument(bytes, "root", shape, maxRootSize);
  const { keys, roles, releases } = document.claims;
  await checkKeys(keys, [...Object.values(roles), ...Object.values(releases)], document.what);
  const own = { role: roles.root, unmet: "trust/threshold" } as const;
  if (before === undefined) {
    // It also bears the signatures of the root before it, which say nothing to whoever does not know that one.
    const signatures = document.signatures.filter(({ kid }) => roles.root.keys.includes(kid));
    return checkSignatures({ ...document, signatures }, keys, [own]);
  }
  return checkSignatures(
    document,
    [...before.keys, ...keys],
    [{ role: before.roles.root, unmet: "trust/rotation" }, own],
  );
}
