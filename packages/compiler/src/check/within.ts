/** `a in b`: reflexive and transitive over the declared parents. */
import { formatType } from "@wardline/core";
import type { Expression } from "../ast/expression.ts";
import { finding } from "../diagnostics/table.ts";
import { withArticle } from "./article.ts";
import { ask, compare, never, type Fact, type Formula } from "./formula.ts";
import { constantOf } from "./literal.ts";
import type { Side } from "./side.ts";
import { placeKey, type Scope } from "./scope.ts";

/** The condition that an entity is another, or stands below it. */
export function within(
  scope: Scope,
  left: Extract<Side, { kind: "fact" }>,
  right: Side,
  expression: Expression,
): Formula {
  const { report, model } = scope.setting;
  const group =
    right.kind === "open"
      ? constantOf(scope, right.expression, left.type)
      : right.kind === "fact"
        ? right.term
        : null;
  if (group === null || right.kind === "set" || right.kind === "list") return never;
  const type = group.kind === "constant" ? group.type : right.kind === "fact" ? right.type : left.type;
  if (left.type.kind !== "entity" || type.kind !== "entity") {
    const help = "write `in [..]` for one of several values";
    const what = `nothing is below a value of type ${formatType(type)}`;
    report.add(finding("type/in", expression.span, { what, help }));
    return never;
  }
  const { entity } = type;
  const own = model.entities.get(left.type.entity);
  const same = left.type.entity === entity;
  const isPrincipal = left.read.anchor?.root === "principal" && left.read.anchor.attribute === null;
  const above = (isPrincipal ? own?.above : own?.storedAbove)?.has(entity) === true;
  if (!above && own?.above.has(entity) === true) {
    report.add(finding("type/session-parents", left.read.span, { path: left.read.text }));
    return never;
  }
  report.note(placeKey("within", expression.span), same || above, () =>
    finding("type/never-matches", expression.span, {
      why: `no ${formatType(left.type)} is ever in ${withArticle(entity)}`,
    }),
  );
  if (!same && !above) return never;
  if (!above) return compare("eq", left.term, group);
  if (left.read.anchor === null) {
    const what = `what is above \`${left.read.text}\` is not known`;
    const help = "put the principal, a row or what one of them refers to before `in`";
    report.add(finding("type/in", left.read.span, { what, help }));
    return never;
  }
  if (left.term.kind === "fact" && left.term.fallback !== null) {
    const what = "what is above an entity after `??` is not known";
    const help = `write \`has ${left.read.text} and ${left.read.text} in …\``;
    report.add(finding("type/in", left.read.span, { what, help }));
    return never;
  }
  const ancestors: Fact = {
    source: { from: "ancestors", of: left.read.anchor, entity },
    type: { kind: "set", of: { kind: "entity", entity } },
    // Invariant: never optional. A gate that left them out would make `not in` hold for every group.
    optional: false,
  };
  return ask({ kind: "within", entity: left.term, group, same, ancestors });
}
