/** One run of `audit verify`: an export against itself and against checkpoints, or a proof. No database is asked. */
import { resolve } from "node:path";
import {
  ExportRejected,
  verifyExport,
  type Checkpoint,
  type FaultyCheckpoint,
  type VerifiedChain,
} from "@wardline/isolation";
import type { VerifyAuditOptions } from "../command/audit.ts";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { startProgress } from "../progress.ts";
import { visible } from "../report/visible.ts";
import { version } from "../version.ts";
import { openFile, readCheckpoints, readKeys, timeOf } from "./inputs.ts";
import { isProof, verifyProofFile } from "./verify-proof.ts";

interface Verified {
  readonly checkpoint: Checkpoint | null;
  readonly faulty: FaultyCheckpoint | null;
  readonly isStale: boolean;
  readonly chains: readonly VerifiedChain[];
}

export async function verifyAuditFile(io: Io, file: string, options: VerifyAuditOptions): Promise<ExitCode> {
  const open = openFile(io, file);
  const keys = readKeys(io, options.key);
  const now = options.at === undefined ? Date.now() : timeOf("--at", options.at);
  if (await isProof(resolve(io.cwd, file))) return verifyProofFile(io, file, options, keys, now);
  if (options.checkpoints.length > 0 !== keys.length > 0)
    throw new UsageError(
      "--checkpoints and --key belong together",
      "without a trusted key no checkpoint can be believed",
    );
  if (options.notOlderThan !== undefined && keys.length === 0)
    throw new UsageError("--not-older-than asks for checkpoints", "give --checkpoints and --key");
  const { history, heads, faulty } = readCheckpoints(io, options.checkpoints, keys);
  const { last: checkpoint } = history;
  const isStale =
    options.notOlderThan !== undefined &&
    (checkpoint === null || now - checkpoint.time > options.notOlderThan);
  const tenants = options.tenant.length === 0 ? {} : { tenants: options.tenant };
  const progress = startProgress(io, "verifying entry");
  const chains: VerifiedChain[] = [];
  try {
    for await (const chain of verifyExport({
      open,
      vouched: heads,
      ...tenants,
      progress: (rows) => progress.step(rows, rows),
    }))
      chains.push(chain);
  } catch (error) {
    if (!(error instanceof ExportRejected)) throw error;
    throw new UsageError(`${file}: ${error.message}`, "`wardline audit export` writes one");
  } finally {
    progress.end();
  }
  const verified = { checkpoint, faulty, isStale, chains };
  const passed = faulty === null && !isStale && chains.every(({ broken }) => broken === null);
  if (options.format === "json") io.out(jsonReport(verified, passed));
  else printPlain(io, verified);
  if (keys.length === 0) io.err("no checkpoint was given: the export vouches for itself alone\n");
  return passed ? exitCode.fine : exitCode.integrity;
}

function jsonReport({ checkpoint, faulty, isStale, chains }: Verified, passed: boolean): string {
  const document = {
    formatVersion: 1,
    tool: { name: "wardline", version },
    checkpoint:
      checkpoint === null
        ? null
        : {
            log: checkpoint.log,
            number: checkpoint.number,
            time: new Date(checkpoint.time).toISOString(),
            tenants: checkpoint.tenants,
          },
    refused: faulty,
    stale: isStale,
    chains: chains.map(({ tenant, head, root, vouched, broken }) => ({
      tenant,
      entries: head.seq,
      hash: head.hash,
      root,
      vouched,
      broken,
    })),
    passed,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function printPlain(io: Io, { checkpoint, faulty, isStale, chains }: Verified): void {
  if (checkpoint !== null)
    io.out(
      `${visible(checkpoint.log)}: checkpoint ${checkpoint.number} of ${new Date(checkpoint.time).toISOString()}${isStale ? " is too old" : ""}\n`,
    );
  else if (isStale) io.out("there is no checkpoint\n");
  if (faulty !== null)
    io.out(
      `${faulty.number === null ? "a checkpoint" : `checkpoint ${faulty.number}`} is not believed: ${faulty.fault}${faulty.tenant === null ? "" : ` (${visible(faulty.tenant)})`}\n`,
    );
  for (const chain of chains) io.out(`${visible(chainText(chain))}\n`);
}

function chainText({ tenant, head, vouched, broken }: VerifiedChain): string {
  if (broken !== null) {
    const where =
      broken.through > broken.seq
        ? `one of entries ${broken.seq} to ${broken.through}`
        : `entry ${broken.seq}`;
    const by = broken.checkpoint === null ? "" : `, as checkpoint ${broken.checkpoint} shows`;
    return `${tenant}: ${where} is ${broken.reason}${by}`;
  }
  const until = vouched === null ? "no checkpoint vouches for it" : `checkpoints vouch for ${vouched.seq}`;
  return `${tenant}: ${head.seq} ${head.seq === 1 ? "entry" : "entries"} fine, ${until}`;
}
