/** One run of `tenant receipt`. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import {
  readRetentionReceipt,
  readShredReceipt,
  retentionReceiptFormat,
  type NoteKey,
  type ReadReceipt,
  type ShredReceipt,
} from "@wardline/isolation";
import { readKeys } from "../audit/inputs.ts";
import type { ReceiptOptions } from "../command/tenant.ts";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { visible } from "../report/visible.ts";
import { uncovered } from "./shred-text.ts";
import { sweepReceiptText } from "./sweep-text.ts";

export function checkReceipt(io: Io, file: string, { key, format }: ReceiptOptions): ExitCode {
  const text = readText(io, file);
  const keys = readKeys(io, [key]);
  if (text.startsWith(`${retentionReceiptFormat}\n`)) return checkSweep(io, text, keys, format);
  const read = readShredReceipt(text, keys);
  if (format === "json") io.out(`${JSON.stringify({ formatVersion: 1, ...read }, null, 2)}\n`);
  if (!read.ok) {
    io.err(`error[shred/bad-receipt]: ${words[read.fault]}\n`);
    return exitCode.integrity;
  }
  if (format === "plain") io.out(receiptText(read));
  return exitCode.fine;
}

function checkSweep(
  io: Io,
  text: string,
  keys: readonly NoteKey[],
  format: ReceiptOptions["format"],
): ExitCode {
  const read = readRetentionReceipt(text, keys);
  if (format === "json") io.out(`${JSON.stringify({ formatVersion: 1, ...read }, null, 2)}\n`);
  if (!read.ok) {
    io.err(`error[retention/bad-receipt]: ${words[read.fault]}\n`);
    return exitCode.integrity;
  }
  if (format === "plain") io.out(sweepReceiptText(read.receipt, read.sha256));
  return exitCode.fine;
}

const words: Readonly<Record<Extract<ReadReceipt, { ok: false }>["fault"], string>> = {
  malformed: "it is no signed note",
  unknown_key: "the given key has not signed it",
  bad_signature: "the signature is not the given key's",
  not_a_receipt: "it is no receipt of this form",
};

function receiptText({ receipt, sha256 }: Extract<ReadReceipt, { ok: true }>): string {
  const { tenant, operator, at, audit, provider, outside, databases, notCovered, chain } = receipt;
  const lines = [
    `${visible(tenant)}: shredded by ${visible(operator)}, ${at}; its audit log's key was ${audit}`,
  ];
  for (const [part, said] of Object.entries(outside))
    if (said !== null)
      lines.push(`  ${part}: ${said.state}, as ${provider} confirmed at ${said.confirmedAt}`);
  for (const it of databases) {
    const where = it.database === null ? it.cell : `${it.cell}, database ${it.database}`;
    lines.push(`  ${where}: ${doneThere(it)}`);
    for (const [column, count] of Object.entries(it.cleared))
      lines.push(`    ${visible(column)}: ${count} values emptied`);
  }
  lines.push(`  audit chain before it: ${chain.seq}, ${chain.hash}`, `  receipt sha256:${sha256}`);
  return [...lines, "what is not covered", ...notCovered.flatMap(uncovered), ""].join("\n");
}

function doneThere({
  isGone,
  isKeyless,
  keys,
  outAt,
  destroyedAt,
}: ShredReceipt["databases"][number]): string {
  if (isGone) return "it had been dropped";
  if (isKeyless) return "it had no registry of keys, and nothing was done there";
  const gone = keys.filter(({ sha256 }) => sha256 !== null);
  return `nobody held a key from ${outAt} on; ${gone.length} wrapped keys gone at ${destroyedAt}`;
}

function readText(io: Io, file: string): string {
  try {
    return readFileSync(resolve(io.cwd, file), "utf8");
  } catch {
    throw new UsageError(`there is no file ${file}`);
  }
}
