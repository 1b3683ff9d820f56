/** Answers as text that can be compared: two answers are one if their JSON documents are. */

/** JSON with sorted keys; a target that threw gives a text that equals no document. */
export function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner: unknown) =>
      typeof inner === "object" && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? "undefined"
  );
}

/** The answer of a target, or what it threw. */
export function answerOf(ask: () => unknown): string {
  try {
    return canonical(ask());
  } catch (error) {
    return `threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
  }
}

/** JSON text of a request. Writes −0 as JSON can: `JSON.stringify` would lose the sign. */
export function requestText(value: unknown): string {
  if (Object.is(value, -0)) return "-0";
  if (Array.isArray(value)) return `[${value.map(requestText).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, inner]) => `${JSON.stringify(key)}:${requestText(inner)}`)
    .join(",")}}`;
}
