/** What the module lacks of the language: programs that have it are refused. */
import type { Construct } from "../beyond.ts";

export const lacks: ReadonlySet<Construct> = new Set<Construct>([
  "floor",
  "share",
  "precondition of a grant",
  "limit",
  "duty",
  "approval",
  "partial_first",
  "bucket",
  "month",
  "year",
  "token",
  "hash",
]);
