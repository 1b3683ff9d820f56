/** The timestamp: which snapshot is the present one. It lives for minutes, so that an old state cannot be shown for long. */
import { decode } from "@wardline/core";
import type { Root } from "./root.ts";
import { checkSignatures, checkTime, claimsOf, readDocument, type Claims } from "./signed-document.ts";
import { documentReference, type DocumentReference } from "./snapshot.ts";

export interface Timestamp extends Claims {
  readonly kind: "timestamp";
  readonly snapshot: DocumentReference;
}

const shape = decode.record<Timestamp>({ ...claimsOf("timestamp"), snapshot: documentReference });

export const maxTimestampSize = 16 * 1024;

export async function openTimestamp(bytes: Uint8Array, root: Root, now: number | null): Promise<Timestamp> {
  const document = readDocument(bytes, "timestamp", shape, maxTimestampSize);
  await checkSignatures(document, root.keys, [{ role: root.roles.timestamp, unmet: "trust/threshold" }]);
  if (now !== null) checkTime(document.claims, now);
  return document.claims;
}
