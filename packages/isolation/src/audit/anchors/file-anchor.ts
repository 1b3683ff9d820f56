/** An anchor that is a file, one record a line: on another machine's disk, or one that lets nobody take anything away. */
import { chmodSync, existsSync, lstatSync } from "node:fs";
import { parseCheckpoint } from "../checkpoint/checkpoint.ts";
import { parseNote } from "../checkpoint/note.ts";
import { parseRecord } from "../checkpoint/record.ts";
import { appendRecordLine, readRecordLines, wholeLines } from "../signer/record-file.ts";
import { AnchorError, type Anchor } from "./anchor.ts";

/** Made for its owner alone where it is not there. Throws {@link AnchorError} for what is there and is no plain file. */
export function fileAnchor(path: string): Anchor {
  if (existsSync(path) && !lstatSync(path).isFile())
    throw new AnchorError("anchor/bad-option", `${path} is no plain file`);
  let last: { readonly number: number; readonly line: string } | null = null;
  for (const { line } of wholeLines(readRecordLines(path))) {
    const number = numberOf(line);
    if (number === null)
      throw new AnchorError("anchor/conflict", `${path} holds something else than checkpoints`);
    last = { number, line };
  }
  return {
    name: path,
    async put({ number, line }) {
      if (last !== null && number <= last.number) {
        if (number === last.number && `${last.line}\n` !== line)
          throw new AnchorError("anchor/conflict", `${path} holds another checkpoint ${number}`);
        return;
      }
      try {
        appendRecordLine(path, line);
        chmodSync(path, 0o600);
      } catch (error) {
        const { code = "" } = error as NodeJS.ErrnoException;
        throw new AnchorError("anchor/unavailable", `${path} cannot be written (${code})`);
      }
      last = { number, line: line.trimEnd() };
    },
  };
}

function numberOf(line: string): number | null {
  const note = parseNote(parseRecord(line)?.note ?? "");
  return note === null ? null : (parseCheckpoint(note.text)?.number ?? null);
}
