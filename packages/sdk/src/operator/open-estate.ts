/** What an operator needs to act on tenants' places, from the programs of their policies. */
import type { Program } from "@wardline/core";
import {
  Cells,
  installContextKey,
  PlacementError,
  type CellFactories,
  type ContextKey,
  type Database,
  type Estate,
  type KeyProvider,
  type ShredLedger,
  type SqlSession,
} from "@wardline/isolation";
import { ensureSchema } from "./create-schema.ts";
import { wantedRowSecurity } from "./row-security.ts";

export interface EstateOptions {
  readonly catalogue: Database;
  /** Operators' logins, by the names of the cells. */
  readonly cells: CellFactories;
  /** Tenant → program, of one model. */
  readonly programs: ReadonlyMap<string, Program>;
  /** Who does it, for the record. */
  readonly operator: string;
  /** Installed in databases that do not have it yet: without it no application enters there. */
  readonly contextKey?: ContextKey;
  /** Tenants that are placed get keys of it. */
  readonly keys?: KeyProvider;
  /** The list of tenants that were shredded, `fileLedger(path)`. Those in it are placed, moved and restored nowhere. */
  readonly ledger?: ShredLedger;
}

/** Throws a TypeError without a program: the tables are its model's. */
export function openEstate({
  catalogue,
  cells,
  programs,
  operator,
  contextKey,
  keys,
  ledger,
}: EstateOptions): Estate {
  const all = [...programs.values()];
  const [first] = all;
  if (first === undefined) throw new TypeError("no program says what the tables are");
  return {
    catalogue,
    cells: new Cells(cells),
    stored: first,
    async prepare(database) {
      await ensureSchema(database, all);
      // An embedded database is given one by the process that opens it.
      if (contextKey !== undefined && database.kind === "server")
        await database.turn((session) => ensureKey(session, contextKey));
    },
    rowSecurityOf: (tenant, tier, schema) => {
      if (tier === "pool") return wantedRowSecurity(all, "guardrails", schema);
      const program = programs.get(tenant);
      if (program === undefined)
        throw new PlacementError(
          "placement/no-policy",
          "the tenant has no policy, of which its rows' are made",
        );
      return wantedRowSecurity([program], "rows", schema);
    },
    settingsOf: (tenant) => {
      const program = programs.get(tenant);
      return program === undefined ? null : (program.settings ?? {});
    },
    operator,
    ...(keys === undefined ? {} : { keys }),
    ...(ledger === undefined ? {} : { ledger }),
  };
}

/** Putting a key in again would void the contexts of those who are inside. */
async function ensureKey(session: SqlSession, key: ContextKey): Promise<void> {
  const { rows } = await session.query("SELECT FROM wardline.context_key WHERE id = $1", [String(key.id)]);
  if (rows.length === 0) await installContextKey(session, key);
}
