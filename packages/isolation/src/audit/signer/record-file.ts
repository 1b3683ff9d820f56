/** A file of records, one a line, that is only appended to: the signer's own journal, and the simplest anchor. */
import { closeSync, existsSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { dirname } from "node:path";

/** The lines of a file with the place where each begins, also an unfinished last one. Nothing where there is no file. */
export function* readRecordLines(
  path: string,
  from = 0,
): Generator<{ readonly line: string; readonly at: number; readonly isWhole: boolean }> {
  if (!existsSync(path)) return;
  const file = openSync(path, "r");
  try {
    const decoder = new StringDecoder("utf8");
    const bytes = Buffer.alloc(1 << 18);
    let rest = "";
    let [place, at] = [from, from];
    for (;;) {
      const read = readSync(file, bytes, 0, bytes.length, place);
      if (read === 0) break;
      place += read;
      const lines = (rest + decoder.write(bytes.subarray(0, read))).split("\n");
      rest = lines.pop() as string;
      for (const line of lines) {
        yield { line, at, isWhole: true };
        at += Buffer.byteLength(line) + 1;
      }
    }
    rest += decoder.end();
    if (rest !== "") yield { line: rest, at, isWhole: false };
  } finally {
    closeSync(file);
  }
}

/**
 * Appends a line that ends in a newline; it is on the disk when it returns, and so is the file's name. Where a crash left an unfinished line
 * that line is ended first: it stays, as the beginning of the one that follows it, and readers pass over it.
 */
export function appendRecordLine(path: string, line: string): void {
  const isNew = !existsSync(path);
  const file = openSync(path, "a+", 0o600);
  try {
    const { size } = fstatSync(file);
    const last = Buffer.alloc(1);
    if (size > 0) readSync(file, last, 0, 1, size - 1);
    const bytes = Buffer.from(size > 0 && last[0] !== 0x0a ? `\n${line}` : line, "utf8");
    for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  if (isNew) syncFolder(dirname(path));
}

export function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Leaves out lines that a crash cut off: each is the beginning of the line after it, or the last. */
export function* wholeLines(
  lines: Iterable<{ readonly line: string; readonly at: number; readonly isWhole: boolean }>,
): Generator<{ readonly line: string; readonly at: number }> {
  let held: { readonly line: string; readonly at: number } | null = null;
  for (const { line, at, isWhole } of lines) {
    // It may have been cut within a character.
    if (held !== null && !line.startsWith(held.line.replace(/\uFFFD+$/, ""))) yield held;
    held = isWhole ? { line, at } : null;
  }
  if (held !== null) yield held;
}
