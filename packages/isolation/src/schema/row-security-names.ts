/** How policies and functions of row-level security are called: by the names one can tell what stands in a database. */
import { createHash } from "node:crypto";
import type { RowCommand } from "@wardline/core";
import { derivedName } from "./identifier.ts";

/** Whose policies they are: the platform's alone, or one tenant's. */
export type RowSecurityKind =
  | { readonly kind: "guardrails"; readonly digest: string }
  | { readonly kind: "rows"; readonly digest: string; readonly tenant: string };

const commands: readonly RowCommand[] = ["select", "insert", "update", "delete"];

/** The names that the policies of a table may have. */
export function rowPolicyNames(table: string): readonly string[] {
  return commands.map((command) => rowPolicyName(table, command));
}

export function rowPolicyName(table: string, command: string): string {
  return derivedName(table, command, "rows");
}

export function factsPolicyName(table: string): string {
  return derivedName(table, "facts");
}

/** Begins the names of all functions that policies of one schema ask. */
export function rowFunctionPrefix(schema: string): string {
  return `rows_${short(schema)}_`;
}

const short = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);

/** Begins the name of what says that the policies of a schema are of this kind. Without a tenant: of any tenant's. */
export function rowMarkerPrefix(schema: string, kind: RowSecurityKind["kind"], tenant?: string): string {
  return `${rowFunctionPrefix(schema)}of_${kind}_${tenant === undefined ? "" : `${short(tenant)}_`}`;
}

export function rowMarkerName(schema: string, of: RowSecurityKind): string {
  return rowMarkerPrefix(schema, of.kind, of.kind === "rows" ? of.tenant : undefined) + short(of.digest);
}
