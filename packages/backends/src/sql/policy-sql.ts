/** The views of a program as a text for people: a bundle's `policy.sql`. It must never be sent to a database. */
import { printTemplate, type Program, type Table } from "@wardline/core";
import { compileViews, readTables } from "./compile-views.ts";

/** All views for `list` and `read`, with the rules that each of its conditions comes from. */
export function compileSql(program: Program): string {
  const views = compileViews(program);
  const shown = readTables(program).filter((table) => table.action === "list" || table.action === "read");
  const head = [
    `-- What the policy of ${program.tenant} does to queries. A guarded query reads these in place of the tables.`,
    "-- For people: facts of a request stand as :name::type; when a statement runs, all that is known is folded first.",
  ].join("\n");
  const parts = shown.map((table) => {
    const view = views.template(table.resource, table.action, table.principal);
    const body = view.residual === "never" ? "-- no rows" : `${printTemplate(view.select)};`;
    return `${titleOf(table)}\n${body}`;
  });
  return `${[head, ...parts].join("\n\n")}\n`;
}

function titleOf(table: Table): string {
  return `-- ${table.principal} · ${table.action} ${table.resource}`;
}
