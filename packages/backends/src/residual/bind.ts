/** A residual as a function of rows: the decision on each, as the engine gives it on the request with that row. */
import { compileRows, type BoundRows } from "./row/decide-row.ts";
import { denied } from "../closure/denied.ts";
import type { Residual } from "./residual.ts";
import { testOfAtom } from "./row/row-test.ts";

/**
 * Composes a residual into closures. A row is a {@link ListedRow} of any origin: what is malformed is denied as
 * `invalid_input`. It is for documents that `filterFor` made: another one, where it does not throw, means nothing.
 */
export function bindResidual(residual: Residual): BoundRows {
  if (residual.kind === "never" && residual.body === null) {
    const decision = residual.decision ?? denied.invalid_input;
    return { matches: () => false, decide: () => decision };
  }
  const body = residual.kind === "never" ? residual.body : residual;
  if (body === null) throw new RangeError("a residual without a body");
  const effects = residual.kind === "never" ? { fields: [], obligations: [] } : residual;
  const rows = compileRows({
    kind: residual.kind,
    conditions: body.conditions,
    permitted: residual.kind === "predicate" ? residual.permitted : residual.kind === "always" ? 1 : 0,
    fields: effects.fields,
    obligations: effects.obligations,
    left: body.left,
    facts: body.facts,
    numbers: body.facts.map((_, i) => i),
  });
  return rows({
    tests: body.atoms.map(testOfAtom),
    tenant: body.tenant,
    rules: body.rules,
    left: body.left,
    decision: residual.kind === "never" ? residual.decision : null,
  });
}
