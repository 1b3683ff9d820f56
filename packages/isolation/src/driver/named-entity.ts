/** Which of the model's entities a refused statement names first, for the record: a name of the model or none, never the caller's own words. */
import type { FinalCheck } from "../final-check/final-check.ts";
import type { StoredModel } from "../schema/table-plan.ts";
import { isStored } from "../gate/catalogue.ts";
import { maxRawText } from "../raw/plan-raw.ts";
import { rawQueryOf, type AskedQuery } from "../raw/raw-query.ts";

/** Empty where it names none, or cannot be read. */
export function namedEntity({ model }: StoredModel, check: FinalCheck, query: AskedQuery): string {
  const entities = new Map(
    model.entities.filter(isStored).map(({ name, storage }) => [storage.table, name] as const),
  );
  try {
    const node = query.copy();
    const raw = rawQueryOf(node);
    // Invariant: no text goes to the grammar that would not have gone there unrefused.
    if (raw !== null && raw.text.length > maxRawText) return "";
    const tree: unknown = raw === null ? node : check.parse(raw.text);
    return entities.get(firstTable(tree, (table) => entities.has(table)) ?? "") ?? "";
  } catch {
    return "";
  }
}

/** As a builder's tree names tables, and as the grammar does. */
function firstTable(tree: unknown, isWanted: (table: string) => boolean): string | null {
  if (typeof tree !== "object" || tree === null) return null;
  const { kind, table, relname } = tree as Readonly<Record<string, unknown>>;
  const own = kind === "TableNode" ? nameIn(table) : relname;
  if (typeof own === "string" && isWanted(own)) return own;
  for (const part of Object.values(tree)) {
    const found = firstTable(part, isWanted);
    if (found !== null) return found;
  }
  return null;
}

function nameIn(table: unknown): unknown {
  return (table as { readonly identifier?: { readonly name?: unknown } } | undefined)?.identifier?.name;
}
