/** One run of `audit query`: looks through chains entry by entry, in a database or in an export, and keeps counts alone. */
import {
  ExportRejected,
  readChain,
  readEntry,
  readExport,
  readHeads,
  timeText,
  type AuditRow,
  type OpenedEntry,
  type ReadableEntry,
} from "@wardline/isolation";
import { countable, type QueryAuditOptions } from "../command/audit.ts";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { visible } from "../report/visible.ts";
import { version } from "../version.ts";
import { withAuditor } from "./auditor.ts";
import { openFile, timeOf } from "./inputs.ts";
import { OpenWindows } from "./open-windows.ts";
import { sealedParts, type SealedPart } from "./sealed-parts.ts";

type Countable = (typeof countable)[number];

interface Found {
  readonly row: AuditRow;
  readonly entry: ReadableEntry;
  readonly part: SealedPart;
}

export async function queryAudit(io: Io, options: QueryAuditOptions): Promise<ExitCode> {
  const { database, export: file, countBy, limit, format } = options;
  if ((database === undefined) === (file === undefined))
    throw new UsageError("either --database or --export says where entries are");
  const isAsked = askedBy(options);
  const parts = await sealedParts(io, options);
  const counts = new Map<string, number>();
  const found: Found[] = [];
  let [matched, unreadable] = [0, 0];
  const unopened = new Map<string, number>();
  const windows = new OpenWindows();
  /** Tenants that were named, and of whom nothing was met. */
  const missing = new Set(options.tenant);
  /** False once enough was found. */
  const look = (row: AuditRow | null): boolean => {
    const clear = row === null ? null : readEntry(row.entry);
    if (row === null || clear === null) {
      unreadable += 1;
      return true;
    }
    windows.see(row, clear);
    // What needs no key is looked at first: no more is opened than is asked for.
    if (!isAsked(row, clear)) return true;
    const part = parts.open(row);
    const entry = part.kind === "opened" ? { ...clear, principal: part.entry.principal } : clear;
    if (!isBy(options, entry)) return true;
    if (part.kind === "unopened") unopened.set(part.code, (unopened.get(part.code) ?? 0) + 1);
    matched += 1;
    if (countBy === undefined) found.push({ row, entry, part });
    else for (const key of keysOf(countBy, entry, part)) counts.set(key, (counts.get(key) ?? 0) + 1);
    return countBy !== undefined || matched < limit;
  };
  const ready = (tenant: string): Promise<void> => parts.ready(tenant);
  try {
    if (file !== undefined)
      await lookThrough(openFile(io, file), { tenants: options.tenant, look, ready, missing }, file);
    else
      await withAuditor(io, { ...options, database: database as string }, async (session) => {
        const wanted = options.tenant.length === 0 ? null : options.tenant;
        const heads = [];
        for await (const head of readHeads(session, wanted)) heads.push(head);
        for (const { tenant } of heads) missing.delete(tenant);
        for (const { tenant, seq } of heads)
          for await (const rows of readChain(session, tenant, { upTo: seq })) {
            await ready(tenant);
            for (const row of rows) if (!look(row)) return;
          }
      });
  } finally {
    parts.close();
  }
  for (const tenant of missing) io.err(`there is no chain of ${visible(tenant)} here\n`);
  for (const { tenant, seq, most } of windows.found)
    io.err(
      `${visible(tenant)}/${seq} opened a window that has no end here: up to ${most} reads may have been shown that are not on record\n`,
    );
  for (const [code, count] of unopened) io.err(`${count} sealed parts did not open: ${code}\n`);
  if (unreadable > 0) io.err(`${unreadable} entries could not be read: verify the chain\n`);
  const ranked = [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  if (format === "json") {
    const document = {
      formatVersion: 1,
      tool: { name: "wardline", version },
      countBy: countBy ?? null,
      matched,
      unreadable,
      openWindows: windows.found,
      counts: ranked.map(([value, count]) => ({ value, count })),
      entries: found.map(({ row, entry, part }) => ({
        tenant: row.tenant,
        seq: row.seq,
        at: timeText(row.at),
        hash: row.hash,
        entry: entry.document,
        part: part.kind,
        opened: part.kind === "opened" ? openedPart(part.entry) : null,
      })),
    };
    io.out(`${JSON.stringify(document, null, 2)}\n`);
  } else if (countBy !== undefined)
    for (const [value, count] of ranked) io.out(`${String(count).padStart(9)}  ${visible(value)}\n`);
  else for (const one of found) io.out(`${visible(textOf(one))}\n`);
  return unopened.size > 0 ? exitCode.findings : exitCode.fine;
}

function openedPart({ principal, rows, words, facts }: OpenedEntry): Readonly<Record<string, unknown>> {
  return { principal: principal.id, rows, words, facts };
}

interface Looking {
  readonly tenants: readonly string[];
  readonly look: (row: AuditRow | null) => boolean;
  readonly ready: (tenant: string) => Promise<void>;
  readonly missing: Set<string>;
}

async function lookThrough(
  open: () => AsyncIterable<Uint8Array>,
  { tenants, look, ready, missing }: Looking,
  file: string,
): Promise<void> {
  let isWanted = true;
  try {
    for await (const part of readExport(open())) {
      if (part.kind === "chain") {
        isWanted = tenants.length === 0 || tenants.includes(part.header.tenant);
        missing.delete(part.header.tenant);
      } else if (isWanted) {
        const [first] = part.rows;
        if (first != null) await ready(first.tenant);
        for (const row of part.rows)
          if (!look(row)) {
            // What comes after it was not looked at.
            missing.clear();
            return;
          }
      }
    }
  } catch (error) {
    if (!(error instanceof ExportRejected)) throw error;
    throw new UsageError(`${file}: ${error.message}`);
  }
}

function askedBy(options: QueryAuditOptions): (row: AuditRow, entry: ReadableEntry) => boolean {
  const { since, until, action, entity, rule, kind, outcome } = options;
  const from = since === undefined ? -Infinity : timeOf("--since", since) * 1000;
  const to = until === undefined ? Infinity : timeOf("--until", until) * 1000;
  return (row, entry) =>
    row.at >= from &&
    row.at < to &&
    (action === undefined || entry.action === action) &&
    (entity === undefined || entry.entity === entity) &&
    (rule === undefined || entry.rules.includes(rule)) &&
    (kind === undefined || entry.kind === kind) &&
    (outcome === undefined || entry.outcome === outcome);
}

function isBy({ principal }: QueryAuditOptions, entry: ReadableEntry): boolean {
  return principal === undefined || entry.principal.id === principal;
}

/** An entry counts once for each rule that decided it, and as `(none)` where nothing is said. */
function keysOf(what: Countable, entry: ReadableEntry, part: SealedPart): readonly string[] {
  switch (what) {
    case "rule":
      return entry.rules.length === 0 ? ["(none)"] : [...new Set(entry.rules)];
    case "action":
      return [entry.action];
    case "entity":
      return [entry.entity];
    case "kind":
      return [entry.kind];
    case "outcome":
      return [entry.outcome ?? "(none)"];
    case "principal":
      return [whoOf(entry, part)];
  }
}

function whoOf({ principal }: ReadableEntry, { kind }: SealedPart): string {
  const why = kind === "destroyed" ? "(destroyed)" : kind === "unopened" ? "(not opened)" : "(sealed)";
  return `${principal.type} ${principal.id ?? why}`;
}

function textOf({ row, entry, part }: Found): string {
  const { kind, action, entity, rules, outcome } = entry;
  const who = whoOf(entry, part);
  const by = rules.length === 0 ? "" : ` by ${rules.join(", ")}`;
  return `${timeText(row.at)} ${row.tenant}/${row.seq} ${kind}: ${who} ${action} ${entity}${outcome === null ? "" : ` → ${outcome}`}${by}${reasonOf(entry)}${part.kind === "opened" ? openedText(part.entry) : ""}`;
}

/** What stands in clear of it: the word that it was refused for, a receipt's hash, what a key was rotated to. */
function reasonOf({ reason }: ReadableEntry): string {
  return reason === null || reason === "" ? "" : ` (${reason})`;
}

/** More ids than these are told by `--format json`. */
const shownIds = 5;

function openedText({ rows, words }: OpenedEntry): string {
  const more = rows.length > shownIds ? ` and ${rows.length - shownIds} more` : "";
  const ids = rows.length === 0 ? "" : `; rows ${rows.slice(0, shownIds).join(" ")}${more}`;
  return typeof words === "string" ? `${ids}; “${words}”` : ids;
}
