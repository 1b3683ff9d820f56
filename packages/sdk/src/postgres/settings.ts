/**
 * The settings that decide how the server reads what was checked, and what its answers look like. They are pinned at connect,
 * and behind a pooler, where a connection is shared with whoever else uses it, at the start of every transaction.
 */
import type { SqlStatement } from "@wardline/isolation";
import type { Limits } from "./limits.ts";

export function pinnedSettings(limits: Required<Limits>): ReadonlyMap<string, string> {
  return new Map([
    ["standard_conforming_strings", "on"],
    ["transform_null_equals", "off"],
    ["search_path", ""],
    ["row_security", "on"],
    ["default_transaction_isolation", "read committed"],
    ["TimeZone", "UTC"],
    ["DateStyle", "ISO, MDY"],
    ["IntervalStyle", "postgres"],
    ["bytea_output", "hex"],
    ["extra_float_digits", "1"],
    ["xmloption", "content"],
    ["statement_timeout", String(limits.statement)],
    ["lock_timeout", String(limits.lock)],
    ["idle_in_transaction_session_timeout", String(limits.idleInTransaction)],
  ]);
}

/** As the start-up option `options`, which `DISCARD ALL` goes back to. */
export function asStartOptions(settings: ReadonlyMap<string, string>): string {
  return [...settings].map(([name, value]) => `-c ${name}=${value.replaceAll(/[\\ ]/g, "\\$&")}`).join(" ");
}

/** For the transaction alone. */
export function asLocalStatements(settings: ReadonlyMap<string, string>): readonly SqlStatement[] {
  return [["client_encoding", "UTF8"], ...settings].map(([name, value]) => ({
    sql: `SET LOCAL ${name} = '${value}'`,
    parameters: [],
  }));
}
