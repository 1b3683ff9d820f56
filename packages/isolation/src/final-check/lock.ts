/** FOR UPDATE and its like: on a table that handles write, alone in its FROM, and waiting for the lock. */
import type { Node } from "libpg-query";
import type { BaseTable } from "./base-table.ts";
import { expected, onlyParts, type Checking } from "./checking.ts";
import { Refused } from "./rules.ts";

const strengths = ["LCS_FORKEYSHARE", "LCS_FORSHARE", "LCS_FORNOKEYUPDATE", "LCS_FORUPDATE"];

export function checkLocks(
  checking: Checking,
  locks: readonly Node[],
  base: BaseTable | null,
): readonly Node[] {
  return locks.map((node) => {
    const lock = expected(node, "LockingClause");
    onlyParts(checking, lock, ["strength", "waitPolicy"]);
    const { strength, waitPolicy } = lock;
    checking.demand("target/table", base !== null && !base.table.readOnly);
    if (strength === undefined || !strengths.includes(strength) || waitPolicy !== "LockWaitBlock")
      throw new Refused("node/part");
    return { LockingClause: { strength, waitPolicy } };
  });
}
