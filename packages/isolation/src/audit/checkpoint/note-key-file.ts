/** The file of the key that signs checkpoints: one line, for its owner alone, made once and never written over. */
import { KeyFileError } from "../../keys/key-file-error.ts";
import { makePrivateFile, readPrivateFile } from "../../keys/private-file.ts";
import { formatNoteSigner, parseNoteSigner, type NoteSigner } from "./note-key.ts";

/** More than any such file has, in bytes. */
const maxSize = 1000;

/** Throws {@link KeyFileError}: `keys/exposed` where others can read it, `keys/malformed` where it is no such key. */
export function readNoteSigner(path: string): NoteSigner {
  const text = readPrivateFile(path, maxSize);
  const signer = text === null ? null : parseNoteSigner(text.replace(/\n$/, ""));
  if (signer === null) throw new KeyFileError("keys/malformed", `${path} holds no key for checkpoints`);
  return signer;
}

/** Throws {@link KeyFileError} `keys/exists` where there is a file. */
export function writeNoteSigner(path: string, signer: NoteSigner): void {
  makePrivateFile(path, `${formatNoteSigner(signer)}\n`);
}
