/** Two databases that hold one scenario after the other, and the statements that are asked of both. */
import {
  openEntry,
  storedField,
  type AuditSealer,
  type ContextClaims,
  type TenantSealers,
} from "@wardline/isolation";
import type { OpenCell } from "../../agree/world-database.ts";
import type { AnyDb } from "../statement/build-expression.ts";
import type { Statement } from "../statement/language.ts";
import { observe } from "../observe/observe.ts";
import { guardedDb, type Plant } from "../observe/scoped.ts";
import { unscopedDb } from "../observe/unscoped.ts";
import type { Place, Places } from "../world/place.ts";
import type { Scenario } from "../world/scenario.ts";
import { dropTables, makeTables, storeWorld, type StoredWorld } from "../world/stored-world.ts";
import { fixedSealers } from "./fixed-sealers.ts";
import { compare, type Seen } from "./compare.ts";
import type { Setting } from "./setting.ts";
import { isWriting } from "./shapes.ts";

export interface Asked {
  readonly outcome: string;
  readonly rows: number;
  /** What is wrong, or null. */
  readonly wrong: string | null;
}

export interface Harness {
  readonly name: Place["name"];
  /** Puts a scenario into both databases; the statements that follow are asked in it. */
  enter(scenario: Scenario, setting: Setting, plant?: Plant): Promise<void>;
  /** Enters the last scenario again, in tables that are made anew. */
  renew(): Promise<void>;
  ask(statement: Statement): Promise<Asked>;
  close(): Promise<void>;
}

interface Side {
  readonly world: StoredWorld;
  readonly db: AnyDb;
  readonly operator: unknown[];
  readonly place: Place;
  original: Awaited<ReturnType<StoredWorld["state"]>>;
  audited: number;
}

const tenants = ["north", "south", "constructor", "lab_1", "east"];

export async function createHarness(places: Places): Promise<Harness> {
  const sealers = new Map(tenants.map((tenant) => [tenant, fixedSealers(tenant)]));
  const sealersOf = (tenant: string): TenantSealers => sealers.get(tenant) as TenantSealers;
  let made = 0;
  let standing: { readonly key: string; readonly schema: string } | null = null;
  let scenario: Scenario | null = null;
  let sides: readonly Side[] = [];
  let setting: Setting = "both";
  let planted: Plant = (options) => options;

  async function dropStanding(): Promise<void> {
    if (standing !== null) for (const place of places) await dropTables(place, standing.schema);
    standing = null;
  }

  async function schemaFor(next: Scenario, setting: Setting): Promise<string> {
    const key = JSON.stringify([next.program.model, next.program.sealed, setting === "scope"]);
    if (standing?.key === key) return standing.schema;
    await dropStanding();
    made += 1;
    const schema = `fuzz_${made}`;
    for (const place of places)
      await makeTables(place, next.program, { schema, rowSecurity: setting !== "scope" });
    // One after the other: two databases of one server share the roles.
    for (const place of places) await place.gate();
    standing = { key, schema };
    return schema;
  }

  const harness: Harness = {
    name: places[0].name,
    async enter(next, asked, plant = (options) => options) {
      setting = asked;
      planted = plant;
      const schema = await schemaFor(next, setting);
      // One ciphertext for one value in one place: what is sealed is compared too.
      const sealed = new Map<string, Uint8Array>();
      const seal = ({ entity, field, row, text }: OpenCell) => {
        const place = { ...storedField(next.program.model, entity, field), row: row.id };
        const cell = JSON.stringify([row.tenant, place, text]);
        const bytes = sealed.get(cell) ?? Buffer.from(sealersOf(row.tenant).cells.seal(place, text), "hex");
        sealed.set(cell, bytes);
        return bytes;
      };
      const index = ({ entity, field, row, text }: OpenCell) => {
        const of = storedField(next.program.model, entity, field);
        return Buffer.from(sealersOf(row.tenant).cells.blindIndex(of, text), "hex");
      };
      scenario = next;
      sides = await Promise.all(
        places.map(async (place, at): Promise<Side> => {
          const world = next.worlds[at] as Scenario["worlds"][number];
          const stored = await storeWorld(place, schema, next.program, world, { seal, index });
          const operator: unknown[] = [];
          const database = { ...place.database, schema };
          const gate = await place.gate();
          const onOperatorError = (error: unknown) => operator.push(error);
          const { guard, asker } = next;
          const db =
            setting === "rls"
              ? unscopedDb({ database, gate, claims: claimsOf(asker) })
              : guardedDb(
                  { database, guard, gate, sealers: { of: sealersOf }, world, asker, onOperatorError },
                  plant,
                );
          const original = await stored.state();
          return { world: stored, db, operator, place, original, audited: await auditHead(place, next) };
        }),
      );
    },
    async renew() {
      if (scenario === null) throw new TypeError("no scenario was entered");
      await dropStanding();
      await harness.enter(scenario, setting, planted);
    },
    async ask(statement) {
      if (scenario === null) throw new TypeError("no scenario was entered");
      const here = scenario;
      const writes = isWriting(statement);
      // Two databases of a server work at the same time.
      const seen = await Promise.all(
        sides.map(async (side): Promise<Seen> => {
          side.operator.length = 0;
          const observed = await observe(side.db, statement);
          const operator = JSON.stringify(side.operator.map(errorText));
          if (!writes) {
            const audit = recordsReads(here)
              ? await auditSince(side, here, sealersOf(here.asker.tenant).audit)
              : [];
            return { observed, operator, before: null, after: null, audit };
          }
          const after = await side.world.state();
          const audit = await auditSince(side, here, sealersOf(here.asker.tenant).audit);
          if (isChanged(side.original, after)) await side.world.restore();
          return { observed, operator, before: side.original, after, audit };
        }),
      );
      const [first] = seen as [Seen, Seen];
      const wrong = compare(here, setting, statement, seen as [Seen, Seen]);
      return { outcome: first.observed.outcome, rows: first.observed.rows, wrong };
    },
    async close() {
      for (const place of places) await place.close();
    },
  };
  return harness;
}

function claimsOf({ tenant, principal: { type, id } }: Scenario["asker"]): ContextClaims {
  return {
    tenant,
    principal: { type, id },
    placementEpoch: 0,
    factsEpoch: null,
    revision: "1",
    intent: "gate",
    facts: {},
  };
}

/** An entry is held against the statement that it is of, which may name what is hidden: its values are on record. */
function recordsReads({ texts }: Scenario): boolean {
  return /\baudit\b/.test(texts.policy + texts.platform);
}

function isChanged(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): boolean {
  return before.size !== after.size || [...after].some(([key, value]) => before.get(key) !== value);
}

function errorText(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  return {
    ...error,
    message: error.message,
    cause: error.cause === undefined ? null : errorText(error.cause),
  };
}

async function auditHead(place: Place, { asker }: Scenario): Promise<number> {
  const { rows } = await place.admin((session) =>
    session.query("SELECT coalesce(max(seq), 0)::text AS seq FROM wardline.audit WHERE tenant_id = $1", [
      asker.tenant,
    ]),
  );
  return Number(rows[0]?.["seq"] ?? 0);
}

/** Opened, and without what is random in each. */
async function auditSince(side: Side, { asker }: Scenario, sealer: AuditSealer): Promise<readonly string[]> {
  const { rows } = await side.place.admin((session) =>
    session.query(
      "SELECT seq::text AS seq, entry FROM wardline.audit WHERE tenant_id = $1 AND seq > $2 ORDER BY wardline.audit.seq",
      [asker.tenant, side.audited],
    ),
  );
  if (rows.length > 0) side.audited = Number(rows.at(-1)?.["seq"]);
  return rows.map((row) => {
    const { id: _id, of: _of, ...entry } = openEntry(row["entry"] as string, sealer);
    return JSON.stringify(entry);
  });
}
