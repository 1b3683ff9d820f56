import type { CompareOp } from "@wardline/core";

export function orderHolds(op: CompareOp, a: bigint, b: bigint): boolean {
  switch (op) {
    case "eq":
      return a === b;
    case "lt":
      return a < b;
    case "le":
      return a <= b;
    case "gt":
      return a > b;
    case "ge":
      return a >= b;
  }
}
