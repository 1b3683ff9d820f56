/** Relations between two entities: closed world. */
import type { ScalarType } from "@wardline/core";
import type { Expression, PathExpression } from "../ast/expression.ts";
import { finding } from "../diagnostics/table.ts";
import { fits } from "./fits.ts";
import { ask, never, type Fact, type Formula, type Term } from "./formula.ts";
import type { Known } from "./known.ts";
import { constantOf } from "./literal.ts";
import { sideOf } from "./side.ts";
import type { Scope } from "./scope.ts";
import { unknownName } from "./suggest.ts";

/** `guards(principal, resource)`: closed world. */
export function checkRelation(
  scope: Scope,
  path: PathExpression,
  args: readonly Expression[],
  known: Known,
): Formula {
  const { report, model } = scope.setting;
  if (path.root.kind !== "name") return never;
  const { name } = path.root;
  const relation = model.relations.get(name.text);
  if (relation === undefined) {
    report.add(unknownName("relation", name, model.relations.keys()));
    return never;
  }
  const [from, to] = args;
  if (from === undefined || to === undefined || args.length !== 2) {
    const expected = `a ${relation.from} and a ${relation.to}`;
    report.add(finding("type/arguments", name.span, { name: name.text, expected, given: `${args.length}` }));
    return never;
  }
  const ends = [relationEnd(scope, from, relation.from, known), relationEnd(scope, to, relation.to, known)];
  const [a, b] = ends;
  if (a === null || a === undefined || b === null || b === undefined) return never;
  if (a.kind === "constant" && b.kind === "constant") {
    report.add(finding("type/no-fact", path.span, {}));
    return never;
  }
  const fact: Fact = {
    source: { from: "relation", name: name.text },
    type: { kind: "set", of: { kind: "string" } },
    optional: false,
  };
  return ask({ kind: "related", relation: fact, from: a, to: b });
}

function relationEnd(scope: Scope, argument: Expression, entity: string, known: Known): Term | null {
  const { report } = scope.setting;
  const wanted: ScalarType = { kind: "entity", entity };
  const side = sideOf(scope, argument, known);
  if (side === null) return null;
  if (side.kind === "set" || side.kind === "list") {
    report.add(
      finding("type/mismatch", argument.span, {
        left: entity,
        right: side.kind === "set" ? "a set" : "a list",
      }),
    );
    return null;
  }
  const term = side.kind === "fact" ? side.term : constantOf(scope, side.expression, wanted);
  if (term === null) return null;
  const type = term.kind === "constant" ? term.type : side.kind === "fact" ? side.type : wanted;
  return fits(scope, argument, wanted, type) ? term : null;
}
