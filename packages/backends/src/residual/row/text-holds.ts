/** Both are well formed, so that no match begins inside of a surrogate pair. */
export function textHolds(op: "starts_with" | "ends_with" | "contains", text: string, part: string): boolean {
  switch (op) {
    case "starts_with":
      return text.startsWith(part);
    case "ends_with":
      return text.endsWith(part);
    case "contains":
      return text.includes(part);
  }
}
