/** A process that reseals tenants, all at the same time, and may be killed at any moment: it waits for a line, then begins. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Program } from "@wardline/core";
import { localKeys } from "@wardline/isolation";
import { resealTenant } from "../src/operator/reseal-tenant.ts";
import { postgresOperator, type PostgresOptions } from "../src/postgres/index.ts";

export interface ChildWork {
  readonly reach: PostgresOptions;
  readonly keys: string;
  readonly programs: readonly Program[];
  /** Milliseconds. */
  readonly settle: number;
}

const work = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as ChildWork;
const keys = localKeys(work.keys);
const database = postgresOperator({ ...work.reach, pool: { max: work.programs.length } });
process.stdout.write("ready\n");
await once(process.stdin, "data");
await Promise.all(
  work.programs.map(async (program) => {
    const target = { database, program, keys, operator: "olga" };
    const { outcome } = await resealTenant(target, {
      rotate: ["seal", "index"],
      settle: work.settle,
      pageRows: 3,
    });
    process.stdout.write(`${program.tenant} ${outcome}\n`);
  }),
);
process.exit(0);
