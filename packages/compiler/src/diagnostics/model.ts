import type { DiagnosticEntry } from "./entry.ts";

/** Findings about a model: types, storage, roles, evidence. */
export const modelDiagnostics = {
  "model/type": {
    severity: "error",
    message: "{type} cannot be the type of {what}",
    help: "a type is Bool, Int, Decimal, String, Instant, Date, Time, Duration, Ip, Uuid, an enum, an entity, or a Set of one of them",
  },
  "model/bounds": {
    severity: "error",
    message: "{problem}",
    help: "bounds are written `Int(0..5)` and `Decimal(12, 2)`",
  },
  "model/needs-storage": {
    severity: "error",
    message: "{what} needs a table",
    help: "write `stored in TABLE`",
  },
  "model/needs-via": { severity: "error", message: "{what} does not say where it is kept", help: "{help}" },
  "model/needless-via": { severity: "error", message: "{what} takes no `via`", help: "leave `via` out" },
  "model/storage-columns": {
    severity: "error",
    message: "{what} takes {wanted}",
    help: "write `{form}`",
  },
  "model/shared": { severity: "error", message: "{problem}", help: "{help}" },
  "model/columns": {
    severity: "error",
    message: "{what} needs exactly two different columns: {columns}",
    help: "write `via TABLE(COLUMN, COLUMN)`",
  },
  "model/column-taken": {
    severity: "error",
    message: "the column `{column}` of `{table}` already holds {other}",
    help: "choose another name for one of them",
  },
  "model/table-taken": {
    severity: "error",
    message: "the table `{table}` already holds `{other}`",
    help: "store each in a table of its own",
  },
  "model/long-name": {
    severity: "error",
    message: "`{name}` is longer than the {limit} characters that a database takes",
    help: "choose a shorter name",
  },
  "model/mark": {
    severity: "error",
    message: "`{mark}` has no meaning on {what}",
    help: "leave `{mark}` out",
  },
  "model/role-cycle": {
    severity: "error",
    message: "the role `{role}` extends itself: {path}",
    help: "leave one of the `extends` out",
  },
  "model/role-empty": {
    severity: "error",
    message: "no principal can hold the role `{role}`",
    note: "the roles that it extends are for different principal types",
    help: "extend roles of one principal type",
  },
  "model/delegated-platform": {
    severity: "error",
    message: "tenants may not be given the role `{role}`: {why}",
    help: "leave it out of `delegate`",
  },
  "model/ambiguous-action": {
    severity: "warning",
    message: "more than one action {kind} {entities}, and none of them is called `{usual}`",
    note: "a query asks for the action of that name, or for the only one of its kind; here it is refused",
    help: "call one of them `{usual}`",
  },
  "model/evidence": {
    severity: "error",
    message: "{problem}",
    help: "a factor is proved by a Bool and, where its age counts, a Duration; `reason` by one fact that may be absent",
  },
} as const satisfies Record<string, DiagnosticEntry>;
