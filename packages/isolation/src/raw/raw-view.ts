/**
 * The guarded views of one raw statement as trees. What only the process can show is left out of them: a raw statement can
 * do anything with a column, and with those it must do nothing.
 */
import type { SelectStmt } from "libpg-query";
import { opened } from "../final-check/checking.ts";
import type { FinalCheck } from "../final-check/final-check.ts";
import { isFenced } from "../final-check/view-shape.ts";
import type { Rewriting } from "../scope/rewriting.ts";
import { render, type Sql } from "../scope/text.ts";
import { mapNumbers, tenantNumber } from "./parameters.ts";
import type { RawView } from "./raw-names.ts";

export interface RawViews {
  /** Throws `query/unknown-table`, or what the policy says to nobody's asking. */
  view(table: string): RawView;
  /** The tenant, once some view names it. */
  readonly tenant: readonly unknown[];
  /** Of the views' own parameters. */
  readonly values: readonly unknown[];
  /** Columns that were left out. */
  readonly sealed: readonly string[];
}

export function createRawViews(check: FinalCheck, rewriting: Rewriting): RawViews {
  const known = new Map<string, RawView>();
  const tenant: unknown[] = [];
  const values: unknown[] = [];
  const sealed: string[] = [];
  const read = (table: string): RawView => {
    const { text, columns } = rewriting.source(table);
    const { select, parameters, named } = viewTree(check, text);
    const sealedNames = columns.filter((column) => column.sealed !== null).map(({ name }) => name);
    const hidden = [...sealedNames, ...columns.flatMap(({ index }) => index ?? [])];
    const shown = columns.filter((column) => column.sealed === null).map(({ name }) => name);
    sealed.push(...sealedNames);
    if (named && tenant.length === 0) tenant.push(parameters[0]);
    // Parameters of columns that are left out go with them: the server takes none that is named nowhere.
    const numbers = new Map<number, number>(named ? [[1, tenantNumber]] : []);
    const numbered = mapNumbers(without(table, select, hidden, shown), (number) => {
      const found = numbers.get(number) ?? tenantNumber - values.push(parameters[number - 1]);
      numbers.set(number, found);
      return found;
    });
    return { select: numbered, columns: shown };
  };
  return {
    view(table) {
      const view = known.get(table) ?? read(table);
      known.set(table, view);
      return view;
    },
    tenant,
    values,
    sealed,
  };
}

function viewTree(
  check: FinalCheck,
  sql: Sql,
): { readonly select: SelectStmt; readonly parameters: readonly unknown[]; readonly named: boolean } {
  const { text, parameters } = render(sql);
  const [only] = check.parse(text);
  const [kind, content] = opened(only);
  const select = content as SelectStmt;
  // Invariant: nothing that a caller says runs on a row that the view leaves out.
  if (kind !== "SelectStmt" || !isFenced(select)) throw new TypeError("a view is no fenced select");
  return {
    select,
    parameters,
    named: sql.some((piece) => typeof piece === "object" && "tenant" in piece),
  };
}

function without(
  table: string,
  select: SelectStmt,
  hidden: readonly string[],
  shown: readonly string[],
): SelectStmt {
  const targetList = (select.targetList ?? []).filter(
    (node) => !("ResTarget" in node) || !hidden.includes(node.ResTarget.name ?? ""),
  );
  const names = targetList.map((node) => ("ResTarget" in node ? node.ResTarget.name : undefined));
  // Invariant: what is shown is what the transformer says may be shown as it is, and nothing else.
  if (names.join("\n") !== shown.join("\n") || select.distinctClause !== undefined)
    throw new TypeError(`the view of ${table} has other columns than it says`);
  return { ...select, targetList };
}
