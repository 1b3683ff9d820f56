/** Subjects and keys of NATS that are made of ids. Whatever an id holds, it is one token, and no wildcard. */
import { SourceError } from "../sources/source-error.ts";

/** Characters of a whole subject: less than the longest line that a server takes. */
const longest = 1024;

/**
 * An id as one token: letters, digits, `_` and `-` stand for themselves, every other byte of its UTF-8 is `=` and two hexadecimal digits. So
 * `.`, `*`, `>`, spaces and control characters are none, and two ids never have one token. Throws {@link SourceError} for an empty one, and
 * for what is no well-formed text.
 */
export function natsToken(id: string): string {
  if (typeof id !== "string" || id === "" || !id.isWellFormed())
    throw new SourceError(
      "source/bad-path",
      "an id that is to be part of a subject is a text, and not empty",
    );
  return Array.from(new TextEncoder().encode(id), (byte) => {
    const character = String.fromCharCode(byte);
    return /[A-Za-z0-9_-]/.test(character)
      ? character
      : `=${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}

/** A subject, or a key of a bucket, of ids: their tokens, joined by dots. Throws {@link SourceError}. */
export function natsSubject(...ids: readonly [string, ...string[]]): string {
  const subject = ids.map(natsToken).join(".");
  if (subject.length > longest)
    throw new SourceError("source/bad-path", "a subject of these ids is too long");
  return subject;
}

/** Throws {@link SourceError} for what is no name of a bucket. */
export function checkBucket(bucket: string): void {
  if (typeof bucket !== "string" || !/^[A-Za-z0-9_-]{1,64}$/.test(bucket))
    throw new SourceError("source/bad-address", "a bucket's name is letters, digits, _ and -");
}
