/** Seals and opens the cells of one tenant as text. Whatever does not open throws; nothing falls back to the stored text. */
import type { SealedField, Sealer } from "../contracts.ts";
import { SealBroken, UnsupportedQuery } from "../errors.ts";
import { formatBlindIndex } from "./blind-index.ts";
import { maxPlaintext } from "./envelope.ts";
import { formatHash, formatToken, openToken, tokenVersion } from "./masks.ts";
import type { Padding } from "./padding.ts";
import { decodeText, isBindable, openText, sealText } from "./sealed-text.ts";
import type { TenantKeys } from "./tenant-keys.ts";

/**
 * `keys` is asked at every use, so that a key which is destroyed meanwhile is gone at once: it throws then. `padding`: of what is sealed;
 * padded or not, what was sealed opens.
 */
export function createSealer(tenant: string, keys: () => TenantKeys, padding: Padding = "none"): Sealer {
  return {
    seal({ table, column, row }, plaintext) {
      const place = { tenant, table, column, row, purpose: "field" } as const;
      const sealed = sealText(keys().seal.current, place, plaintext, padding);
      if (sealed === undefined) throw badValue({ table, column });
      return sealed;
    },
    open({ table, column, row }, ciphertextHex) {
      const place = { tenant, table, column, row, purpose: "field" } as const;
      return openText(keys().seal.readable, place, ciphertextHex);
    },
    blindIndex(field, plaintext) {
      const bytes = encode(tenant, field, plaintext);
      return formatBlindIndex(keys().index.current, tenant, field, bytes).toString("hex");
    },
    blindIndexes(field, plaintext) {
      const bytes = encode(tenant, field, plaintext);
      const { current, readable } = keys().index;
      return [current, ...[...readable.values()].filter((version) => version !== current)].map((version) =>
        formatBlindIndex(version, tenant, field, bytes).toString("hex"),
      );
    },
    mask(kind, field, plaintext) {
      const bytes = encode(tenant, field, plaintext);
      const { current } = keys().mask;
      return kind === "token"
        ? formatToken(current, tenant, field, bytes)
        : formatHash(current, tenant, field, bytes);
    },
    revealToken(field, token) {
      const version = tokenVersion(token);
      if (version === undefined) throw new SealBroken("bad_header");
      const mask = keys().mask.readable.get(version);
      if (mask === undefined) throw new SealBroken("wrong_key_version");
      const plaintext = isBindable(field.table, field.column)
        ? openToken(mask, tenant, field, token)
        : undefined;
      if (plaintext === undefined) throw new SealBroken("not_authentic");
      return decodeText(plaintext);
    },
  };
}

function encode(tenant: string, field: SealedField, plaintext: string): Buffer {
  if (!isBindable(tenant, field.table, field.column) || !plaintext.isWellFormed()) throw badValue(field);
  const bytes = Buffer.from(plaintext, "utf8");
  if (bytes.length > maxPlaintext) throw badValue(field);
  return bytes;
}

function badValue({ table, column }: SealedField): UnsupportedQuery {
  return new UnsupportedQuery("write/bad-value", `the value of ${table}.${column} can't be sealed`);
}
