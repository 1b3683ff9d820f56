/**
 * What of an original error may be logged: a SQLSTATE, a table and a constraint of the model, a code of ours. Invariant: no message, no
 * detail, no cause and no name that the model does not give.
 */
import { planTables, type TablePlan } from "@wardline/isolation";
import type { ModelIr } from "@wardline/core";
import { codeOf } from "../telemetry/outcome-of.ts";

export interface RedactedError {
  readonly code?: string;
  readonly sqlstate?: string;
  readonly table?: string;
  readonly constraint?: string;
}

export function redactedError(model: ModelIr, error: unknown): RedactedError {
  try {
    return redacted(namesOf(model), error, 0);
  } catch {
    return {};
  }
}

/** Errors of ours may hold the database's as their cause. */
const deepest = 4;

function redacted(names: Names, error: unknown, depth: number): RedactedError {
  if (typeof error !== "object" || error === null || depth > deepest) return {};
  const ours = codeOf(error);
  if (ours !== null) return { ...redacted(names, (error as Error).cause, depth + 1), code: ours };
  const { code, table, constraint, cause } = error as Readonly<Record<string, unknown>>;
  if (typeof code !== "string" || !isState(code)) return redacted(names, cause, depth + 1);
  return {
    sqlstate: code,
    ...(typeof table === "string" && names.tables.has(table) ? { table } : {}),
    ...(typeof constraint === "string" && names.constraints.has(constraint) ? { constraint } : {}),
  };
}

/** Of the classes that Postgres and this project have: what somebody raises with a code of his own is none. */
function isState(code: string): boolean {
  return /^(?:0[0-9A-Z]|2[0-8BDF]|3[48BDF]|4[024]|5[3-8]|72|F0|HV|P0|XX)(?:000|0[0-9]{2}|P0[0-9]|[0-9]{3})$|^WL00[1-9]$/.test(
    code,
  );
}

interface Names {
  readonly tables: ReadonlySet<string>;
  readonly constraints: ReadonlySet<string>;
}

const known = new WeakMap<ModelIr, Names>();

function namesOf(model: ModelIr): Names {
  const found = known.get(model);
  if (found !== undefined) return found;
  const plans = planTables({ model, sealed: [] });
  const names = {
    tables: new Set(plans.map(({ name }) => name)),
    constraints: new Set(plans.flatMap(constraintsOf)),
  };
  known.set(model, names);
  return names;
}

/** As Postgres and `createSchema` call them. */
function constraintsOf({ name, columns, references }: TablePlan): readonly string[] {
  return [
    `${name}_pkey`,
    ...references.map(({ column }) => `${name}_${column}_fkey`),
    ...columns.flatMap((column) => [`${name}_${column.name}_check`, `${name}_${column.name}_key`]),
  ];
}
