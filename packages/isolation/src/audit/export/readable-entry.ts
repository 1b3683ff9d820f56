/** What a stored entry says in clear, for events and questions: read from its text, whatever else stands there. */

export interface ReadableEntry {
  readonly id: string | null;
  readonly kind: string;
  readonly action: string;
  readonly entity: string;
  readonly outcome: string | null;
  readonly rules: readonly string[];
  readonly reason: string | null;
  /** The id is null where it is sealed. */
  readonly principal: { readonly type: string; readonly id: string | null };
  /** All of it. */
  readonly document: Readonly<Record<string, unknown>>;
}

/** Null for a text that is no entry. */
export function readEntry(text: string): ReadableEntry | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(parsed)) return null;
  const { id, kind, action, entity, outcome, rules, reason, principal } = parsed;
  const who = isRecord(principal) ? principal : {};
  const texts = (list: unknown): readonly string[] =>
    Array.isArray(list) ? list.filter((item) => typeof item === "string") : [];
  if (typeof kind !== "string" || typeof action !== "string" || typeof entity !== "string") return null;
  return {
    id: orNull(id),
    kind,
    action,
    entity,
    outcome: orNull(outcome),
    rules: texts(rules),
    reason: orNull(reason),
    principal: { type: orNull(who["type"]) ?? "", id: orNull(who["id"]) },
    document: parsed,
  };
}

/** When an entry was appended, as text; its microseconds are kept. */
export function timeText(at: number): string {
  const micros = ((at % 1000) + 1000) % 1000;
  return new Date((at - micros) / 1000).toISOString().replace("Z", `${String(micros).padStart(3, "0")}Z`);
}

const orNull = (value: unknown): string | null => (typeof value === "string" ? value : null);

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
