/** Verifies the document of `audit prove`. Whatever is no proof is refused; nothing in it is believed but what the key vouches for. */
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import {
  entryLeafHash,
  openNote,
  parseCheckpoint,
  verifyConsistency,
  verifyInclusion,
  verifyTenant,
  type NoteKey,
} from "@wardline/isolation";
import type { VerifyAuditOptions } from "../command/audit.ts";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { visible } from "../report/visible.ts";
import { version } from "../version.ts";
import { proofFormat, type Proof } from "./proof.ts";
import { firstBytes } from "./inputs.ts";

/** Bytes; a proof has a few thousand. */
const largest = 1_000_000;

export async function isProof(path: string): Promise<boolean> {
  return (await firstBytes(path, 100)).startsWith(`{"format":"${proofFormat}"`);
}

type Refusal =
  | "malformed"
  | "note"
  | "wrong_log"
  | "tenant"
  | "entry"
  | "consistency"
  | "stale"
  | "wrong_tenant";

export function verifyProofFile(
  io: Io,
  file: string,
  options: VerifyAuditOptions,
  keys: readonly NoteKey[],
  now: number,
): ExitCode {
  if (keys.length === 0)
    throw new UsageError("a proof is verified with --key", "`wardline keys audit` printed it");
  const path = resolve(io.cwd, file);
  const proof = statSync(path).size > largest ? null : parseProof(readFileSync(path, "utf8"));
  const judged = proof === null ? ("malformed" as const) : judge(proof, options, keys, now);
  const refused = typeof judged === "string" ? judged : null;
  const checkpoint = typeof judged === "string" ? null : judged;
  if (options.format === "json")
    io.out(
      `${JSON.stringify(
        {
          formatVersion: 1,
          tool: { name: "wardline", version },
          checkpoint: checkpoint && { ...checkpoint, time: new Date(checkpoint.time).toISOString() },
          tenant: refused === null ? (proof as Proof).tenant.head : null,
          entry: refused === null ? ((proof as Proof).entry?.seq ?? null) : null,
          since: refused === null ? ((proof as Proof).since?.size ?? null) : null,
          refused,
          passed: refused === null,
        },
        null,
        2,
      )}\n`,
    );
  else io.out(`${visible(plainText(proof, checkpoint, refused))}\n`);
  return refused === null ? exitCode.fine : exitCode.integrity;
}

function judge(
  { note, tenant, entry, since }: Proof,
  { tenant: expected, notOlderThan }: VerifyAuditOptions,
  keys: readonly NoteKey[],
  now: number,
):
  | { readonly log: string; readonly number: number; readonly time: number; readonly tenants: number }
  | Refusal {
  const opened = openNote(note, keys);
  if ("refused" in opened) return "note";
  const checkpoint = parseCheckpoint(opened.text);
  if (checkpoint === null) return "malformed";
  const { log, number, time, tenants } = checkpoint;
  if (opened.by.some(({ name }) => name !== log)) return "wrong_log";
  if (!verifyTenant(tenant, checkpoint)) return "tenant";
  const { head } = tenant;
  if (expected.length > 0 && !expected.includes(head.tenant)) return "wrong_tenant";
  if (
    entry !== null &&
    !verifyInclusion(entryLeafHash(entry.hash), entry.seq - 1, head.size, head.root, entry.path)
  )
    return "entry";
  if (since !== null && !verifyConsistency(since, head, since.path)) return "consistency";
  if (notOlderThan !== undefined && now - time > notOlderThan) return "stale";
  return { log, number, time, tenants };
}

function plainText(
  proof: Proof | null,
  checkpoint: { readonly number: number; readonly time: number } | null,
  refused: Refusal | null,
): string {
  if (proof === null || checkpoint === null) return `the proof is refused: ${refused ?? "malformed"}`;
  const { tenant, size } = proof.tenant.head;
  const more = [
    ...(proof.entry === null ? [] : [`entry ${proof.entry.seq} has the hash ${proof.entry.hash}`]),
    ...(proof.since === null ? [] : [`it goes on from its first ${proof.since.size}`]),
  ];
  const said = [`the chain of ${tenant} has ${size} entries`, ...more].join(", ");
  return `${said}, by checkpoint ${checkpoint.number} of ${new Date(checkpoint.time).toISOString()}`;
}

/** Null for every text that {@link JSON.stringify} would not have made of a proof. */
function parseProof(text: string): Proof | null {
  try {
    const { note, tenant, entry, since } = JSON.parse(text) as Proof;
    const { head, index, path } = tenant;
    const { tenant: id, size, root } = head;
    const proof: Proof = {
      format: proofFormat,
      note,
      tenant: { head: { tenant: id, size, root }, index, path: [...path] },
      entry: entry && { seq: entry.seq, hash: entry.hash, path: [...entry.path] },
      since: since && { size: since.size, root: since.root, path: [...since.path] },
    };
    const isFormed =
      typeof note === "string" &&
      typeof id === "string" &&
      typeof root === "string" &&
      [size, index, entry?.seq ?? 1, since?.size ?? 0].every((number) => Number.isSafeInteger(number)) &&
      /^[0-9a-f]{64}$/.test(entry?.hash ?? "0".repeat(64)) &&
      `${JSON.stringify(proof)}\n` === text;
    return isFormed ? proof : null;
  } catch {
    return null;
  }
}
