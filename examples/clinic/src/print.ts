/** Plain text for a terminal. */
export function heading(text: string): void {
  process.stdout.write(`\n${text}\n${"─".repeat(text.length)}\n`);
}

export function line(text = ""): void {
  process.stdout.write(`${text}\n`);
}

/** Rows as a table; null stands for what is not shown. */
export function table(rows: readonly Readonly<Record<string, string | number | boolean | null>>[]): void {
  const names = Object.keys(rows[0] ?? {});
  const cells = [names, ...rows.map((row) => names.map((name) => String(row[name] ?? "·")))];
  const widths = names.map((_, column) =>
    Math.max(...cells.map((row) => [...(row[column] as string)].length)),
  );
  for (const row of cells)
    line(
      `    ${row
        .map((cell, column) => cell + " ".repeat((widths[column] as number) - [...cell].length))
        .join("  ")
        .trimEnd()}`,
    );
}
