/** A small JSON document of an issuer: no redirects, a bounded size, a bounded time. */
import { IdentityRefused } from "../identity/identity-refused.ts";

/** Bytes, after decompression. */
const largest = 262_144;

/** Rejects with `identity/unreachable` where there is no answer, and with `identity/bad-issuer` where it is none of these. */
export async function fetchDocument(url: URL, timeout: number): Promise<Record<string, unknown>> {
  let bytes: Uint8Array | undefined;
  try {
    const response = await fetch(url, {
      redirect: "error",
      headers: { accept: "application/json" },
      signal: AbortSignal.timeout(timeout),
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error("refused");
    }
    bytes = await readAtMost(response.body);
  } catch {
    throw new IdentityRefused("identity/unreachable");
  }
  const found: unknown = bytes === undefined ? null : parse(bytes);
  if (typeof found !== "object" || found === null || Array.isArray(found))
    throw new IdentityRefused("identity/bad-issuer");
  return found as Record<string, unknown>;
}

/** Undefined for more than there may be; what is left is not read. */
async function readAtMost(body: ReadableStream<Uint8Array> | null): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body ?? []) {
    size += part.length;
    if (size > largest) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
}
