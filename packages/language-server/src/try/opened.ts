/** A tenant's policy as it can be asked, or why it cannot. */
import type { CheckedTest } from "@wardline/compiler";
import type { Program, SourceMap } from "@wardline/core";
import type { Snapshot } from "../workspace/snapshot.ts";
import type { Refused } from "../protocol/requests.ts";

export interface Opened {
  readonly program: Program;
  readonly sourceMap: SourceMap | null;
  /** The tests of the platform and of the policy. */
  readonly tests: readonly CheckedTest[];
}

export function opened(snapshot: Snapshot, tenant: string): Opened | Refused {
  const compiled = snapshot.compiled(tenant);
  if (compiled === undefined) return { refused: `The project has no tenant called ${tenant}.` };
  const { program, sourceMap, tests, findings } = compiled;
  if (program !== null) return { program, sourceMap, tests };
  const error = findings.find(({ severity }) => severity === "error");
  const where = error === undefined ? "" : ` in ${error.labels[0].span.file}: ${error.message}`;
  return { refused: `The policy has an error${where}. Until it is mended nothing can be decided by it.` };
}
