/**
 * Signed notes as C2SP writes them (c2sp.org/signed-note): a text, an empty line, and lines with signatures. Ed25519 is the
 * one algorithm; what a note says of its keys is only compared, never believed.
 */
import { sign, verify } from "node:crypto";
import type { NoteKey, NoteSigner } from "./note-key.ts";

export interface NoteSignature {
  readonly name: string;
  /** Eight hex digits. */
  readonly keyId: string;
  readonly signature: Uint8Array;
}

export interface Note {
  /** With its last newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** Characters; a checkpoint with its signatures has a few hundred. */
const longest = 65_536;
const mostSignatures = 16;

/** Reads a note, and checks nothing of it. Null for what is none, or has more than `most` characters. */
export function parseNote(note: string, most: number = longest): Note | null {
  const end = note.lastIndexOf("\n\n");
  // oxlint-disable-next-line no-control-regex -- a note has none of them
  if (note.length > most || end < 1 || /[\0-\u0009\u000B-\u001F]/.test(note) || !note.isWellFormed())
    return null;
  const lines = note.slice(end + 2).split("\n");
  if (lines.pop() !== "" || lines.length === 0 || lines.length > mostSignatures) return null;
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const [, name, base64] = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u.exec(line) ?? [];
    if (name === undefined || base64 === undefined) return null;
    const bytes = Buffer.from(base64, "base64");
    if (bytes.length < 5 || bytes.toString("base64") !== base64) return null;
    signatures.push({
      name,
      keyId: bytes.toString("hex", 0, 4),
      signature: new Uint8Array(bytes.subarray(4)),
    });
  }
  return { text: note.slice(0, end + 1), signatures };
}

export type NoteRefused =
  /** It is no note. */
  | "malformed"
  /** No key that is trusted has signed it. */
  | "unknown_key"
  /** A signature in the name of a trusted key is not that key's. */
  | "bad_signature";

/** A note's text, signed by one of the keys at least, or why it is not believed. */
export function openNote(
  note: string,
  keys: readonly NoteKey[],
  most: number = longest,
): { readonly text: string; readonly by: readonly NoteKey[] } | { readonly refused: NoteRefused } {
  const parsed = parseNote(note, most);
  if (parsed === null) return { refused: "malformed" };
  const by: NoteKey[] = [];
  for (const { name, keyId, signature } of parsed.signatures) {
    const key = keys.find((known) => known.name === name && known.keyId === keyId);
    if (key === undefined) continue;
    if (!verify(null, Buffer.from(parsed.text, "utf8"), key.publicKey, signature))
      return { refused: "bad_signature" };
    by.push(key);
  }
  return by.length === 0 ? { refused: "unknown_key" } : { text: parsed.text, by };
}

/** The note of a text that ends in a newline. Throws a TypeError for a text that no note can have. */
export function signNote(
  text: string,
  { name, keyId, privateKey }: NoteSigner,
  most: number = longest,
): string {
  const signature = sign(null, Buffer.from(text, "utf8"), privateKey);
  const base64 = Buffer.concat([Buffer.from(keyId, "hex"), signature]).toString("base64");
  const note = `${text}\n— ${name} ${base64}\n`;
  if (parseNote(note, most)?.text !== text) throw new TypeError("the text cannot stand in a note");
  return note;
}
