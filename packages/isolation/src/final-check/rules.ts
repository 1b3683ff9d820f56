/**
 * The rules of the final check by name. Each has a code that callers see and a sentence that names no value. A rule that
 * does not hold refuses the statement; there is no other way out of the check than all of them.
 */
import { IsolationViolation, type FinalCheckCode } from "../errors.ts";

export const rules = {
  "statement/one": ["check/statement", "the text is not exactly one statement"],
  "statement/kind": ["check/statement", "only SELECT, INSERT, UPDATE and DELETE are sent"],
  "statement/limit": [
    "check/statement",
    "the text is too long, too deep, or no text that the server could read",
  ],
  "statement/syntax": ["check/statement", "the text is no SQL"],
  "node/kind": ["check/node", "a part of the statement is of a kind that is not allowed there"],
  "node/part": ["check/node", "a part of the statement says more than is allowed"],
  "relation/unknown": [
    "check/relation",
    "a relation is none of the model's, and no common table expression in sight",
  ],
  "relation/schema": ["check/relation", "a table stands without its schema, or in another one"],
  "relation/name": ["check/relation", "two relations of one FROM have one name"],
  "shape/only": ["check/shape", "a table is read without its partitions"],
  "shape/alias": ["check/shape", "a relation has no name of its own"],
  "shape/alone": ["check/shape", "a table does not stand alone in its FROM"],
  "shape/tenant": ["check/shape", "a table is read without the tenant at the top of its own WHERE"],
  "shape/place": ["check/shape", "a table is read where no guarded view can stand"],
  "shape/position": ["check/shape", "a number or a value stands where a column is ordered or grouped by"],
  "fence/open": [
    "check/fence",
    "a view without a fence stands under an expression that could tell of its hidden rows",
  ],
  "parameter/tenant": ["check/parameter", "the tenant's parameter stands for something else"],
  "parameter/number": ["check/parameter", "a parameter has a number that no statement has"],
  "column/unknown": ["check/column", "a column is unknown, or in several relations"],
  "column/hidden": ["check/column", "a column's relation is hidden by a nearer one of the same name"],
  "column/row": ["check/column", "a whole row is named"],
  "index/place": ["check/column", "a blind index stands where it is not compared with the indexes of values"],
  "index/shown": ["check/column", "a blind index leaves the statement, or its rows are told apart by one"],
  "index/pair": ["check/target", "a sealed column is written without its blind index, or that without it"],
  "function/unknown": ["check/function", "a function is not on the list"],
  "function/signature": ["check/function", "a function is called with types that its entry does not have"],
  "function/part": ["check/function", "a function is called in a way that its kind does not have"],
  "function/control": ["check/function", "a control function is not called alone and with a parameter"],
  "operator/unknown": ["check/operator", "an operator is not on the list"],
  "operator/signature": ["check/operator", "an operator stands between types that its entry does not have"],
  "type/unknown": ["check/type", "a type is not on the list"],
  "type/common": ["check/type", "values that must have one type have several"],
  "cast/pair": ["check/cast", "a cast between these types is not on the list"],
  "collation/unknown": ["check/collation", "a collation is not on the list"],
  "target/table": ["check/target", "no handle writes or locks this table"],
  "target/alias": ["check/target", "the name of a write's target is not its own"],
  "target/column": ["check/target", "a written column is unknown, given twice, or part of the key"],
  "target/tenant": ["check/target", "the tenant of a row is written otherwise than by its own parameter"],
  "target/conflict": ["check/target", "a conflict is looked for without the tenant"],
  "deparse/different": ["check/deparse", "the checked statement reads otherwise when it is printed"],
} as const satisfies Readonly<Record<string, readonly [FinalCheckCode, string]>>;

export type RuleName = keyof typeof rules;

/** A statement that did not pass. The rule goes to operators and tests; the message to callers. */
export class Refused extends IsolationViolation {
  readonly rule: RuleName;

  constructor(rule: RuleName) {
    const [code, why] = rules[rule];
    super(code, `the statement was not sent: ${why}`);
    this.rule = rule;
  }
}

/** Throws unless the rule holds. */
export type Demand = (rule: RuleName, holds: boolean) => void;

/** `without` is for the tests that show what each rule is there for. No caller of the package reaches it. */
export function demanding(without: ReadonlySet<RuleName>): Demand {
  return (rule, holds) => {
    if (!holds && !without.has(rule)) throw new Refused(rule);
  };
}
