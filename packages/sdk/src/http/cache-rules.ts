/**
 * What caches are told of a tenant's answers, whatever a handler said: keep nothing, and compare nothing with what was kept for somebody
 * else.
 */
import type { TenantSource } from "./tenant-source.ts";

/** Headers that some cache obeys before `Cache-Control`, or that it would compare answers by. */
const dropped =
  /^(?:etag|last-modified|expires|age|pragma|surrogate-control|edge-control|x-accel-expires|no-vary-search|netlify-vary|(?:.+-)?cdn-cache-control)$/;

/** By which a request asks whether what it kept is still good. */
export const conditionals = ["if-none-match", "if-modified-since", "if-range"] as const;

/** Whether a header is taken off an answer. */
export const isDropped = (name: string): boolean => dropped.test(name.toLowerCase());

export const cacheControl = "private, no-store";

/** `Vary` of an answer: what its handler said, and what told tenants and callers apart. */
export function varyOf(source: TenantSource, given: string): string {
  const names = [...given.split(","), "Authorization", "Cookie", ...source.vary]
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const seen = new Map(names.map((name) => [name.toLowerCase(), name]));
  return seen.has("*") ? "*" : [...seen.values()].join(", ");
}
