/** Names as someone writes them: in quotes, bare, or bare and in upper case where that means the same. */
import type { Maker } from "./maker.ts";

/** Words of the grammar among the names of generated models. */
const reserved: ReadonlySet<string> = new Set(["order", "select", "when"]);

export function rawName(maker: Maker, name: string): string {
  const { random } = maker;
  const bare = /^[a-z_][a-z0-9_]*$/.test(name) && !reserved.has(name);
  if (!bare || random.chance(0.4)) return `"${name}"`;
  return random.chance(0.5) ? name : name.toUpperCase();
}

export function rawColumn(maker: Maker, table: string | null, column: string): string {
  const name = rawName(maker, column);
  return table === null ? name : `${rawName(maker, table)}.${name}`;
}

/** A text in quotes, as the server reads it under the settings that are pinned. */
export const rawText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
