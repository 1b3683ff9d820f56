/** Writes chains out of a database as they are read, line by line. Only the form of our own can be verified by itself. */
import type { SqlSession } from "../../contracts.ts";
import { readChain, readHead, readHeads } from "../read-chain.ts";
import type { AuditRow } from "../export-audit.ts";
import { cloudEvent, ocsfEvent } from "./event.ts";
import { formatHeader, formatRow } from "./export-line.ts";

export const exportKinds = ["jsonl", "ocsf", "cloudevents"] as const;
export type ExportKind = (typeof exportKinds)[number];

export interface ExportChainsOptions {
  readonly format: ExportKind;
  /** Whose chains; null for all. */
  readonly tenants: readonly string[] | null;
  /** Only entries with higher numbers, for a collector that goes on; not for `jsonl`, which is whole or nothing. */
  readonly after?: number;
}

/** Texts of whole lines. */
export async function* exportChains(
  session: SqlSession,
  { format, tenants, after = 0 }: ExportChainsOptions,
): AsyncGenerator<string> {
  if (format === "jsonl" && after !== 0) throw new TypeError("a chain is exported from its beginning");
  for (const tenant of tenants ?? (await allTenants(session))) {
    const head = await readHead(session, tenant);
    if (format === "jsonl") yield `${formatHeader({ tenant, head: { seq: head.seq, hash: head.hash } })}\n`;
    for await (const rows of readChain(session, tenant, { after, upTo: head.seq }))
      yield rows.map((row) => `${lineOf(format, row)}\n`).join("");
  }
}

async function allTenants(session: SqlSession): Promise<readonly string[]> {
  const tenants: string[] = [];
  for await (const { tenant } of readHeads(session)) tenants.push(tenant);
  return tenants;
}

function lineOf(format: ExportKind, row: AuditRow): string {
  switch (format) {
    case "jsonl":
      return formatRow(row);
    case "ocsf":
      return JSON.stringify(ocsfEvent(row));
    case "cloudevents":
      return JSON.stringify(cloudEvent(row));
  }
}
