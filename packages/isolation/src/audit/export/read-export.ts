/** Reads an export as it comes: one chain after the other, its rows in batches, in constant space. */
import { parseHeader, parseRow, type ExportHeader } from "./export-line.ts";
import type { AuditRow } from "../export-audit.ts";

export type ExportPart =
  | { readonly kind: "chain"; readonly header: ExportHeader }
  /** Rows of the chain that was named last. Null stands for a line that is no row. */
  | { readonly kind: "rows"; readonly rows: readonly (AuditRow | null)[] };

/** It is no export; the message says where. */
export class ExportRejected extends Error {
  override readonly name = "ExportRejected";
  readonly code = "audit/not-an-export";
}

/** Characters; a longer line is no row that anybody appended. */
const longestLine = 64 * 1024 * 1024;

/** Throws {@link ExportRejected} where no chain is named, or a text is no UTF-8. */
export async function* readExport(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ExportPart> {
  let tenant: string | null = null;
  for await (const lines of readLines(chunks)) {
    let rows: (AuditRow | null)[] = [];
    for (const line of lines) {
      const header = parseHeader(line);
      if (header === null) {
        if (tenant === null) throw new ExportRejected("the first line names no chain: it is no export");
        rows.push(parseRow(line, tenant));
        continue;
      }
      if (rows.length > 0) yield { kind: "rows", rows };
      rows = [];
      tenant = header.tenant;
      yield { kind: "chain", header };
    }
    if (rows.length > 0) yield { kind: "rows", rows };
  }
  if (tenant === null) throw new ExportRejected("it is empty: it is no export");
}

/** The lines of a text as they become complete; an unfinished last one counts too. Throws {@link ExportRejected}. */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const decode = (chunk?: Uint8Array): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      throw new ExportRejected("it is no text in UTF-8");
    }
  };
  let rest = "";
  for await (const chunk of chunks) {
    const lines = (rest + decode(chunk)).split("\n");
    rest = lines.pop() as string;
    if (rest.length > longestLine) throw new ExportRejected("a line is longer than any entry");
    if (lines.length > 0) yield lines;
  }
  rest += decode();
  if (rest !== "") yield [rest];
}
