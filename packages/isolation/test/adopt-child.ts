/**
 * A process that takes a step of an adoption and is killed on the way. It says that it is ready, is told what to do and at which statement
 * to die, and says when it came to the end. It imports no more than it needs: hundreds of them are started.
 */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { deserialize } from "node:v8";
import { connect, type PostgresServer } from "@wardline/database-testing";
import type { Database, SqlSession } from "../src/contracts.ts";
import type { Catalogue } from "../src/doctor/catalogue.ts";
import {
  abortAdoption,
  adoptColumns,
  dropPlaintext,
  switchAdopted,
} from "../src/keys/adopt/adopt-columns.ts";
import { localKeys } from "../src/keys/local/local-keys.ts";
import type { StoredModel } from "../src/schema/table-plan.ts";

/** What the process finds in the file that its command line names. */
export interface ChildWorld {
  readonly login: Pick<PostgresServer, "host" | "port" | "user" | "password" | "database">;
  readonly keyFile: string;
  readonly stored: StoredModel;
  readonly wanted: Catalogue;
}

export type ChildStep = "begin" | "switch" | "drop" | "abort";

export interface ChildOrder {
  readonly step: ChildStep;
  /** The number of the statement at which it dies; 0 for none. */
  readonly killAt: number;
  /** Below 0: before the statement is sent. Else so many milliseconds after, whether it was answered or not. */
  readonly delay: number;
}

const world = deserialize(readFileSync(process.argv[2] as string)) as ChildWorld;
process.stdout.write("ready\n");
const line = await new Promise<string>((resolve) => {
  createInterface(process.stdin).once("line", resolve);
});
const order = JSON.parse(line) as ChildOrder;
const die = (): void => void process.kill(process.pid, "SIGKILL");
let sent = 0;

async function openSession(): Promise<SqlSession> {
  const { query } = await connect(world.login);
  return {
    async query(sql, parameters) {
      sent += 1;
      const isLast = sent === order.killAt;
      if (isLast && order.delay < 0) die();
      if (isLast) setTimeout(die, order.delay);
      const { rows } = await query(sql, [...parameters]);
      if (isLast && order.delay === 0) die();
      return { rows: [...rows], affected: rows.length };
    },
  };
}

const idle: SqlSession[] = [];
const database: Database = {
  kind: "server",
  purpose: "operator",
  schema: "public",
  async turn(run) {
    const session = idle.pop() ?? (await openSession());
    const result = await run(session);
    idle.push(session);
    return result;
  },
  batch: () => Promise.reject(new Error("an operator sends none")),
  close: () => Promise.resolve(),
};

const { stored, wanted } = world;
// Pages of a few rows, so that there are many to die between.
const options = {
  database,
  stored,
  keys: localKeys(world.keyFile),
  operator: "olga",
  pages: { pageRows: 4 },
  lockTimeout: 200,
};
switch (order.step) {
  case "begin":
    await adoptColumns(options);
    break;
  case "switch":
    await switchAdopted({ ...options, wanted, revision: 8 });
    break;
  case "drop":
    await dropPlaintext({ ...options, wanted, rewrite: true });
    break;
  case "abort":
    await abortAdoption(options);
}
process.stdout.write(`done ${sent}\n`);
process.exit(0);
