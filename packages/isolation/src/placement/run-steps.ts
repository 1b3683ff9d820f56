/** Runs the steps of an operation from where it was left off. Every step can be run again after it was cut off anywhere. */
import type { Database } from "../contracts.ts";
import { advance, leaveOperation, renew, type Lease, type Operation } from "./operation-log.ts";

export interface Step {
  readonly name: string;
  run(tell: Tell): Promise<void>;
}

/** Says how far a step is: rows, of how many if that is known. Holds on to the operation. */
export type Tell = (what: string, done: number, all: number | null) => Promise<void>;

export interface Progress {
  readonly step: string;
  /** From 1. */
  readonly number: number;
  readonly steps: number;
  readonly what: string | null;
  readonly done: number;
  readonly all: number | null;
}

export interface Watch {
  /** Told of every step as it begins, and of its pages. What it throws stops the operation, to be resumed. */
  readonly onProgress?: (progress: Progress) => void;
}

/** Rejects with what stopped it; the operation then stands where it was, for whoever takes it over. */
export async function runSteps(
  catalogue: Database,
  operation: Operation,
  lease: Lease,
  steps: readonly Step[],
  { onProgress = () => undefined }: Watch,
): Promise<void> {
  let renewed = performance.now();
  let lost: unknown = null;
  for (const [index, step] of steps.entries()) {
    if (index < operation.done) continue;
    const report = (what: string | null, done: number, all: number | null): void =>
      onProgress({ step: step.name, number: index + 1, steps: steps.length, what, done, all });
    try {
      report(null, 0, null);
      await step.run(async (what, done, all) => {
        report(what, done, all);
        if (lost !== null) throw lost as Error;
        if (performance.now() - renewed < lease.life / 4) return;
        renewed = performance.now();
        // Not waited for: an embedded catalogue may be the database whose turn the step holds.
        void renew(catalogue, lease).catch((error: unknown) => (lost = error));
      });
      await advance(catalogue, lease, index + 1);
      renewed = performance.now();
    } catch (error) {
      await leaveOperation(catalogue, lease, `${step.name}: ${problemOf(error)}`).catch(() => undefined);
      throw error;
    }
  }
}

const spoken = new Set([
  "PlacementError",
  "ArchiveRejected",
  "RowSecurityRefused",
  "UnsupportedInSql",
  "ShredRefused",
  "ShredWaits",
  "KeyProviderError",
  "KeyRegistryError",
]);

/** Codes and our own words; a database's own may hold values of rows. */
export function problemOf(error: unknown): string {
  const { name, code, message } = error as { name?: unknown; code?: unknown; message?: unknown };
  if (spoken.has(String(name))) return `${String(code)}: ${String(message)}`;
  return typeof code === "string" ? `the database said ${code}` : "it was cut off";
}
