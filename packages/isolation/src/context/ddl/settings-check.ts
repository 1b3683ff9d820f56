/** How the database checks the settings of a session, as conditions over `current_setting`. */
import { pinnedSettings, type TimeLimits } from "../pinned-settings.ts";
import { quoteText } from "../../schema/identifier.ts";

const setting = (name: string): string => `pg_catalog.current_setting('${name}')`;

/** Setting → its usual value, in the order in which they are compared. */
function usual(limits: TimeLimits | null): readonly (readonly [string, string])[] {
  return [
    ...Object.entries(pinnedSettings),
    // Not pinned, but what is done more where it differs.
    ["transaction_isolation", "read committed"],
    ...(limits === null
      ? []
      : [
          ["statement_timeout", formatMilliseconds(limits.statement)] as const,
          ["lock_timeout", formatMilliseconds(limits.lock)] as const,
        ]),
  ];
}

/**
 * True where anything is not as usual; asked of every transaction, so it is one comparison, and every name in it has its schema.
 * The search path is empty, in the two ways in which that is written.
 */
export function isUnusual(limits: TimeLimits | null): string {
  const settings = usual(limits);
  const names = ["search_path", ...settings.map(([name]) => name)].map(setting);
  const values = settings.map(([, value]) => value).join(";");
  const right = ['""', ""].map((path) => quoteText(`${path};${values}`));
  return `pg_catalog.concat_ws(';', ${names.join(", ")}) OPERATOR(pg_catalog.<>) ALL (ARRAY[${right.join(", ")}])`;
}

/** The settings that differ, as a text of names; never their values. `path` is the caller's search path. */
export function settingsThatDiffer(limits: TimeLimits | null, path: string): string {
  const wrong = Object.entries(pinnedSettings).map(
    ([name, value]) => `CASE WHEN ${setting(name)} <> ${quoteText(value)} THEN '${name}' END`,
  );
  const late =
    limits === null
      ? []
      : (["statement", "lock"] as const).map(
          (kind) => `CASE WHEN NOT ${isWithin(`${kind}_timeout`, limits[kind])} THEN '${kind}_timeout' END`,
        );
  const searched = `CASE WHEN ${path} NOT IN ('', '""') THEN 'search_path' END`;
  return `pg_catalog.concat_ws(', ', ${[searched, ...wrong, ...late].join(", ")})`;
}

/** 0 is no limit at all, and so is beyond every limit. */
function isWithin(name: string, limit: number): string {
  const milliseconds = `(EXTRACT(epoch FROM ${setting(name)}::pg_catalog.interval) * 1000)`;
  return `(${milliseconds} > 0 AND ${milliseconds} <= ${limit})`;
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
