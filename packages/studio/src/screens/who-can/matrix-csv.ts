/** The shown matrix as a table for other programs: a line for each cell. */
import type { ShownMatrix } from "./shown.ts";
import { keyOf, type Matrix } from "./use-matrix.ts";

/** RFC 4180, with CRLF. What a spreadsheet would take for a formula begins with an apostrophe. */
export function matrixCsv(
  { who, columns }: Pick<ShownMatrix, "who" | "columns">,
  cells: Matrix["cells"],
): string {
  const head = [
    "who",
    "principal",
    "role",
    "tenant",
    "action",
    "type",
    "access",
    "certain",
    "tries",
    "rules",
  ];
  const lines = who.flatMap((one) =>
    columns.flatMap((column) => {
      const cell = cells.get(keyOf(column))?.get(one.id);
      if (cell === undefined || cell.access === "none") return [];
      return [
        [
          one.label,
          one.principal,
          one.role ?? "",
          one.home ? "own" : "another",
          column.action,
          column.resource,
          cell.access,
          cell.certain ? "yes" : "no",
          String(cell.tries),
          cell.rules.join(" "),
        ],
      ];
    }),
  );
  return [head, ...lines].map((line) => `${line.map(quoted).join(",")}\r\n`).join("");
}

function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
