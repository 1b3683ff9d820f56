/** Envelopes of texts, as lower-case hex. */
import { isUtf8 } from "node:buffer";
import { SealBroken } from "../errors.ts";
import {
  type BoundPlace,
  longestEnvelope,
  maxPlaintext,
  openEnvelope,
  type ReadableKeys,
  sealEnvelope,
} from "./envelope.ts";
import type { Padding } from "./padding.ts";
import { randomBytesFromPool } from "./random-pool.ts";
import type { SealingKeys } from "./sealing-keys.ts";

/** Undefined where the text or its place has no exact encoding, or the text is too long. */
export function sealText(
  keys: SealingKeys,
  place: BoundPlace,
  plaintext: string,
  padding: Padding,
): string | undefined {
  if (!isBound(place) || !plaintext.isWellFormed()) return undefined;
  const bytes = Buffer.from(plaintext, "utf8");
  if (bytes.length > maxPlaintext) return undefined;
  return sealEnvelope(keys, place, bytes, randomBytesFromPool(32), padding).toString("hex");
}

/** Throws SealBroken. */
export function openText(readable: ReadableKeys, place: BoundPlace, ciphertextHex: string): string {
  const envelope = parseHex(ciphertextHex);
  if (envelope === undefined) throw new SealBroken("bad_header");
  // A lone surrogate would be encoded as another character, and so name another place.
  if (!isBound(place)) throw new SealBroken("not_authentic");
  const opened = openEnvelope(readable, place, envelope);
  if (opened.kind === "broken") throw new SealBroken(opened.code);
  return decodeText(opened.plaintext);
}

/** Whether names can be bound: none is empty, and each has one encoding. */
export function isBindable(...names: readonly string[]): boolean {
  return names.every((name) => name !== "" && name.isWellFormed());
}

function isBound({ tenant, table, column, row }: BoundPlace): boolean {
  return isBindable(tenant, table, column, row);
}

function parseHex(hex: string): Buffer | undefined {
  if (hex.length % 2 !== 0 || hex.length > 2 * longestEnvelope) return undefined;
  const bytes = Buffer.from(hex, "hex");
  // Decoding stops where it is no hex, and takes capitals too: only what would be written is taken.
  return bytes.toString("hex") === hex ? bytes : undefined;
}

/** Throws SealBroken for what is no text. */
export function decodeText(plaintext: Buffer): string {
  if (!isUtf8(plaintext)) throw new SealBroken("not_authentic");
  return plaintext.toString("utf8");
}
