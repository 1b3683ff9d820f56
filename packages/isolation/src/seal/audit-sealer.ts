/** Seals the personal part of audit entries of one tenant. Its place is the entry; no cell opens as one, and none as a cell. */
import type { AuditSealer } from "../contracts.ts";
import type { BoundPlace } from "./envelope.ts";
import { hmacSha256 } from "./primitives.ts";
import type { Padding } from "./padding.ts";
import { openText, sealText } from "./sealed-text.ts";
import type { AuditKeys } from "./tenant-keys.ts";

/** `keys` is asked at every use. Sealing throws a RangeError for what has no exact encoding or is too long. */
export function createAuditSealer(
  tenant: string,
  keys: () => AuditKeys,
  padding: Padding = "none",
): AuditSealer {
  const place = (entry: string): BoundPlace => ({
    tenant,
    table: "wardline.audit",
    column: "sealed",
    row: entry,
    purpose: "audit",
  });
  return {
    seal(entry, plaintext) {
      const sealed = sealText(keys().current, place(entry), plaintext, padding);
      if (sealed === undefined) throw new RangeError("the personal part of an audit entry can't be sealed");
      return sealed;
    },
    open: (entry, ciphertextHex) => openText(keys().readable, place(entry), ciphertextHex),
    digest(text) {
      const { version, digest } = keys().current;
      return `${version}:${hmacSha256(digest, Buffer.from(text, "utf8")).toString("hex")}`;
    },
  };
}
