/**
 * A pack's statements with what its user gave in place of the parameters. What is put in stands at the parameter's own
 * place, so that whatever is wrong with it is shown in the pack.
 */
import type { Expression, PathExpression } from "../ast/expression.ts";
import { mapPaths } from "../ast/map-paths.ts";
import type {
  Clause,
  Reach,
  RequireStatement,
  RuleStatement,
  SettingsStatement,
  Statement,
  Term,
  TermRecord,
} from "../ast/statement.ts";
import type { Argument } from "./parameter.ts";

export type Arguments = ReadonlyMap<string, Argument>;

export function substitute(statement: Statement, given: Arguments): Statement {
  switch (statement.kind) {
    case "permit":
    case "forbid":
    case "ceiling":
    case "floor":
    case "share":
      return inRule(statement, given);
    case "require":
      return inRequire(statement, given);
    case "settings":
      return substituteSettings(statement, given);
    case "assert":
    case "role":
    case "let":
    case "use":
    case "test":
    case "parameter":
    case "enum":
    case "facts":
    case "entity":
    case "principal":
    case "delegate":
    case "evidence":
    case "relation":
    case "action":
    case "group":
      return statement;
  }
}

function inRule(rule: RuleStatement, given: Arguments): RuleStatement {
  return { ...rule, reach: inReach(rule.reach, given), clauses: inClauses(rule.clauses, given) };
}

function inRequire(rule: RequireStatement, given: Arguments): RequireStatement {
  return {
    ...rule,
    terms: rule.terms.map((term) => inObligation(term, given)),
    reach: rule.reach === null ? null : inReach(rule.reach, given),
    clauses: inClauses(rule.clauses, given),
  };
}

function inReach(reach: Reach, given: Arguments): Reach {
  const { touching } = reach;
  const argument = touching?.kind === "name" ? given.get(touching.name.text) : undefined;
  if (touching === null || argument?.kind !== "class") return reach;
  return { ...reach, touching: { kind: "class", name: { ...touching.name, text: argument.name } } };
}

function inClauses(clauses: readonly Clause[], given: Arguments): readonly Clause[] {
  return clauses.map((clause) => {
    switch (clause.kind) {
      case "when":
      case "unless":
        return { ...clause, condition: mapPaths(clause.condition, (path) => ofPath(path, given)) };
      case "with":
        return { ...clause, terms: clause.terms.map((term) => inObligation(term, given)) };
      case "because":
      case "trusting":
        return clause;
    }
  });
}

/** A bare name in a condition. */
function ofPath(path: PathExpression, given: Arguments): Expression {
  if (path.root.kind !== "name" || path.args !== null || path.steps.length > 0) return path;
  const { name } = path.root;
  const argument = given.get(name.text);
  if (argument === undefined) return path;
  const { span } = path;
  return argument.kind === "class"
    ? { ...path, root: { kind: "class", name: { text: argument.name, span } } }
    : { kind: "literal", type: argument.type, text: argument.text, span };
}

/** An obligation's own name is no parameter; what stands in its parentheses can be. */
function inObligation(term: Term, given: Arguments): Term {
  if (term.kind !== "call") return term;
  return { ...term, args: term.args.map((arg) => ({ ...arg, term: inTerm(arg.term, given) })) };
}

function inTerm(term: Term, given: Arguments): Term {
  if (term.kind !== "call") return term;
  const argument = term.args.length === 0 ? given.get(term.name.text) : undefined;
  if (argument === undefined) return inObligation(term, given);
  const { span } = term;
  return argument.kind === "class"
    ? { kind: "class", name: { text: argument.name, span }, span }
    : { kind: "literal", type: argument.type, text: argument.text, span };
}

/** Settings with what was given in place of the parameters. */
export function substituteSettings(statement: SettingsStatement, given: Arguments): SettingsStatement {
  const inValue = (value: Term | TermRecord): Term | TermRecord =>
    value.kind === "record"
      ? { ...value, entries: value.entries.map((e) => ({ ...e, value: inTerm(e.value, given) })) }
      : inTerm(value, given);
  return {
    ...statement,
    entries: statement.entries.map((entry) => ({ ...entry, value: inValue(entry.value) })),
  };
}
