/** A process that shreds tenants, all at the same time, and may be killed at any moment: it waits for a line, then begins. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Program } from "@wardline/core";
import { parseNoteSigner, vaultTransit, type NoteSigner } from "@wardline/isolation";
import { openEstate, shredTenant } from "../src/operator/index.ts";
import { postgresOperator, type PostgresOptions } from "../src/postgres/index.ts";

export interface ChildWork {
  readonly reach: PostgresOptions;
  readonly vault: string;
  readonly signer: string;
  readonly programs: readonly Program[];
}

const work = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as ChildWork;
const of = new Set((process.argv[3] ?? "").split(","));
const pool = { max: 12 };
const at = (database: string) => postgresOperator({ ...work.reach, database, pool });
const sign = parseNoteSigner(work.signer) as NoteSigner;
const estate = openEstate({
  catalogue: at("catalogue"),
  cells: { left: () => at("left"), right: () => at("right") },
  programs: new Map(work.programs.map((program) => [program.tenant, program])),
  operator: "olga",
  keys: vaultTransit({ address: work.vault, token: async () => "token" }),
});
process.stdout.write("ready\n");
await once(process.stdin, "data");
await Promise.all(
  work.programs
    .filter(({ tenant }) => of.has(tenant))
    .map(async ({ tenant }) => {
      for (;;)
        try {
          const { kind } = await shredTenant(estate, tenant, { sign, lease: 50 });
          process.stdout.write(`${tenant} ${kind}\n`);
          return;
        } catch (error) {
          // What the process before it left is its own for a moment longer.
          if ((error as { readonly code?: unknown }).code !== "placement/busy") throw error;
          await sleep(20);
        }
    }),
);
process.exit(0);
