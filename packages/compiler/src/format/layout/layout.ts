/** The layout of each rule of the grammar: the one table. A rule without a layout does not compile. */
import type { CstElement, CstFile } from "../../cst/node.ts";
import type { RuleName } from "../../parse/grammar/rule-names.ts";
import { atom, hardLine, notes, sequence } from "../doc.ts";
import type { Doc } from "../doc.ts";
import type { Atoms } from "../atoms.ts";
import { innermost } from "./builder.ts";
import type { Builder, Layout } from "./builder.ts";
import { braced, bracketed, commaList, saying } from "./lists.ts";
import {
  action,
  delegate,
  entity,
  entries,
  enumeration,
  evidence,
  field,
  fields,
  nameGroup,
  role,
} from "./model.ts";
import { assert, clauses, expression, reach, require, rule, shown, who } from "./rules.ts";
import { spaced } from "./spaced.ts";
import { expectation, given, test } from "./tests.ts";

/** `(` and its arguments follow the name. */
const call: Layout = (children, builder, name) =>
  children.length === 1
    ? spaced(children, builder, name)
    : sequence([builder.of(children[0] as CstElement), bracketed(children.slice(1), builder, name)]);

/** Annotations, each on a line of its own, and the statement. */
const statement: Layout = (children, { of }) =>
  sequence(children.flatMap((child, index) => (index === 0 ? [of(child)] : [hardLine("none"), of(child)])));

const layouts: Readonly<Record<RuleName, Layout>> = {
  header: spaced,
  statement,
  annotation: spaced,
  rule,
  require,
  assert,
  permitted: spaced,
  shown,
  role,
  let: spaced,
  settings: entries,
  record: braced,
  use: entries,
  parameter: spaced,
  test,
  testPart: spaced,
  binding: spaced,
  given,
  expect: spaced,
  expectOne: expectation,
  expectList: expectation,
  subject: spaced,
  bareName: spaced,
  instance: spaced,
  attributes: braced,
  datum: spaced,
  datumList: spaced,
  data: bracketed,
  enum: enumeration,
  facts: spaced,
  entity,
  parent: spaced,
  storage: spaced,
  fields,
  field,
  modifier: spaced,
  type: spaced,
  bounds: spaced,
  join: spaced,
  delegate,
  evidence,
  fact: spaced,
  relation: spaced,
  action,
  group: nameGroup,
  reach,
  who,
  roleOrType: spaced,
  actions: spaced,
  types: spaced,
  classOrName: spaced,
  clauses,
  clause: saying,
  trusted: commaList,
  names: commaList,
  typeNames: commaList,
  nameList: bracketed,
  version: spaced,
  number: spaced,
  digits: spaced,
  terms: commaList,
  term: spaced,
  call,
  argument: spaced,
  expression,
  unary: spaced,
  negation: spaced,
  presence: spaced,
  comparison: spaced,
  operator: spaced,
  operand: spaced,
  now: spaced,
  fallback: spaced,
  enumValue: spaced,
  path: spaced,
  args: bracketed,
  literal: spaced,
  scalarOrRange: spaced,
  entityLiteral: spaced,
  negative: spaced,
  list: bracketed,
};

/** The parts of a whole file. It must have no damaged statement. */
export function layoutFile(file: CstFile, { atoms, end }: Atoms): Doc {
  const atomOf = (index: number) => {
    const found = atoms[index];
    if (found === undefined) throw new Error("Invariant: every token has an atom");
    return found;
  };
  const of = (outer: CstElement): Doc => {
    const element = innermost(outer);
    if (element.kind === "token") return atomOf(element.index);
    if (element.rule === "damaged") throw new Error("Invariant: only a whole file is formatted");
    return layouts[element.rule](element.children, builder, element.rule);
  };
  const closing: Builder["closing"] = (element) => {
    if (element.kind !== "token") throw new Error("Invariant: a bracket is a token");
    const found = atomOf(element.index);
    return {
      bracket: found.below ? atom({ ...found, before: [] }, found.after) : found,
      notes: found.before,
    };
  };
  const builder: Builder = { of, closing };
  const parts = file.children.map(of);
  if (end.length > 0) parts.push(notes(end));
  // The header stands apart; between statements the blank lines of the text are kept.
  return sequence(
    parts.flatMap((part, index) => (index === 0 ? [part] : [hardLine(index === 1 ? "one" : "all"), part])),
  );
}
