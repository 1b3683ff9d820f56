/** One exchange with Vault: what it answers is JSON, and may hold a key. */
import { exchange, type Exchange } from "../../http/exchange.ts";

export interface VaultAnswer {
  readonly status: number;
  /** Milliseconds that the server asks to wait; 0 without a word of it. */
  readonly wait: number;
  /** Undefined where it is no JSON. */
  readonly document: unknown;
}

const mostBytes = 256 * 1024;

/** Rejects with a word about the reason, as {@link exchange} does. */
export async function exchangeWithVault(request: Omit<Exchange, "mostBytes">): Promise<VaultAnswer> {
  const { status, headers, body } = await exchange({ ...request, mostBytes });
  const after = Number(headers["retry-after"] ?? 0);
  return { status, wait: after > 0 ? after * 1000 : 0, document: parse(body) };
}

/** The bytes are overwritten; the texts in the document are the engine's to forget. */
function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  } finally {
    body.fill(0);
  }
}
