/** An error as its caller sees it, as text, without what neither rows nor statements decide. */

/** An error with all that it carries. */
export function failure(error: unknown): string {
  if (!(error instanceof Error)) return `thrown ${String(error)}`;
  const carried = { ...error, name: error.name, message: error.message };
  return nameless(JSON.stringify(stillReferenced(carried) ?? carried, plain));
}

export function plain(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  return ArrayBuffer.isView(value) ? Buffer.from(value as Uint8Array).toString("hex") : value;
}

/** The names of prepared statements count what the process has prepared so far. */
function nameless(text: string): string {
  return text.replaceAll(/\bwardline_\d+_(?=[0-9a-f]{12}\b)/g, "wardline_N_");
}

/**
 * Of several references that keep rows from going, Postgres names the one that it meets first: that is the order in which it
 * scans the rows, which its statistics of the whole table decide. That there is one is for the rows to say.
 */
function stillReferenced(error: Readonly<Record<string, unknown>>): Record<string, unknown> | null {
  const { code, name, severity, message } = error;
  const [begin] =
    /^update or delete on table "(?:[^"]|"")*" violates foreign key/.exec(String(message)) ?? [];
  return code === "23503" && begin !== undefined ? { code, name, severity, message: begin } : null;
}
