/** An error as its caller sees it, as text, without what neither rows nor statements decide. */

/** An error with all that it carries. */
export function failure(error: unknown): string {
  if (!(error instanceof Error)) return `thrown ${String(error)}`;
  const carried = { ...error, name: error.name, message: error.message };
  return opaque(nameless(JSON.stringify(carried, plain)));
}

export function plain(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  return ArrayBuffer.isView(value) ? Buffer.from(value as Uint8Array).toString("hex") : value;
}

/** A continuation is sealed under a random id: of two that hold the same only the length is the same. */
function opaque(text: string): string {
  return text.replaceAll(
    /"continuation":"wlc1\.([\w-]+)"/g,
    (_, sealed: string) => `"continuation":${sealed.length}`,
  );
}

/** The names of prepared statements count what the process has prepared so far. */
function nameless(text: string): string {
  return text.replaceAll(/\bwardline_\d+_(?=[0-9a-f]{12}\b)/g, "wardline_N_");
}
