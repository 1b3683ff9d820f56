/** How the database checks the settings of a session, as conditions over `current_setting`. */
import { pinnedSettings, type TimeLimits } from "../pinned-settings.ts";
import { quoteText } from "../../schema/identifier.ts";

const setting = (name: string): string => `pg_catalog.current_setting('${name}')`;
const isOther = "OPERATOR(pg_catalog.<>)";

/** What shows that the search path is empty, in the two ways in which it is written. */
export const hasSearchPath = `${setting("search_path")} ${isOther} ALL (ARRAY['', '""'])`;

/** True where nothing differs. It is asked of every transaction, so it is one comparison. */
export function settingsHold(limits: TimeLimits | null): string {
  const pinned = Object.entries(pinnedSettings);
  const names = pinned.map(([name]) => setting(name));
  const values = pinned.map(([, value]) => value);
  const held = `pg_catalog.concat_ws(';', ${names.join(", ")}) = ${quoteText(values.join(";"))}`;
  return limits === null
    ? held
    : `${held} AND ${isWithin("statement_timeout", limits.statement)} AND ${isWithin("lock_timeout", limits.lock)}`;
}

/** The settings that differ, as a text of names; never their values. */
export function settingsThatDiffer(limits: TimeLimits | null): string {
  const wrong = Object.entries(pinnedSettings).map(
    ([name, value]) => `CASE WHEN ${setting(name)} <> ${quoteText(value)} THEN '${name}' END`,
  );
  const late =
    limits === null
      ? []
      : (["statement", "lock"] as const).map(
          (kind) => `CASE WHEN NOT ${isWithin(`${kind}_timeout`, limits[kind])} THEN '${kind}_timeout' END`,
        );
  return `pg_catalog.concat_ws(', ', ${[...wrong, ...late].join(", ")})`;
}

/** 0 is no limit at all, and so is beyond every limit. */
function isWithin(name: string, limit: number): string {
  const milliseconds = `(EXTRACT(epoch FROM ${setting(name)}::pg_catalog.interval) * 1000)`;
  return `(${setting(name)} = ${quoteText(formatMilliseconds(limit))} OR (${milliseconds} > 0 AND ${milliseconds} <= ${limit}))`;
}

/** As Postgres shows it: in the largest unit that is exact. */
export function formatMilliseconds(limit: number): string {
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new RangeError("a limit is a whole number of milliseconds");
  const units = [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["min", 60_000],
    ["s", 1_000],
  ] as const;
  const [unit, size] = units.find(([, each]) => limit % each === 0) ?? ["ms", 1];
  return `${limit / size}${unit}`;
}
