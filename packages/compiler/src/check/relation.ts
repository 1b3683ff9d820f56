/** Relations between two entities: closed world. */
import type { RelationModel, ScalarType } from "@wardline/core";
import type { Expression, PathExpression } from "../ast/expression.ts";
import { finding } from "../diagnostics/table.ts";
import { withArticle } from "./article.ts";
import { pathText } from "./field-path.ts";
import { fits } from "./fits.ts";
import { ask, never, type Fact, type Formula, type Term } from "./formula.ts";
import type { Known } from "./known.ts";
import { constantOf } from "./literal.ts";
import { sideOf } from "./side.ts";
import { placeKey, type Scope } from "./scope.ts";
import { replaceFix, unknownName } from "./suggest.ts";

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
    const expected = `${withArticle(relation.from)} and ${withArticle(relation.to)}`;
    report.add(finding("type/arguments", name.span, { name: name.text, expected, given: `${args.length}` }));
    return never;
  }
  const swapped = isSwapped(scope, relation, from, to);
  // In another combination they may stand the right way round.
  report.note(placeKey("swapped", path.span), !swapped, () => {
    const why = `\`${name.text}\` takes ${withArticle(relation.from)} first, then ${withArticle(relation.to)}`;
    const span = { ...from.span, end: to.span.end };
    const text = [to, from].map((end) => (end.kind === "path" ? pathText(end) : "")).join(", ");
    return finding(
      "type/never-matches",
      span,
      { why },
      { help: `swap the two: \`${text}\``, fixes: [replaceFix(span, text)] },
    );
  });
  if (swapped) return never;
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

/** True if each argument, a keyword alone, is what the other one should be. */
function isSwapped(scope: Scope, relation: RelationModel, from: Expression, to: Expression): boolean {
  const typeOf = (argument: Expression) =>
    argument.kind !== "path" || argument.root.kind !== "keyword" || argument.steps.length > 0
      ? null
      : argument.root.word === "principal"
        ? scope.principal.name
        : ["resource", "prior", "next"].includes(argument.root.word)
          ? scope.entity.name
          : null;
  return relation.from !== relation.to && typeOf(from) === relation.to && typeOf(to) === relation.from;
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
