import type { DiagnosticEntry } from "./entry.ts";

/** Findings about a model: types, storage, roles, evidence. */
export const modelDiagnostics = {
  "model/type": { severity: "error", message: "{type} cannot be the type of {what}" },
  "model/bounds": { severity: "error", message: "{problem}" },
  "model/needs-storage": {
    severity: "error",
    message: "{what} needs a table",
    help: "write `stored in TABLE`",
  },
  "model/needs-via": { severity: "error", message: "{what} does not say where it is kept", help: "{help}" },
  "model/needless-via": { severity: "error", message: "{what} takes no `via`" },
  "model/columns": { severity: "error", message: "{what} needs exactly two different columns: {columns}" },
  "model/column-taken": {
    severity: "error",
    message: "the column `{column}` of `{table}` already holds {other}",
  },
  "model/table-taken": { severity: "error", message: "the table `{table}` already holds `{other}`" },
  "model/long-name": {
    severity: "error",
    message: "`{name}` is longer than the {limit} characters that a database takes",
  },
  "model/mark": { severity: "error", message: "`{mark}` has no meaning on {what}" },
  "model/role-cycle": { severity: "error", message: "the role `{role}` extends itself: {path}" },
  "model/role-empty": {
    severity: "error",
    message: "no principal can hold the role `{role}`",
    note: "the roles that it extends are for different principal types",
  },
  "model/delegated-platform": {
    severity: "error",
    message: "tenants may not be given the role `{role}`: {why}",
  },
  "model/ambiguous-action": {
    severity: "warning",
    message: "more than one action {kind} {entities}, and none of them is called `{usual}`",
    note: "a query asks for the action of that name, or for the only one of its kind; here it is refused",
    help: "call one of them `{usual}`",
  },
  "model/evidence": { severity: "error", message: "{problem}" },
} as const satisfies Record<string, DiagnosticEntry>;
