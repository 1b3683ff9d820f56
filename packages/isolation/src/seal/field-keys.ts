/** A key for each field, derived when it is first asked for and kept: equal texts of two fields have nothing in common. */
import { createSecretKey, type KeyObject } from "node:crypto";
import type { SealedField } from "../contracts.ts";
import { lengthPrefixed } from "./length-prefixed.ts";
import { hmacSha256 } from "./primitives.ts";

export type FieldKeys = (tenant: string, field: SealedField) => KeyObject;

/** The most that are kept; a model has far fewer fields that are sealed or masked by a key. */
const mostKept = 1024;

/** `domain`: what the field's key is for. */
export function fieldKeys(
  domain: "wardline/index/1" | "wardline/token/1" | "wardline/hash/1",
  key: KeyObject,
): FieldKeys {
  const kept = new Map<string, KeyObject>();
  return (tenant, { table, column }) => {
    const name = JSON.stringify([tenant, table, column]);
    const known = kept.get(name);
    if (known !== undefined) return known;
    const message = lengthPrefixed(domain, tenant, table, column);
    const made = createSecretKey(hmacSha256(key, message));
    if (kept.size >= mostKept) kept.clear();
    kept.set(name, made);
    return made;
  };
}
