/**
 * The settings that decide how the server reads what was checked, and what its answers look like. They are pinned at connect,
 * and behind a pooler, where a connection is shared with whoever else uses it, at the start of every transaction.
 */
import { sessionSettings, type SqlStatement } from "@wardline/isolation";
import type { Limits } from "./limits.ts";

/** What `wardline.enter` looks at, and what the form of answers depends on. `client_encoding` is every connection's already. */
export function settingsFor(limits: Required<Limits>): ReadonlyMap<string, string> {
  const { statement, lock, idleInTransaction } = limits;
  const { client_encoding: _, ...pinned } = sessionSettings({ statement, lock });
  return new Map([
    ...Object.entries(pinned),
    ["IntervalStyle", "postgres"],
    ["extra_float_digits", "1"],
    ["xmloption", "content"],
    ["idle_in_transaction_session_timeout", String(idleInTransaction)],
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
