/** What the commands about audit logs are given: keys, records of anchors, times and files. */
import { createReadStream, existsSync, lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  CheckpointHistory,
  parseNoteKey,
  parseRecord,
  readRecordLines,
  vouchedHeads,
  wholeLines,
  type CheckpointRecord,
  type NoteKey,
  type Vouched,
} from "@wardline/isolation";
import { UsageError } from "../exit-code.ts";
import type { Io } from "../io.ts";

/** The public keys that are trusted: each as it is, or in a file. Throws {@link UsageError}. */
export function readKeys(io: Io, given: readonly string[]): readonly NoteKey[] {
  return given.map((text) => {
    const direct = parseNoteKey(text);
    if (direct !== null) return direct;
    const path = resolve(io.cwd, text);
    const isFile = existsSync(path) && statSync(path).isFile() && statSync(path).size < 1000;
    const key = isFile ? parseNoteKey(readFileSync(path, "utf8").trimEnd()) : null;
    if (key === null)
      throw new UsageError(
        `--key: ${isFile ? `${text} holds no public key of a log` : `there is no key and no file ${text}`}`,
        "`wardline keys audit` prints the public key: NAME+ID+KEY",
      );
    return key;
  });
}

export interface ReadCheckpoints extends Vouched {
  readonly history: CheckpointHistory;
}

/** Follows the records of all anchors as one log: what two of them say differently is a split view. Throws {@link UsageError}. */
export function readCheckpoints(io: Io, given: readonly string[], keys: readonly NoteKey[]): ReadCheckpoints {
  const history = new CheckpointHistory(keys);
  // Whichever begins first has what the others go on from.
  const sources = given
    .map((path) => existing(io, path))
    .map((path) => ({ path, first: firstNumber(path) }))
    .toSorted((a, b) => a.first - b.first);
  const records = function* (): Generator<CheckpointRecord | null> {
    for (const { path } of sources) yield* recordsAt(path);
  };
  return { history, ...vouchedHeads(history, records()) };
}

function existing(io: Io, given: string): string {
  const path = resolve(io.cwd, given);
  if (!existsSync(path)) throw new UsageError(`--checkpoints: there is no ${given}`);
  return path;
}

function* recordsAt(path: string): Generator<CheckpointRecord | null> {
  if (!lstatSync(path).isDirectory()) {
    for (const { line } of wholeLines(readRecordLines(path))) yield parseRecord(line);
    return;
  }
  for (const name of readdirSync(path).toSorted())
    for (const { line } of wholeLines(readRecordLines(join(path, name)))) yield parseRecord(line);
}

function firstNumber(path: string): number {
  for (const record of recordsAt(path)) return Number(/^number (\d+)$/m.exec(record?.note ?? "")?.[1] ?? 0);
  throw new UsageError(`--checkpoints: ${path} holds none`);
}

/** Opens a file to be read from its beginning, as often as it is asked for. Throws {@link UsageError}. */
export function openFile(io: Io, given: string): () => AsyncIterable<Uint8Array> {
  const path = resolve(io.cwd, given);
  if (!existsSync(path) || !statSync(path).isFile()) throw new UsageError(`there is no file ${given}`);
  return () => createReadStream(path, { highWaterMark: 1 << 18 });
}

/** Milliseconds of `2026-01-05T12:00:00Z`, also with a fraction. Throws {@link UsageError}. */
export function timeOf(option: string, text: string): number {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new UsageError(`${option} must be a time as 2026-01-05T12:00:00Z`);
  return time;
}

/** The beginning of a file. */
export async function firstBytes(path: string, count: number): Promise<string> {
  for await (const chunk of createReadStream(path, { end: count - 1 })) return String(chunk);
  return "";
}
