/**
 * Leads a tenant's transactions to its place. What it remembers may be old: the database of the place refuses an old epoch, and
 * then it is looked up anew. It must never lead anywhere on a guess: what it cannot look up, it refuses.
 */
import type { Database, Place, Places } from "../contracts.ts";
import { IsolationViolation } from "../errors.ts";
import { locate } from "./catalogue.ts";
import type { Cells } from "./cells.ts";
import type { Placement } from "./placement.ts";

export interface RouterOptions {
  /** The database with the catalogue. */
  readonly catalogue: Database;
  /** The ways to the cells, which stay the caller's to close. */
  readonly cells: Cells;
  /** The least version that the tables of a place must have; none is asked for if left out. */
  readonly version?: number;
  /** The longest that a place is remembered, in milliseconds; a minute if left out. */
  readonly remember?: number;
  /** How long a new place is waited for while a move ends, in milliseconds; two seconds if left out. */
  readonly patience?: number;
}

interface Remembered {
  readonly place: Place;
  readonly until: number;
}

/** Asked whenever a place has been looked up, before anything goes there; what it throws refuses the tenant. */
export type CheckPlace = (database: Database, placement: Placement) => Promise<void>;

const between = 50;

export class Router {
  readonly #options: RouterOptions;
  readonly #cells: Cells;
  readonly #check: CheckPlace;
  readonly #known = new Map<string, Remembered>();
  readonly #asking = new Map<string, Promise<Place>>();
  readonly #onOperatorError: (error: unknown) => void;

  constructor(options: RouterOptions, check: CheckPlace, onOperatorError: (error: unknown) => void) {
    this.#options = options;
    this.#cells = options.cells;
    this.#check = check;
    this.#onOperatorError = onOperatorError;
  }

  /** The way to one tenant's place. Throws IsolationViolation with a code that begins with `placement/`. */
  placesOf(tenant: string): Places {
    return { find: (stale) => this.#find(tenant, stale) };
  }

  async #find(tenant: string, stale: Place | undefined): Promise<Place> {
    if (stale === undefined) {
      const known = this.#known.get(tenant);
      return known !== undefined && performance.now() < known.until ? known.place : this.#ask(tenant);
    }
    // Another transaction may have found the new place meanwhile.
    const known = this.#known.get(tenant)?.place;
    if (known !== undefined && known.epoch > stale.epoch) return known;
    this.#known.delete(tenant);
    const end = performance.now() + (this.#options.patience ?? 2000);
    for (;;) {
      const place = await this.#ask(tenant);
      if (place.epoch !== stale.epoch || performance.now() + between > end) return place;
      this.#known.delete(tenant);
      await new Promise((resolve) => setTimeout(resolve, between));
    }
  }

  /** Calls at one time are one look. */
  #ask(tenant: string): Promise<Place> {
    const asking =
      this.#asking.get(tenant) ?? this.#lookUp(tenant).finally(() => this.#asking.delete(tenant));
    this.#asking.set(tenant, asking);
    return asking;
  }

  async #lookUp(tenant: string): Promise<Place> {
    const found = await this.#options.catalogue
      .turn((session) => locate(session, tenant))
      .catch((error: unknown) => {
        this.#onOperatorError(error);
        throw new IsolationViolation("placement/unreachable", "the catalogue of places cannot be asked");
      });
    if (found === null)
      throw new IsolationViolation("placement/unknown-tenant", "the catalogue places the tenant nowhere");
    const place = this.#placeOf(found);
    await this.#check(place.database, found);
    this.#known.set(tenant, { place, until: performance.now() + (this.#options.remember ?? 60_000) });
    return place;
  }

  #placeOf(found: Placement): Place {
    switch (found.state) {
      case "suspended":
        throw new IsolationViolation("placement/suspended", "the tenant is suspended");
      case "moved":
        throw new IsolationViolation("placement/unknown-tenant", "the catalogue places the tenant nowhere");
      case "active":
      case "read_only":
      case "moving":
        break;
    }
    if (found.version < (this.#options.version ?? 0))
      throw new IsolationViolation(
        "placement/behind",
        `the tables of the tenant's place have the version ${found.version}, and ${this.#options.version} is needed: go on with the migration`,
      );
    const database = this.#cells.at(found);
    if (database === undefined)
      throw new IsolationViolation(
        "placement/unknown-cell",
        `the tenant is placed in the cell ${found.cell}, and there is no way to it here`,
      );
    return { database, epoch: found.epoch };
  }
}
