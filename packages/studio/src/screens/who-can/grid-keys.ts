/** Where the keys of a grid lead: one cell has the focus, arrows move it, and Home, End and the page keys go to the ends. */

export interface GridPlace {
  readonly row: number;
  readonly column: number;
}

/** Null for a key that leads nowhere. */
export function moved(
  key: string,
  isCtrl: boolean,
  { row, column }: GridPlace,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): GridPlace | null {
  const at = (r: number, c: number): GridPlace => ({
    row: Math.min(Math.max(r, 0), rows - 1),
    column: Math.min(Math.max(c, 0), columns - 1),
  });
  switch (key) {
    case "ArrowUp":
      return at(isCtrl ? 0 : row - 1, column);
    case "ArrowDown":
      return at(isCtrl ? rows : row + 1, column);
    case "ArrowLeft":
      return at(row, isCtrl ? 0 : column - 1);
    case "ArrowRight":
      return at(row, isCtrl ? columns : column + 1);
    case "Home":
      return at(isCtrl ? 0 : row, 0);
    case "End":
      return at(isCtrl ? rows : row, columns);
    case "PageUp":
      return at(row - 8, column);
    case "PageDown":
      return at(row + 8, column);
    default:
      return null;
  }
}
