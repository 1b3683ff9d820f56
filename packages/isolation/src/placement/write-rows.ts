/**
 * Puts a tenant's rows into tables, first beside them and then all at once: references are looked at when all rows are there,
 * whatever refers to what. Nothing stands until the transaction's end.
 */
import type { SqlSession } from "../contracts.ts";
import { qualify, quoteName } from "../schema/identifier.ts";
import type { TablePlan } from "../schema/table-plan.ts";
import { fromText, type RowTexts } from "./read-rows.ts";
import { insertAll } from "./tenant-tables.ts";

/** Tables beside, for the rest of the transaction. */
export class Staging {
  readonly #session: SqlSession;
  readonly #tenant: string;
  readonly #places: ReadonlyMap<string, string>;
  readonly #plans: readonly TablePlan[];
  readonly #schema: string;

  private constructor(
    session: SqlSession,
    tenant: string,
    schema: string,
    plans: readonly TablePlan[],
    places: ReadonlyMap<string, string>,
  ) {
    this.#session = session;
    this.#tenant = tenant;
    this.#schema = schema;
    this.#plans = plans;
    this.#places = places;
  }

  /** `schema` is where the rows are to stand. */
  static async open(
    session: SqlSession,
    tenant: string,
    schema: string,
    plans: readonly TablePlan[],
  ): Promise<Staging> {
    const places = new Map<string, string>();
    for (const [index, plan] of plans.entries()) {
      const name = quoteName(`staged_${index}`);
      await session.query(
        `CREATE TEMPORARY TABLE ${name} (LIKE ${qualify(schema, plan.name)}) ON COMMIT DROP`,
        [],
      );
      places.set(plan.name, `pg_temp.${name}`);
    }
    return new Staging(session, tenant, schema, plans, places);
  }

  /** Where the rows of a table wait. */
  placeOf(plan: TablePlan): string {
    const place = this.#places.get(plan.name);
    if (place === undefined) throw new TypeError(`the table ${plan.name} is not staged`);
    return place;
  }

  /** The tenant is written by this alone: no row says whose it is. */
  async add(plan: TablePlan, rows: readonly RowTexts[]): Promise<void> {
    if (rows.length === 0) return;
    const columns = plan.columns.map((column) => quoteName(column.name));
    const values = plan.columns.map((column, index) => fromText(column, `r.c${index}`));
    const owner = plan.tenant === null ? [] : [quoteName(plan.tenant)];
    const lists = plan.columns.map((_, index) => `$${index + 1 + owner.length}::text[]`).join(", ");
    const names = plan.columns.map((_, index) => `c${index}`).join(", ");
    await this.#session.query(
      `INSERT INTO ${this.placeOf(plan)} (${[...owner, ...columns].join(", ")})
SELECT ${[...owner.map(() => "$1::text"), ...values].join(", ")} FROM unnest(${lists}) AS r(${names})`,
      [
        ...owner.map(() => this.#tenant),
        ...plan.columns.map((_, index) => rows.map((row) => row[index] ?? null)),
      ],
    );
  }

  /** Moves everything to where it is to stand. */
  async settle(plans: readonly TablePlan[] = this.#plans): Promise<void> {
    if (plans.length === 0) return;
    await this.#session.query(
      insertAll(this.#schema, plans, (plan) => this.placeOf(plan)),
      [],
    );
  }
}
