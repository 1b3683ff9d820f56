/** Whether two parse trees say the same, wherever in their texts they say it. */
const places: ReadonlySet<string> = new Set([
  "location",
  "rexpr_list_start",
  "rexpr_list_end",
  "list_start",
  "list_end",
]);

export function isSameTree(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b))
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, index) => isSameTree(item, b[index]))
    );
  const keys = said(a);
  return (
    keys.length === said(b).length &&
    keys.every(
      (key) =>
        Object.hasOwn(b, key) &&
        isSameTree((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
    )
  );
}

function said(node: object): readonly string[] {
  return Object.keys(node).filter((key) => !places.has(key));
}
