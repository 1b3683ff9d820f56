/** What is printed of operations on tenants. */
import type { Progress, Receipt, Spot } from "@wardline/isolation";
import type { Io } from "../io.ts";
import { visible } from "../report/visible.ts";

/** A line for each step, and how far it is where somebody watches. */
export function tellProgress(io: Io): (progress: Progress) => void {
  return ({ step, number, steps, what, done, all }) => {
    if (what === null) io.err(`${number}/${steps} ${step}\n`);
    else if (io.interactive)
      io.err(`\r  ${visible(what)}: ${done}${all === null ? "" : ` of ${all}`}\x1b[K\r`);
  };
}

export function tellReceipt(io: Io, { kind, tenant, operation, sha256 }: Receipt): void {
  io.out(`${visible(tenant)}: ${kind} done\n  operation ${operation}\n  receipt sha256:${sha256}\n`);
}

export function spotText({ cell, database, schema }: Spot): string {
  return `${cell}${database === null ? "" : `, database ${database}`}, schema ${schema}`;
}
