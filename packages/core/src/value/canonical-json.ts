/**
 * A JSON value as one text: no white space, keys in code unit order (as RFC 8785 §3.2.3 orders them). Equal values have
 * equal texts, so that digests of them can be compared. Only for what JSON can carry.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  let text = "";
  if (Array.isArray(value)) {
    for (const item of value) text += text === "" ? canonicalJson(item) : `,${canonicalJson(item)}`;
    return `[${text}]`;
  }
  const record = value as Readonly<Record<string, unknown>>;
  // Without an order of its own `toSorted` compares by code units.
  for (const key of Object.keys(record).toSorted())
    text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${canonicalJson(record[key])}`;
  return `{${text}}`;
}
