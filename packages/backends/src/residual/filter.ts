import type { Decision } from "@wardline/core";
import { bindResidual } from "./bind.ts";
import type { Residual } from "./residual.ts";

/** Which rows of a type somebody may act on: all, none, or those that match. */
export interface Filter {
  readonly kind: Residual["kind"];
  /** As a document; its meaning stands in docs/spec/residual.md. */
  readonly residual: Residual;
  /** True if the action is permitted on the row: a {@link ListedRow} of any origin. What is malformed is not. */
  readonly matches: (row: unknown) => boolean;
  /** The decision on the row, as the engine gives it on the request with that row. */
  readonly decide: (row: unknown) => Decision;
}

export function fixedFilter(residual: Residual): Filter {
  return { kind: residual.kind, residual, ...bindResidual(residual) };
}
