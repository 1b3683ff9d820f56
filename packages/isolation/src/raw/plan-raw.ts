/**
 * A caller's own SQL as the statement that is sent for it: one SELECT in which each table is the guarded view of it, behind
 * its fence. What comes of it is a text like any other and goes through the final check once more before it is sent.
 */
import type { Node, SelectStmt } from "libpg-query";
import type { SqlStatement } from "../contracts.ts";
import { IsolationViolation, UnsupportedQuery } from "../errors.ts";
import { opened } from "../final-check/checking.ts";
import { asCallers } from "../driver/checked-session.ts";
import type { FinalCheck } from "../final-check/final-check.ts";
import type { Rewriting } from "../scope/rewriting.ts";
import { distinctOutputs } from "./distinct-outputs.ts";
import { callerNumbers, renumbered } from "./parameters.ts";
import { refuseStatement } from "./raw-names.ts";
import type { RawQuery } from "./raw-query.ts";
import { rawParts } from "./raw-select.ts";
import { createRawViews } from "./raw-view.ts";
import { namesColumn } from "./names-column.ts";

/** The longest text, in UTF-16 units: the grammar is read on a stack of its own, which no text may fill. */
export const maxRawText = 10_000;

/** Throws before anything is executed. `rewriting` fences every view. */
export function planRaw(check: FinalCheck, rewriting: Rewriting, { text, values }: RawQuery): SqlStatement {
  if (text.length > maxRawText)
    throw new IsolationViolation("query/raw-statement", `raw SQL has at most ${maxRawText} characters`);
  rewriting.fence.keep();
  const views = createRawViews(check, rewriting);
  return unlessTooDeep(() => {
    const select = onlySelect(check.parse(text));
    const numbers = callerNumbers(select);
    if (numbers.size !== values.length || [...numbers].some((number) => number > values.length))
      throw new UnsupportedQuery(
        "query/unsupported-value",
        `raw SQL: the text has the parameters of ${numbers.size} values, and ${values.length} were given`,
      );
    const reading = { view: (table: string) => views.view(table), parts: rawParts };
    const { node } = rawParts.select(reading, select, new Map());
    const { tenant } = views;
    const parameters = [...tenant, ...values, ...views.values];
    const tree = renumbered(distinctOutputs(node), {
      tenants: tenant.length,
      callers: values.length,
      views: views.values.length,
    });
    try {
      return { sql: asCallers(() => check.print({ SelectStmt: tree })), parameters };
    } catch (error) {
      throw named(error, select, views.sealed);
    }
  });
}

function onlySelect(statements: readonly Node[]): SelectStmt {
  const [only, ...more] = statements;
  const [kind, content] = opened(only);
  if (kind !== "SelectStmt" || more.length > 0) return refuseStatement();
  return content;
}

/** A column that is left out of the views is unknown to the check; its name says why. */
function named(error: unknown, select: SelectStmt, sealed: readonly string[]): unknown {
  if (!(error instanceof IsolationViolation) || error.code !== "check/column") return error;
  const column = sealed.find((name) => namesColumn(select, name));
  return column === undefined
    ? error
    : new UnsupportedQuery(
        "query/sealed-column",
        `column ${column} is sealed: raw SQL does not name it, select it by the builder`,
      );
}

function unlessTooDeep<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof RangeError) || !/call stack/i.test(error.message)) throw error;
    throw new UnsupportedQuery("query/unsupported-node", "raw SQL: the text is nested too deeply");
  }
}
