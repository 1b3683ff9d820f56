/** The texts that are handed out: a prefix that says what it is, then the id and the envelope, in base64url. */
import type { ChallengePart, ChallengeSealer } from "../contracts.ts";
import { SealBroken } from "../errors.ts";

const prefixes: Readonly<Record<ChallengePart, string>> = { continuation: "wlc1.", approval: "wla1." };
const idBytes = 32;

/** The most characters of the document that is sealed: what is larger is not handed out. */
export const longestDocument = 65_536;
/** No text of ours is longer: the envelope and base64 add less than that. */
const longestText = 4 * longestDocument;

export function sealedText(
  sealer: ChallengeSealer,
  part: ChallengePart,
  id: string,
  document: string,
): string {
  const bytes = Buffer.from(id + sealer.seal(part, id, document), "hex");
  return prefixes[part] + bytes.toString("base64url");
}

/** Undefined for what was not sealed so under this tenant's keys. Throws where the keys cannot be used. */
export function openedText(
  sealer: ChallengeSealer,
  part: ChallengePart,
  text: unknown,
): { readonly id: string; readonly document: string } | undefined {
  const prefix = prefixes[part];
  if (typeof text !== "string" || text.length > longestText || !text.startsWith(prefix)) return undefined;
  const encoded = text.slice(prefix.length);
  const bytes = Buffer.from(encoded, "base64url");
  // Decoding skips what is no base64url: one text has one form.
  if (bytes.length <= idBytes || bytes.toString("base64url") !== encoded) return undefined;
  const id = bytes.toString("hex", 0, idBytes);
  try {
    return { id, document: sealer.open(part, id, bytes.toString("hex", idBytes)) };
  } catch (error) {
    if (error instanceof SealBroken && unauthentic.has(error.code)) return undefined;
    throw error;
  }
}

const unauthentic: ReadonlySet<string> = new Set(["bad_header", "wrong_key_version", "not_authentic"]);
