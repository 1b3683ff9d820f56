/** What is in force otherwise of a tenant's settings. No decision shows it, but for the time zone, which is told apart. */
import type { Program } from "@wardline/core";
import { settingText } from "../cards/whole/settings-card.ts";

/** `the setting session.idle is 5m before, and 8h after`. */
export function settingChanges(before: Program, after: Program): readonly string[] {
  const [one, other] = [settingsOf(before), settingsOf(after)];
  return [...new Set([...one.keys(), ...other.keys()])].flatMap((path) => {
    const [first, second] = [one.get(path) ?? "not set", other.get(path) ?? "not set"];
    return first === second ? [] : [`the setting ${path} is ${first} before, and ${second} after`];
  });
}

function settingsOf({ settings }: Program): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  const isValue = (value: unknown) => typeof value !== "object" || value === null || "count" in value;
  for (const [name, value] of Object.entries(settings ?? {})) {
    if (name === "timezone") continue;
    const own: readonly (readonly [string, unknown])[] = isValue(value)
      ? [[name, value]]
      : Object.entries(value as object).map(([key, one]) => [`${name}.${key}`, one] as const);
    for (const [path, one] of own) all.set(path, settingText(one) ?? "not set");
  }
  return all;
}
