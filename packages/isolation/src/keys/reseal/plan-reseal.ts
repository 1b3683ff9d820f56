/** What a reseal of a tenant would do, told without doing it. */
import { asOperator, snapshot } from "../../placement/operator-session.ts";
import { qualify, quoteName } from "../../schema/identifier.ts";
import { sealedTables } from "../jobs/sealed-tables.ts";
import type { KeyPurpose } from "../key-provider.ts";
import { opensNothing } from "./nowhere-else.ts";
import { resealState } from "./reseal-state.ts";
import { resealTable, type ResealTarget } from "./reseal-table.ts";
import type { PerPurpose, ResealOptions, ResealWorld } from "./reseal-options.ts";

export interface ResealPlan {
  readonly tenant: string;
  /** A reseal that was left off; then it is gone on with, and no version is added. */
  readonly resumes: boolean;
  /** The versions that would be added. */
  readonly adds: Readonly<Partial<Record<KeyPurpose, number>>>;
  readonly target: ResealTarget;
  /** Rows that have a cell or an index below the target, of all rows. */
  readonly tables: readonly { readonly table: string; readonly rows: number; readonly pending: number }[];
  /** Versions that would open nothing any more afterwards. */
  readonly retires: PerPurpose;
  /** Versions whose bytes would be taken away. */
  readonly destroys: PerPurpose;
}

/** Throws as `resealTenant` does before it begins. */
export async function planReseal(
  { database, stored, tenant }: Pick<ResealWorld, "database" | "stored" | "tenant">,
  { rotate = [], destroyRetired = false }: ResealOptions = {},
): Promise<ResealPlan> {
  const { schema } = database;
  return asOperator(
    database,
    async (session) => {
      const state = await resealState(session, { tenant, schema }, stored);
      const resumes = state.begun !== null;
      const adds: Partial<Record<KeyPurpose, number>> = {};
      if (!resumes) for (const purpose of new Set(rotate)) adds[purpose] = (state.newest[purpose] ?? 0) + 1;
      const target = { seal: adds.seal ?? state.target.seal, index: adds.index ?? state.target.index };
      const retires = {
        seal: adds.seal === undefined ? state.below.seal : [...state.below.seal, state.target.seal],
        index: adds.index === undefined ? state.below.index : [...state.below.index, state.target.index],
      };
      const destroys = {
        seal: destroyRetired ? [...state.retired.seal, ...retires.seal] : [],
        index: destroyRetired ? [...state.retired.index, ...retires.index] : [],
      };
      const tables = [];
      for (const sealed of sealedTables(stored)) {
        const { isPending } = resealTable({ tenant, schema }, sealed, target, opensNothing);
        const { name, tenant: column } = sealed.table;
        const { rows } = await session.query(
          `SELECT pg_catalog.count(*)::text AS rows, (pg_catalog.count(*) FILTER (WHERE ${isPending}))::text AS pending
FROM ${qualify(schema, name)} AS t WHERE t.${quoteName(column)} = $1`,
          [tenant],
        );
        tables.push({ table: name, rows: Number(rows[0]?.["rows"]), pending: Number(rows[0]?.["pending"]) });
      }
      return { tenant, resumes, adds, target, tables, retires, destroys };
    },
    snapshot,
  );
}
