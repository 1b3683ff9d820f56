/** The steps of a move. Each checks the fences that it relies on in the transaction that changes something, and can be run again. */
import { exportAudit } from "../audit/export-audit.ts";
import type { SqlSession } from "../contracts.ts";
import { controlSchema, qualify, quoteName } from "../schema/identifier.ts";
import { dropRowFunctions } from "../schema/row-security-ddl.ts";
import { changePlacement, forgetSpot, locate, recordSpot } from "./catalogue.ts";
import { copyTenant } from "./copy-tenant.ts";
import { expectHead } from "./copy-audit.ts";
import { databaseAt, inOneDatabase, makeDatabase, plansOf, type Estate } from "./estate.ts";
import { drain, expectFence, putFence, readFence, shut } from "./fence.ts";
import { latestVersion } from "./migrations.ts";
import type { MovePlan } from "./move-tenant.ts";
import { asOperator, snapshot } from "./operator-session.ts";
import { holdIn, notePlan, type Lease, type Operation } from "./operation-log.ts";
import { PlacementError } from "./placement-error.ts";
import { sameSpot } from "./placement.ts";
import { imagesOf, type TableImage } from "./read-rows.ts";
import { raiseRowSecurity } from "./row-security.ts";
import type { Step } from "./run-steps.ts";
import { deleteAll, tenantTables } from "./tenant-tables.ts";
import { inTransaction } from "./transaction.ts";

export const moveStepNames = [
  "make tables",
  "close for writing",
  "copy",
  "compare",
  "leave the source",
  "open the target",
  "enter the catalogue",
  "clear the source",
] as const;

type Name = (typeof moveStepNames)[number];

export function moveSteps(
  estate: Estate,
  { tenant, plan }: Operation<MovePlan>,
  lease: Lease,
  found: { tables: readonly TableImage[] },
): readonly Step[] {
  const { from, to, epoch, next } = plan;
  const { catalogue } = estate;
  const plans = plansOf(estate);
  const source = databaseAt(estate, from);
  const target = databaseAt(estate, to);
  const within = inOneDatabase(from, to);
  const arriving = within
    ? ({ epoch, state: "read_only" } as const)
    : ({ epoch: next, state: "moved" } as const);

  const steps: Readonly<Record<Name, Step["run"]>> = {
    "make tables": async () => {
      await makeDatabase(estate, to);
      await estate.prepare(target);
      await raiseRowSecurity(estate, tenant, to);
      if (!within) {
        if ((await source.turn(databaseId)) === (await target.turn(databaseId)))
          throw new PlacementError(
            "placement/same-place",
            `the cells ${from.cell} and ${to.cell} lead to one database: what is copied would be deleted with its source`,
          );
        await asOperator(target, (session) => putFence(session, tenant, { epoch: next, state: "moved" }));
      }
      if (await holdsRows())
        throw new PlacementError(
          "placement/not-empty",
          "the new place holds rows of the tenant already: nobody but an operator can say whose they are",
        );
      await inTransaction(catalogue, async (session) => {
        await recordSpot(session, to, await latestVersion(session));
      });
    },

    "close for writing": async () => {
      await inTransaction(catalogue, async (session) => {
        await holdIn(session, lease);
        const now = await locate(session, tenant);
        if (now?.epoch !== epoch || !["active", "moving"].includes(now.state)) throw changed();
        await changePlacement(session, now, { ...from, epoch, state: "moving" });
      });
      await shut(source, tenant, { epoch, state: "read_only" });
    },

    copy: (tell) =>
      copyTenant(estate, { tenant, plans, from, to, fence: arriving, withShared: to.tier !== "pool" }, tell),

    compare: async (tell) => {
      const counted = (table: string, rows: number): Promise<void> => tell(table, rows, null);
      const [before, head] = await asOperator(
        source,
        async (session) => [
          await imagesOf(session, from.schema, plans, tenant, counted),
          (await exportAudit(session, tenant)).head,
        ],
        snapshot,
      );
      const after = await asOperator(
        target,
        async (session) => {
          await expectHead(session, tenant, head);
          return imagesOf(session, to.schema, plans, tenant, counted);
        },
        snapshot,
      );
      const differs = before.find((image, index) => {
        const other = after[index];
        return image.table !== other?.table || image.rows !== other.rows || image.sha256 !== other.sha256;
      });
      if (differs !== undefined)
        throw new PlacementError(
          "placement/copy-differs",
          `what was copied of ${differs.table} is not what is at the source`,
        );
      found.tables = after;
      await notePlan(catalogue, lease, { tables: after });
    },

    "leave the source": async () => {
      await asOperator(source, async (session) => {
        const fence = await readFence(session, tenant);
        // It was cut off after it had been done.
        if (fence?.epoch === next && fence.state === "moved") return;
        await expectFence(session, tenant, { epoch, state: "read_only" });
        await putFence(session, tenant, { epoch: next, state: "moved" });
      });
      // Who still reads there reads to the end: the rows go when nobody does any more.
      await drain(source, tenant);
    },

    "open the target": async () => {
      // What was changed or dropped since it was made is put back before anybody is let in.
      await raiseRowSecurity(estate, tenant, to);
      await asOperator(target, async (session) => {
        const fence = await readFence(session, tenant);
        if (fence?.epoch === next && fence.state === "active") return;
        await expectFence(session, tenant, { epoch: next, state: "moved" });
        await putFence(session, tenant, { epoch: next, state: "active" });
      });
    },

    "enter the catalogue": async () => {
      await inTransaction(catalogue, async (session) => {
        await holdIn(session, lease);
        const now = await locate(session, tenant);
        if (now?.epoch === next && sameSpot(now, to)) return;
        if (now?.epoch !== epoch || now.state !== "moving") throw changed();
        await changePlacement(session, now, { ...to, epoch: next, state: "active" });
      });
    },

    "clear the source": async () => {
      const now = await catalogue.turn((session) => locate(session, tenant));
      // Invariant: nothing is deleted where the tenant lives.
      if (now === null || !sameSpot(now, to)) throw changed();
      await asOperator(source, async (session) => {
        await expectFence(session, tenant, { epoch: next, state: within ? "active" : "moved" });
        if (from.tier !== "schema") {
          await session.query(deleteAll(from.schema, tenantTables(plans)), [tenant]);
          return;
        }
        for (const { name, tenant: column } of await tablesThere()) {
          const { rows } = await session.query(
            `SELECT FROM ${qualify(from.schema, name)} WHERE ${quoteName(column)} <> $1 LIMIT 1`,
            [tenant],
          );
          if (rows.length > 0)
            throw new PlacementError("placement/not-alone", `${name} holds rows of another tenant`);
        }
        await session.query(`DROP SCHEMA IF EXISTS ${quoteName(from.schema)} CASCADE`, []);
        await session.query(dropRowFunctions(from.schema), []);

        async function tablesThere(): Promise<ReturnType<typeof tenantTables>> {
          const { rows } = await session.query(
            `SELECT c.relname::text AS name FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1`,
            [from.schema],
          );
          const names = new Set(rows.map((row) => row["name"]));
          return tenantTables(plans).filter((plan) => names.has(plan.name));
        }
      });
      if (from.tier === "schema") await inTransaction(catalogue, (session) => forgetSpot(session, from));
    },
  };
  return moveStepNames.map((name) => ({ name, run: steps[name] }));

  /** Whether the target has rows of the tenant before anything was copied there. */
  async function holdsRows(): Promise<boolean> {
    return asOperator(target, async (session) => {
      for (const { name, tenant: column } of tenantTables(plans)) {
        const { rows } = await session.query(
          `SELECT FROM ${qualify(to.schema, name)} WHERE ${quoteName(column)} = $1 LIMIT 1`,
          [tenant],
        );
        if (rows.length > 0) return true;
      }
      return false;
    });
  }
}

/** The same for two ways to one database, and for no others: it is made at random with the database's first key. */
async function databaseId(session: SqlSession): Promise<string> {
  const { rows } = await session.query(
    `SELECT COALESCE(pg_catalog.encode(${qualify(controlSchema, "cluster_id")}(), 'hex'), pg_catalog.gen_random_uuid()::text) AS id`,
    [],
  );
  return String(rows[0]?.["id"]);
}

function changed(): PlacementError {
  return new PlacementError(
    "placement/wrong-state",
    "the catalogue has the tenant elsewhere, or in another state",
  );
}
