/** The named statements of one connection, by their text, the least recently used given up first. */
import { createHash } from "node:crypto";
import type { ParseCell } from "../wire/parse-cell.ts";

export interface Field {
  readonly name: string;
  readonly parse: ParseCell;
}

export interface PreparedStatement {
  readonly sql: string;
  readonly name: string;
  /** How its rows are read; null until the server has described them. */
  fields: readonly Field[] | null;
}

const most = 256;

export class PreparedStatements {
  readonly #known = new Map<string, PreparedStatement>();
  #made = 0;

  find(sql: string): PreparedStatement | undefined {
    const found = this.#known.get(sql);
    if (found === undefined) return undefined;
    this.#known.delete(sql);
    this.#known.set(sql, found);
    return found;
  }

  /** A statement with a name that no other had on this connection. It is not known before the server has it. */
  draft(sql: string): PreparedStatement {
    const digest = createHash("sha256").update(sql).digest("hex").slice(0, 12);
    return { sql, name: `wardline_${++this.#made}_${digest}`, fields: null };
  }

  /** The server has prepared it. */
  keep(statement: PreparedStatement): void {
    this.#known.set(statement.sql, statement);
  }

  /** The names to be closed so that there is room for more. */
  giveUp(): readonly string[] {
    const names: string[] = [];
    for (const [sql, { name }] of this.#known) {
      if (this.#known.size < most) break;
      this.#known.delete(sql);
      names.push(name);
    }
    return names;
  }

  /** The server has none any more. */
  clear(): void {
    this.#known.clear();
  }
}
