/** The databases of the cells, each opened once. */
import type { Database } from "../contracts.ts";
import { atSchema } from "./at-schema.ts";
import type { Spot } from "./placement.ts";

/** Opens a database of a cell: its own, or a tenant's by its name. */
export type CellFactory = (database: string | null) => Database;

/** Name of a cell → how its databases are opened. */
export type CellFactories = Readonly<Record<string, CellFactory>>;

export class Cells {
  readonly #factories: CellFactories;
  readonly #open = new Map<string, Database>();
  readonly #spots = new Map<string, Database>();

  constructor(factories: CellFactories) {
    this.#factories = factories;
  }

  has(cell: string): boolean {
    return Object.hasOwn(this.#factories, cell);
  }

  /** The database of a spot, with its schema; undefined for a cell that nobody gave a way to. */
  at({ cell, database, schema }: Spot): Database | undefined {
    const found = this.database(cell, database);
    if (found === undefined) return undefined;
    const key = JSON.stringify([cell, database, schema]);
    const spot = this.#spots.get(key) ?? atSchema(found, schema);
    this.#spots.set(key, spot);
    return spot;
  }

  /** One object for one database, whatever the schema. */
  database(cell: string, database: string | null): Database | undefined {
    const factory = Object.hasOwn(this.#factories, cell) ? this.#factories[cell] : undefined;
    if (factory === undefined) return undefined;
    const key = JSON.stringify([cell, database]);
    const opened = this.#open.get(key) ?? factory(database);
    this.#open.set(key, opened);
    return opened;
  }

  async close(): Promise<void> {
    const all = [...this.#open.values()];
    this.#open.clear();
    this.#spots.clear();
    await Promise.all(all.map((database) => database.close()));
  }
}
