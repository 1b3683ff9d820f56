/** The names of the statements of a platform's file, a tenant's policy or a pack. */
import type { AssertStatement, Clause, RequireStatement, RuleStatement, Statement } from "@wardline/compiler";
import { roleKeys, typeKeys, visitExpression, type Place } from "./conditions.ts";
import { letsInOrder } from "./layer.ts";
import { joined, nothing } from "./symbol.ts";
import { visitReach, visitWho, type Base, type Reached } from "./reach.ts";
import { fieldKeys, visitSettings, visitTerms } from "./terms.ts";
import { visitTest } from "./tests.ts";

/** Visits all statements but lets, which are understood by how the others use them. */
export function visitStatements(base: Base, statements: readonly Statement[]): void {
  for (const statement of statements) visitStatement(base, statement);
}

/** Visits the lets of a layer, each after those that use it. */
export function visitLets(base: Base): void {
  const { layer, model, collector } = base;
  const names = new Set(layer.lets.keys());
  const calls = (value: unknown): readonly string[] => namesIn(value).filter((name) => names.has(name));
  for (const { name, parameters, value, doc, span: whole } of letsInOrder(layer, (one) => calls(one.value))) {
    collector.declare(name, {
      kind: "let",
      key: `let ${layer.name}/${name.text}`,
      within: layer.name,
      whole,
      doc,
    });
    const use = layer.uses.get(name.text);
    const wanted = layer.wanted.get(name.text) ?? [];
    for (const parameter of parameters ?? []) {
      const key = `let_parameter ${layer.name}/${name.text}/${parameter.text}`;
      collector.declare(parameter, { kind: "let_parameter", key, within: name.text, whole });
    }
    const meant = (parameters ?? []).map(
      ({ text }, index) => [text, joined([use?.args[index] ?? nothing, wanted[index] ?? nothing])] as const,
    );
    const place: Place = {
      ...base,
      principals: use?.principals ?? model.principals,
      entities: use?.entities ?? new Set(model.entities.keys()),
      within: { let: name.text, parameters: new Map(meant) },
    };
    visitExpression(place, value);
  }
}

function visitStatement(base: Base, statement: Statement): void {
  const { collector, layer, model } = base;
  const { doc, span: whole } = statement;
  switch (statement.kind) {
    case "permit":
    case "forbid":
    case "ceiling":
    case "floor":
    case "share":
    case "require":
      collector.declare(statement.name, {
        kind: "rule",
        key: `rule ${layer.name}/${statement.name.text}`,
        within: layer.name,
        whole,
        doc,
      });
      visitRule(base, statement);
      return;
    case "assert":
      collector.declare(statement.name, {
        kind: "assert",
        key: `assert ${layer.name}/${statement.name.text}`,
        within: layer.name,
        whole,
        doc,
      });
      visitAssert(base, statement);
      return;
    case "role":
      for (const name of statement.names)
        collector.declare(name, {
          kind: "role",
          key: `role ${layer.name}/${name.text}`,
          within: layer.name,
          whole,
          doc,
        });
      if (statement.modifier?.kind === "extends")
        for (const name of statement.modifier.names) collector.refer(name, roleKeys(base, name.text));
      if (statement.modifier?.kind === "for")
        for (const name of statement.modifier.types) collector.refer(name, typeKeys(model, name));
      return;
    case "settings":
      visitSettings(base, statement.entries);
      return;
    case "use":
      collector.refer(statement.name, [`pack ${statement.name.text}`]);
      for (const { key, value } of statement.arguments) {
        collector.refer(key, [`parameter ${statement.name.text}/${key.text}`]);
        if (value.kind === "class") collector.mention(value.name, "class", `class ${value.name.text}`);
      }
      return;
    case "parameter":
      collector.declare(statement.name, {
        kind: "parameter",
        key: `parameter ${layer.name}/${statement.name.text}`,
        within: layer.name,
        whole,
        doc,
      });
      return;
    case "test":
      visitTest(base, statement);
      return;
    case "let":
    case "enum":
    case "facts":
    case "entity":
    case "principal":
    case "delegate":
    case "evidence":
    case "relation":
    case "action":
    case "group":
  }
}

function visitRule(base: Base, statement: RuleStatement | RequireStatement): void {
  const reached: Reached =
    statement.reach === null
      ? { principals: base.model.principals, entities: new Set(base.model.entities.keys()) }
      : visitReach(base, statement.reach);
  if (statement.kind === "require") visitTerms(base, statement.terms, reached.entities);
  for (const clause of statement.clauses) visitClause(base, reached, clause);
}

function visitClause(base: Base, reached: Reached, clause: Clause): void {
  switch (clause.kind) {
    case "when":
    case "unless":
      visitExpression({ ...base, ...reached, within: null }, clause.condition);
      return;
    case "with":
      visitTerms(base, clause.terms, reached.entities);
      return;
    case "trusting":
      for (const name of clause.names) {
        const keys = [...roleKeys(base, name.text), ...fieldKeys(base, base.model.principals, name)];
        base.collector.refer(name, keys);
      }
      return;
    case "because":
  }
}

function visitAssert(base: Base, { claim, clauses, except }: AssertStatement): void {
  let reached: Reached;
  if (claim.kind === "permit") reached = visitReach(base, claim.reach);
  else {
    base.collector.refer(claim.entity, typeKeys(base.model, claim.entity));
    const entities = new Set([claim.entity.text]);
    base.collector.refer(claim.field, fieldKeys(base, entities, claim.field));
    reached = { principals: visitWho(base, claim.to), entities };
  }
  for (const clause of clauses) visitClause(base, reached, clause);
  for (const name of except) base.collector.refer(name, base.layer.rules(name.text));
}

/** Bare names anywhere in an expression. */
function namesIn(value: unknown): readonly string[] {
  const found: string[] = [];
  const visit = (part: unknown): void => {
    if (Array.isArray(part)) for (const one of part) visit(one);
    else if (typeof part === "object" && part !== null) {
      const { kind, root } = part as { kind?: unknown; root?: { kind?: unknown; name?: { text: string } } };
      if (kind === "path" && root?.kind === "name" && root.name !== undefined) found.push(root.name.text);
      for (const one of Object.values(part)) visit(one);
    }
  };
  visit(value);
  return found;
}
