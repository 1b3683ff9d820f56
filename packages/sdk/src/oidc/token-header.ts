/** The header of a token, looked at before a key is looked for. */
import { decodeProtectedHeader } from "jose";
import { IdentityRefused } from "../identity/identity-refused.ts";
import type { CheckedOptions } from "./oidc-options.ts";

/** Characters. */
const longestToken = 16_384;
const longestHeader = 2048;
const longestKeyName = 256;

/** Throws {@link IdentityRefused}. `jku`, `jwk`, `x5u` and `x5c` are not looked at, here or later. */
export function checkHeader(token: string, { algorithms, type }: CheckedOptions): void {
  const parts = typeof token === "string" && token.length <= longestToken ? token.split(".") : [];
  if (parts.length !== 3 || (parts[0]?.length ?? 0) > longestHeader)
    throw new IdentityRefused("identity/malformed");
  const header = decode(token);
  if (typeof header.alg !== "string" || !algorithms.includes(header.alg))
    throw new IdentityRefused("identity/bad-algorithm");
  if (["crit", "b64", "enc", "zip"].some((name) => Object.hasOwn(header, name)))
    throw new IdentityRefused("identity/critical");
  if (header.kid !== undefined && (typeof header.kid !== "string" || header.kid.length > longestKeyName))
    throw new IdentityRefused("identity/malformed");
  const named = header.typ ?? (type === "JWT" ? "JWT" : undefined);
  if (typeof named !== "string" || named.toLowerCase().replace(/^application\//, "") !== type.toLowerCase())
    throw new IdentityRefused("identity/wrong-type");
}

function decode(token: string): ReturnType<typeof decodeProtectedHeader> {
  try {
    return decodeProtectedHeader(token);
  } catch {
    throw new IdentityRefused("identity/malformed");
  }
}
