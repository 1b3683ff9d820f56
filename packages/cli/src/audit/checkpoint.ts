/**
 * `audit checkpoint`: signs what all chains are now, and brings it to the anchors; once, or on a clock. A chain that does not go on from what was
 * signed ends it: somebody has to look. An anchor or a database that is away does not: what was signed waits, in order.
 */
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AuditSigner, deliver, SignerError, type Anchor, type Round } from "@wardline/isolation";
import type { CheckpointOptions } from "../command/audit.ts";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { visible } from "../report/visible.ts";
import { readAnchors } from "./anchor-option.ts";
import { withAuditor } from "./auditor.ts";
import { readAuditKey } from "./make-key.ts";

export async function runCheckpoints(io: Io, options: CheckpointOptions): Promise<ExitCode> {
  const key = readAuditKey(io, options.key);
  const anchors = readAnchors(io, options.anchor, options.anchorCa);
  const folder = resolve(io.cwd, options.state);
  const stop = new AbortController();
  const forget = io.onInterrupt(() => stop.abort());
  let signer: AuditSigner | null = null;
  try {
    signer = await AuditSigner.open({ folder, key, recheck: options.recheck });
    for (;;) {
      const began = Date.now();
      const code = await once(io, options, signer, anchors, { folder, log: key.name, signal: stop.signal });
      if (options.every === undefined || code === exitCode.integrity) return code;
      const wait = Math.max(0, began + options.every * 1000 - Date.now());
      await sleep(wait, undefined, { signal: stop.signal }).catch(() => undefined);
      if (stop.signal.aborted) return exitCode.fine;
    }
  } catch (error) {
    if (!(error instanceof SignerError)) throw error;
    if (error.code === "audit/signer-busy") throw new UsageError(error.message);
    if (options.format === "json")
      io.out(
        `${JSON.stringify({ formatVersion: 1, signed: null, refused: refusalOf(error), anchors: [] })}\n`,
      );
    io.err(`error[${error.code}]: ${visible(error.message)}\n`);
    return exitCode.integrity;
  } finally {
    forget();
    await signer?.close();
  }
}

const refusalOf = ({ code, at }: SignerError) => ({ code, at });

async function once(
  io: Io,
  options: CheckpointOptions,
  signer: AuditSigner,
  anchors: readonly Anchor[],
  journal: { readonly folder: string; readonly log: string; readonly signal: AbortSignal },
): Promise<ExitCode> {
  let round: Round | null = null;
  try {
    round = await withAuditor(io, options, (session) => signer.sign(session, Date.now()));
  } catch (error) {
    // On a clock the database may be away for a while; anchors still get what waits.
    if (options.every === undefined || !(error instanceof UsageError)) throw error;
    io.err(`${visible(error.message)}; no checkpoint was signed\n`);
  }
  const done = [];
  for (const anchor of anchors) done.push({ anchor, ...(await deliver({ ...journal, anchor })) });
  if (options.format === "json")
    io.out(
      `${JSON.stringify({
        formatVersion: 1,
        signed: round && {
          number: round.checkpoint.number,
          time: new Date(round.checkpoint.time).toISOString(),
          tenants: round.checkpoint.tenants,
          entries: round.entries,
        },
        refused: null,
        anchors: done.map(({ anchor, number, waiting, error }) => ({
          name: anchor.name,
          number,
          waiting,
          error: error?.code ?? null,
        })),
      })}\n`,
    );
  else if (round !== null)
    io.out(
      `checkpoint ${round.checkpoint.number}: ${round.entries} new entries, ${round.checkpoint.tenants} tenants\n`,
    );
  for (const { anchor, waiting, error } of done)
    if (error !== null)
      io.err(
        `error[${error.code}]: ${visible(error.message)}; ${waiting} wait for ${visible(anchor.name)}\n`,
      );
  if (done.some(({ error }) => error?.code === "anchor/conflict")) return exitCode.integrity;
  return done.some(({ error }) => error !== null) ? exitCode.findings : exitCode.fine;
}
