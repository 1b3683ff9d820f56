/** The formula that says whether a precondition is met. Absent evidence is unmet. */
import type { ScalarType } from "@wardline/core";
import { all, ask, compare, never, type Fact, type Formula } from "./formula.ts";
import type { Precondition } from "./precondition.ts";
import type { Model } from "./symbols.ts";
import type { EntitySymbol, EvidenceFact } from "./symbols.ts";

const duration: ScalarType = { kind: "duration" };

export function metFormula(
  model: Model,
  principal: EntitySymbol,
  { obligation, evidence }: Precondition,
): Formula {
  const [first, second] = evidence.facts.map((fact) => factOf(model, principal, fact));
  if (first === undefined || first === null) return never;
  if (obligation.type === "reason") return ask({ kind: "has", fact: first });
  const held = ask({ kind: "truth", of: { kind: "fact", fact: first, fallback: null } });
  if (obligation.within === null) return held;
  if (second === undefined || second === null) return never;
  const age = { kind: "fact", fact: second, fallback: null } as const;
  return all([held, compare("le", age, { kind: "constant", value: obligation.within, type: duration })]);
}

/** Null: this kind of principal has no such fact. */
function factOf(model: Model, principal: EntitySymbol, { root, name }: EvidenceFact): Fact | null {
  if (root === "context") {
    const fact = model.context.get(name);
    return fact === undefined
      ? null
      : { source: { from: "context", name }, type: fact.type, optional: fact.optional };
  }
  const field = principal.fields.get(name)?.model;
  if (field === undefined) return null;
  return { source: { from: "principal_attribute", name }, type: field.type, optional: field.optional };
}
