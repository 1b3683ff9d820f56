/**
 * What the signer remembers, in a folder of its own: the records that it signed, and the hashes of the entries below them. A record that
 * stands in the journal is signed; hashes beyond it are of a round that did not end. One process works in a folder.
 */
import { chmodSync, existsSync, mkdirSync, rmSync, statSync, truncateSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { CheckpointHistory } from "../checkpoint/history.ts";
import type { NoteKey } from "../checkpoint/note-key.ts";
import { parseRecord } from "../checkpoint/record.ts";
import { readRecordLines, wholeLines } from "./record-file.ts";
import { SignerError } from "./signer-error.ts";

export interface SignerState {
  readonly folder: string;
  readonly history: CheckpointHistory;
  /** Checkpoints since the last one with all heads. */
  sinceFull: number;
  readonly release: () => Promise<void>;
}

export const journalFile = (folder: string): string => join(folder, "records.jsonl");
export const hashFolder = (folder: string): string => join(folder, "hashes");

/** Takes the folder, made if it is not there, until it is released. Throws {@link SignerError}. */
export async function openSignerState(folder: string, key: NoteKey): Promise<SignerState> {
  mkdirSync(hashFolder(folder), { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const release = await takeFolder(folder);
  try {
    const history = new CheckpointHistory([key]);
    dropUnfinished(journalFile(folder));
    const sinceFull = followJournal(folder, history);
    return { folder, history, sinceFull, release };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Takes away a record that a crash cut off: it was never anchored. */
function dropUnfinished(path: string): void {
  for (const { at, isWhole } of readRecordLines(path)) if (!isWhole) truncateSync(path, at);
}

/** Follows the journal from its last record with all heads on; what was signed before needs no second look. Returns how many came since. */
export function followJournal(folder: string, history: CheckpointHistory): number {
  const path = journalFile(folder);
  let from = 0;
  for (const { line, at } of wholeLines(readRecordLines(path)))
    if (line.includes('","full":true,"heads":[')) from = at;
  let count = 0;
  for (const { line } of wholeLines(readRecordLines(path, from))) {
    const record = parseRecord(line);
    const seen = record === null ? null : history.add(record);
    if (seen === null || "fault" in seen)
      throw new SignerError(
        "audit/signer-state",
        `${path} is damaged, or of another key: ${seen === null ? "a line is no record" : `checkpoint ${seen.number} is refused (${seen.fault})`}`,
      );
    count += 1;
  }
  return count;
}

/** A record of the journal, and where the next one begins. */
export interface JournalRecord {
  readonly line: string;
  readonly number: number;
  readonly end: number;
}

/** The records of the journal from one place on that have a higher number, in order. */
export function* recordsAfter(folder: string, number: number, from = 0): Generator<JournalRecord> {
  for (const { line, at } of wholeLines(readRecordLines(journalFile(folder), from))) {
    const found = Number(/\\nnumber (\d+)\\n/.exec(line.slice(0, 1000))?.[1]);
    if (found > number) yield { line: `${line}\n`, number: found, end: at + Buffer.byteLength(line) + 1 };
  }
}

/** A socket that only its owner answers on: what a killed process left behind is seen to be dead. */
async function takeFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, "lock");
  if (Buffer.byteLength(path) > 100)
    throw new SignerError(
      "audit/signer-state",
      `${folder} has too long a path for a signer's folder (92 bytes)`,
    );
  for (let tries = 0; tries < 2; tries += 1) {
    const server = await listen(path);
    if (server !== null) return () => new Promise((resolve) => server.close(() => resolve()));
    if (await answers(path)) break;
    if (existsSync(path) && statSync(path).isSocket()) rmSync(path, { force: true });
  }
  throw new SignerError("audit/signer-busy", `another process signs from ${folder}`);
}

function listen(path: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(null) : reject(error),
    );
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
