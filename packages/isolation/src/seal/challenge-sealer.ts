/** Seals what is handed out to go on with a challenged write. Its place is the continuation's id; no cell opens as one, and none as a cell. */
import type { ChallengePart, ChallengeSealer } from "../contracts.ts";
import type { BoundPlace } from "./envelope.ts";
import type { Padding } from "./padding.ts";
import { openText, sealText } from "./sealed-text.ts";
import type { TenantKeys } from "./tenant-keys.ts";

/** `keys` is asked at every use. Sealing throws a RangeError for what has no exact encoding or is too long. */
export function createChallengeSealer(
  tenant: string,
  keys: () => Pick<TenantKeys, "seal">,
  padding: Padding = "none",
): ChallengeSealer {
  const place = (part: ChallengePart, id: string): BoundPlace => ({
    tenant,
    table: "wardline.challenge",
    column: part,
    row: id,
    purpose: "challenge",
  });
  return {
    seal(part, id, plaintext) {
      const sealed = sealText(keys().seal.current.challenge, place(part, id), plaintext, padding);
      if (sealed === undefined) throw new RangeError("the challenge can't be sealed");
      return sealed;
    },
    open(part, id, ciphertextHex) {
      const { readable } = keys().seal;
      const versions = { get: (version: number) => readable.get(version)?.challenge };
      return openText(versions, place(part, id), ciphertextHex);
    },
  };
}
