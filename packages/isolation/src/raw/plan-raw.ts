/**
 * A caller's own SELECT: read by the server's grammar, put over guarded views that are always fenced and leave out what is
 * sealed, and printed from the checked tree. The final check sees the result like every other text.
 */
import { randomBytes } from "node:crypto";
import type { KnownFacts } from "@wardline/core";
import type { ParamRef, SelectStmt } from "libpg-query";
import type { SqlStatement } from "../contracts.ts";
import { IsolationViolation } from "../errors.ts";
import { createTreeCheck } from "../final-check/final-check.ts";
import { loadParser, type Parser } from "../final-check/parse.ts";
import { asCallers } from "../driver/checked-session.ts";
import type { GuardedDialectOptions } from "../driver/options.ts";
import { createRewriting } from "../scope/guarded-source.ts";
import { render } from "../scope/text.ts";
import { callerMeanings, meanings, numbered, type Meaning } from "./raw-parameters.ts";
import { replaceTables, type RawView } from "./raw-tree.ts";

export async function planRaw(
  options: GuardedDialectOptions,
  facts: KnownFacts,
  text: string,
  values: readonly unknown[],
): Promise<SqlStatement> {
  const { guard, database } = options;
  const { schema } = database;
  const parser = await loadParser();
  const statement = readSelect(parser, text);
  const known = new Map<ParamRef, Meaning>();
  meanings(statement, callerMeanings(statement, values), known);
  const rewriting = createRewriting({
    guard,
    facts,
    schema,
    asks: "list",
    sealMarker: randomBytes(16).toString("hex"),
  });
  const check = options.finalCheck(guard.program, schema);
  const numbers = new Map<string, (number: number) => Meaning>();
  const viewOf = (table: string): RawView => {
    const view = rewriting.source(table);
    const { text: sql, parameters } = render(view.text);
    const { text: checked, namesTenant } = check.check(sql);
    const select = readSelect(parser, checked);
    const shown = view.columns.filter((column) => column.sealed === null).map(({ name }) => name);
    // Invariant: a sealed cell never stands where a caller's expression could take it apart.
    select.targetList = (select.targetList ?? []).filter(
      (target) => "ResTarget" in target && shown.includes(target.ResTarget.name ?? ""),
    );
    const own = parameters.map((value, index): Meaning =>
      namesTenant && index === 0 ? { tenant: true } : { value },
    );
    numbers.set(table, (number) => own[number - 1] as Meaning);
    return { select, columns: shown };
  };
  replaceTables(statement, (table) => {
    const { select, columns } = viewOf(table);
    return { select: marked(select, table), columns };
  });
  restore(statement, known, numbers);
  const parameters = numbered(statement, known, facts.tenant.id);
  const checkTree = createTreeCheck(parser, guard.program, { schema });
  const sql = asCallers(() => checkTree({ SelectStmt: statement }));
  return { sql, parameters };
}

/** Marks a view's parameters with their table, since its tree is copied to wherever the table is named. */
function marked(select: SelectStmt, table: string): SelectStmt {
  const mark = (tree: unknown): void => {
    if (typeof tree !== "object" || tree === null) return;
    if ("ParamRef" in tree) Object.assign(tree.ParamRef as object, { table });
    else for (const child of Object.values(tree)) mark(child);
  };
  mark(select);
  return select;
}

/** Takes the marks away and gives the parameters of views their meanings. */
function restore(
  tree: unknown,
  known: Map<ParamRef, Meaning>,
  numbers: ReadonlyMap<string, (number: number) => Meaning>,
): void {
  if (typeof tree !== "object" || tree === null) return;
  if (!("ParamRef" in tree)) {
    for (const child of Object.values(tree)) restore(child, known, numbers);
    return;
  }
  const parameter = tree.ParamRef as ParamRef & { table?: string };
  const { table } = parameter;
  if (table === undefined) return;
  delete parameter.table;
  const meaning = numbers.get(table)?.(parameter.number ?? 0);
  if (meaning !== undefined) known.set(parameter, meaning);
}

function readSelect(parser: Parser, text: string): SelectStmt {
  const [statement, ...more] = parser.parse(text);
  if (statement === undefined || more.length > 0 || !("SelectStmt" in statement))
    throw new IsolationViolation("query/raw-statement", "text is one SELECT and nothing else");
  return statement.SelectStmt;
}
