/** What a tenant is called at a provider outside. Two tenants never have one name, in capitals or not. */
import { hash } from "node:crypto";
import type { KeyContext } from "../key-provider.ts";

const mostLength = 180;

/**
 * Lower-case letters, digits and `-` stand for themselves, each other byte of UTF-8 as `_` and its two hex digits. What would be over
 * 180 characters is `_x` and the SHA-256 of the id. Throws `RangeError` for what can't be the id of a tenant.
 */
export function outsideName(tenant: string): string {
  if (tenant === "" || !tenant.isWellFormed() || tenant.includes("\0"))
    throw new RangeError("this can't be the id of a tenant");
  const name = tenant.replaceAll(/[^a-z0-9-]/gu, (letter) =>
    [...Buffer.from(letter, "utf8")].map((byte) => `_${byte.toString(16).padStart(2, "0")}`).join(""),
  );
  return name.length <= mostLength ? name : `_x${hash("sha256", tenant)}`;
}

/** Throws `RangeError` where no key can have the version. */
export function checkVersion({ version }: KeyContext): void {
  if (!Number.isInteger(version) || version < 1 || version > 0xffff_ffff)
    throw new RangeError("a key's version is 1 to 2^32 - 1");
}
