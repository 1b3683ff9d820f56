/**
 * Brings the records of the signer's journal to an anchor, in order and each once it has the one before. The journal is the queue: how far
 * an anchor is stands in a file beside it, so that neither an outage nor a crash loses a record or changes the order.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { hash } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { recordsAfter } from "../signer/signer-state.ts";
import { syncFolder } from "../signer/record-file.ts";
import { AnchorError, type Anchor } from "./anchor.ts";

export interface DeliverOptions {
  readonly folder: string;
  readonly log: string;
  readonly anchor: Anchor;
  /** How often one record is tried before the rest is left for the next time; 4 without it. */
  readonly tries?: number;
  /** Milliseconds before the second try, doubled with each; 500 without it. */
  readonly pause?: number;
  readonly signal?: AbortSignal;
}

export interface Delivered {
  /** The last number that the anchor has. */
  readonly number: number;
  readonly waiting: number;
  /** Why the rest waits; null where nothing does. */
  readonly error: AnchorError | null;
}

/** No longer pause than this, whatever an anchor asks for. */
const longestPause = 30_000;

/** Delivers what the anchor does not have yet. Throws only what is no {@link AnchorError}. */
export async function deliver(options: DeliverOptions): Promise<Delivered> {
  const { folder, log, anchor } = options;
  const path = join(folder, `anchored-${hash("sha256", anchor.name, "hex").slice(0, 16)}`);
  const [last = 0, from = 0] = existsSync(path) ? readFileSync(path, "utf8").split(" ").map(Number) : [];
  let number = last;
  let [waiting, error]: [number, AnchorError | null] = [0, null];
  for (const record of recordsAfter(folder, number, from)) {
    if (error === null) {
      error = await tryPut(options, { log, number: record.number, line: record.line });
      if (error === null) remember(folder, path, (number = record.number), record.end);
    }
    if (error !== null) waiting += 1;
  }
  return { number, waiting, error };
}

async function tryPut(
  { anchor, tries = 4, pause = 500, signal }: DeliverOptions,
  record: Parameters<Anchor["put"]>[0],
): Promise<AnchorError | null> {
  for (let tried = 1; ; tried += 1) {
    try {
      await anchor.put(record);
      return null;
    } catch (error) {
      if (!(error instanceof AnchorError)) throw error;
      if (error.code !== "anchor/unavailable" || tried >= tries || signal?.aborted === true) return error;
      const wait = Math.min(longestPause, Math.max(error.retryAfter ?? 0, pause * 2 ** (tried - 1)));
      // Signers that were cut off together do not come again together.
      await sleep(wait * (1 + Math.random() / 4), undefined, signal === undefined ? {} : { signal }).catch(
        () => undefined,
      );
    }
  }
}

function remember(folder: string, path: string, number: number, end: number): void {
  const file = openSync(`${path}.new`, "w", 0o600);
  try {
    writeSync(file, `${number} ${end}`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.new`, path);
  syncFolder(folder);
}
