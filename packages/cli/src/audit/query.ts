/** One run of `audit query`: looks through chains entry by entry, in a database or in an export, and keeps counts alone. */
import { ExportRejected, readChain, readExport, readHeads, type AuditRow } from "@wardline/isolation";
import { readEntry, timeText, type ReadableEntry } from "@wardline/isolation";
import { countable, type QueryAuditOptions } from "../command/audit.ts";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { visible } from "../report/visible.ts";
import { version } from "../version.ts";
import { withAuditor } from "./auditor.ts";
import { openFile, timeOf } from "./inputs.ts";

type Countable = (typeof countable)[number];

interface Found {
  readonly row: AuditRow;
  readonly entry: ReadableEntry;
}

export async function queryAudit(io: Io, options: QueryAuditOptions): Promise<ExitCode> {
  const { database, export: file, countBy, limit, format } = options;
  if ((database === undefined) === (file === undefined))
    throw new UsageError("either --database or --export says where entries are");
  const isAsked = askedBy(options);
  const counts = new Map<string, number>();
  const found: Found[] = [];
  let [matched, unreadable] = [0, 0];
  /** False once enough was found. */
  const look = (row: AuditRow | null): boolean => {
    const entry = row === null ? null : readEntry(row.entry);
    if (row === null || entry === null) {
      unreadable += 1;
      return true;
    }
    if (!isAsked(row, entry)) return true;
    matched += 1;
    if (countBy === undefined) found.push({ row, entry });
    else for (const key of keysOf(countBy, entry)) counts.set(key, (counts.get(key) ?? 0) + 1);
    return countBy !== undefined || matched < limit;
  };
  if (file !== undefined) await lookThrough(openFile(io, file), options.tenant, look, file);
  else
    await withAuditor(io, { ...options, database: database as string }, async (session) => {
      const wanted = options.tenant.length === 0 ? null : options.tenant;
      const heads = [];
      for await (const head of readHeads(session, wanted)) heads.push(head);
      for (const { tenant, seq } of heads)
        for await (const rows of readChain(session, tenant, { upTo: seq }))
          for (const row of rows) if (!look(row)) return;
    });
  if (unreadable > 0) io.err(`${unreadable} entries could not be read: verify the chain\n`);
  const ranked = [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  if (format === "json") {
    const document = {
      formatVersion: 1,
      tool: { name: "wardline", version },
      countBy: countBy ?? null,
      matched,
      unreadable,
      counts: ranked.map(([value, count]) => ({ value, count })),
      entries: found.map(({ row, entry }) => ({
        tenant: row.tenant,
        seq: row.seq,
        at: timeText(row.at),
        hash: row.hash,
        entry: entry.document,
      })),
    };
    io.out(`${JSON.stringify(document, null, 2)}\n`);
  } else if (countBy !== undefined)
    for (const [value, count] of ranked) io.out(`${String(count).padStart(9)}  ${visible(value)}\n`);
  else for (const one of found) io.out(`${visible(textOf(one))}\n`);
  return exitCode.fine;
}

async function lookThrough(
  open: () => AsyncIterable<Uint8Array>,
  tenants: readonly string[],
  look: (row: AuditRow | null) => boolean,
  file: string,
): Promise<void> {
  let isWanted = true;
  try {
    for await (const part of readExport(open())) {
      if (part.kind === "chain") isWanted = tenants.length === 0 || tenants.includes(part.header.tenant);
      else if (isWanted) for (const row of part.rows) if (!look(row)) return;
    }
  } catch (error) {
    if (!(error instanceof ExportRejected)) throw error;
    throw new UsageError(`${file}: ${error.message}`);
  }
}

function askedBy(options: QueryAuditOptions): (row: AuditRow, entry: ReadableEntry) => boolean {
  const { since, until, principal, action, entity, rule, kind, outcome } = options;
  const from = since === undefined ? -Infinity : timeOf("--since", since) * 1000;
  const to = until === undefined ? Infinity : timeOf("--until", until) * 1000;
  return (row, entry) =>
    row.at >= from &&
    row.at < to &&
    (principal === undefined || entry.principal.id === principal) &&
    (action === undefined || entry.action === action) &&
    (entity === undefined || entry.entity === entity) &&
    (rule === undefined || entry.rules.includes(rule)) &&
    (kind === undefined || entry.kind === kind) &&
    (outcome === undefined || entry.outcome === outcome);
}

/** An entry counts once for each rule that decided it, and as `(none)` where nothing is said. */
function keysOf(what: Countable, entry: ReadableEntry): readonly string[] {
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
      return [`${entry.principal.type} ${entry.principal.id ?? "(sealed)"}`];
  }
}

function textOf({ row, entry }: Found): string {
  const { kind, action, entity, rules, principal, outcome } = entry;
  const who = `${principal.type} ${principal.id ?? "(sealed)"}`;
  const by = rules.length === 0 ? "" : ` by ${rules.join(", ")}`;
  return `${timeText(row.at)} ${row.tenant}/${row.seq} ${kind}: ${who} ${action} ${entity}${outcome === null ? "" : ` → ${outcome}`}${by}`;
}
