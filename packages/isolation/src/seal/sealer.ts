/** Seals and opens the cells of one tenant as text. Whatever does not open throws; nothing falls back to the stored text. */
import type { SealedPlace, Sealer } from "../contracts.ts";
import { SealBroken, UnsupportedQuery } from "../errors.ts";
import { maxPlaintext, openEnvelope, overhead, sealEnvelope } from "./envelope.ts";
import { randomBytesFromPool } from "./random-pool.ts";
import type { SealingKeys } from "./sealing-keys.ts";

/**
 * A sealer for a tenant. `keys` is asked at every use, so that a key which is destroyed meanwhile is gone at once: it
 * throws then. Sealing a text that is too long or not well-formed Unicode throws `write/bad-value`.
 */
export function createSealer(tenant: string, keys: () => SealingKeys): Sealer {
  return {
    seal(cell, plaintext) {
      if (!isBindable(tenant, cell) || !plaintext.isWellFormed()) throw badValue(cell);
      const bytes = Buffer.from(plaintext, "utf8");
      if (bytes.length > maxPlaintext) throw badValue(cell);
      return sealEnvelope(keys(), { tenant, ...placeOf(cell) }, bytes, randomBytesFromPool(32)).toString(
        "hex",
      );
    },
    open(cell, ciphertextHex) {
      const current = keys();
      const envelope = parseHex(ciphertextHex);
      if (envelope === undefined) throw new SealBroken("bad_header");
      // A lone surrogate would be encoded as another character, and so name another place.
      if (!isBindable(tenant, cell)) throw new SealBroken("not_authentic");
      const opened = openEnvelope(current, { tenant, ...placeOf(cell) }, envelope);
      if (opened.kind === "broken") throw new SealBroken(opened.code);
      return decode(opened.plaintext);
    },
  };
}

function placeOf(cell: SealedPlace): SealedPlace {
  return { entity: cell.entity, field: cell.field, row: cell.row };
}

function isBindable(tenant: string, cell: SealedPlace): boolean {
  return [tenant, cell.entity, cell.field, cell.row].every((part) => part !== "" && part.isWellFormed());
}

function parseHex(text: string): Buffer | undefined {
  if (text.length % 2 !== 0 || text.length > 2 * (overhead + maxPlaintext)) return undefined;
  if (!/^[0-9a-f]*$/.test(text)) return undefined;
  return Buffer.from(text, "hex");
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode(plaintext: Buffer): string {
  try {
    return utf8.decode(plaintext);
  } catch {
    throw new SealBroken("not_authentic");
  }
}

function badValue(cell: SealedPlace): UnsupportedQuery {
  return new UnsupportedQuery("write/bad-value", `the value of ${cell.entity}.${cell.field} can't be sealed`);
}
