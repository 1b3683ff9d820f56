/**
 * The settings that every guarded session has, on whatever server: what the check of a statement relies on when it reads it
 * must be what the server reads. `wardline.enter` raises WL004 where one differs; a driver sets them when it connects.
 */

/** Setting → its value, as `current_setting` shows it. The search path is empty besides, and the time limits are bounded. */
export const pinnedSettings: Readonly<Record<string, string>> = Object.freeze({
  standard_conforming_strings: "on",
  transform_null_equals: "off",
  client_encoding: "UTF8",
  row_security: "on",
  default_transaction_isolation: "read committed",
  TimeZone: "UTC",
  DateStyle: "ISO, MDY",
  bytea_output: "hex",
});

/** The longest that a guarded session may let a statement run, and wait for a lock; in milliseconds. */
export interface TimeLimits {
  readonly statement: number;
  readonly lock: number;
}

export const usualTimeLimits: TimeLimits = Object.freeze({ statement: 60_000, lock: 10_000 });

/**
 * All of it as a driver sends it when it connects: pinned settings, no search path, and the limits. `SET` takes these values
 * as they are.
 */
export function sessionSettings(limits: TimeLimits = usualTimeLimits): Readonly<Record<string, string>> {
  return Object.freeze({
    ...pinnedSettings,
    search_path: "",
    statement_timeout: String(limits.statement),
    lock_timeout: String(limits.lock),
  });
}
