/** A release: for one model and one state of the platform's files, who may sign the bundle of which tenant. */
import { decode } from "@wardline/core";
import { refuse } from "../bundle-error.ts";
import { digest } from "../manifest.ts";
import { checkKeys, keyList, role, type PublicKey, type Role } from "./public-key.ts";
import type { Root } from "./root.ts";
import { checkSignatures, checkTime, claimsOf, readDocument, type Claims } from "./signed-document.ts";

export interface Release extends Claims {
  readonly kind: "release";
  /** As in the manifest of a bundle. */
  readonly model: { readonly name: string; readonly sha256: string };
  /** The digest of the platform's files and packs. */
  readonly platform: string;
  readonly keys: readonly PublicKey[];
  /** Tenant → who may sign its bundle, and no other. */
  readonly tenants: Readonly<Record<string, Role>>;
}

/** A tenant as configurations spell it: no two of them are one to a file system that ignores case. */
export const tenantName: decode.Decoder<string> = (value, at) =>
  typeof value === "string" && /^[a-z_][a-z0-9_]{0,99}$/.test(value)
    ? value
    : decode.refuse(at, "must be a tenant's name, in lower_snake");

/** An object by tenant. */
export function byTenant<T>(item: decode.Decoder<T>): decode.Decoder<Readonly<Record<string, T>>> {
  return (value, at) => {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return decode.refuse(at, "must be an object");
    return Object.freeze(
      Object.fromEntries(
        Object.entries(value).map(([key, of]): [string, T] => [
          tenantName(key, at),
          item(of, decode.under(at, key)),
        ]),
      ),
    );
  };
}

const shape = decode.record<Release>({
  ...claimsOf("release"),
  model: decode.record({ name: decode.name, sha256: digest }),
  platform: digest,
  keys: keyList,
  tenants: byTenant(role),
});

export const maxReleaseSize = 16 * 1024 * 1024;

/** The release for a model, signed by those whom the root names for it. */
export async function openRelease(
  bytes: Uint8Array,
  root: Root,
  model: string,
  now: number | null,
): Promise<Release> {
  const document = readDocument(bytes, "release", shape, maxReleaseSize);
  const { claims, what } = document;
  if (claims.model.name !== model)
    return refuse("trust/wrong-role", `${what} for ${model} is one for ${claims.model.name}`);
  if (!Object.hasOwn(root.releases, model))
    return refuse("trust/wrong-role", `the root names nobody who may release for ${model}`);
  const by = root.releases[model] as Role;
  await checkSignatures(document, root.keys, [{ role: by, unmet: "trust/threshold" }]);
  await checkKeys(claims.keys, Object.values(claims.tenants), what);
  if (now !== null) checkTime(claims, now);
  return claims;
}
