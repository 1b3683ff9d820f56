/** How the database checks the settings of a session, as conditions over `current_setting`. */
import { pinnedSettings, type TimeLimits } from "../pinned-settings.ts";
import { quoteText } from "../../schema/identifier.ts";

const setting = (name: string): string => `pg_catalog.current_setting('${name}')`;

/** Setting → its usual value, in the order in which they are compared. */
const usual: readonly (readonly [string, string])[] = [
  ...Object.entries(pinnedSettings),
  // Not pinned, but what is done more where it differs.
  ["transaction_isolation", "read committed"],
];

/**
 * Limits that are usual, in seconds; any other that is within what is allowed is looked at more closely. From nine on the server
 * would make a table of them for each transaction.
 */
const usualSeconds = [30, 10, 5, 60, 15, 20, 2] as const;

/**
 * True where anything is not as usual; asked of every transaction, so most of it is one comparison, and every name in it has its
 * schema. The search path is empty, in the two ways in which that is written.
 */
export function isUnusual(limits: TimeLimits | null): string {
  const names = ["search_path", ...usual.map(([name]) => name)].map(setting);
  const values = usual.map(([, value]) => value).join(";");
  const pinned = isNone(
    `pg_catalog.concat_ws(';', ${names.join(", ")})`,
    ['""', ""].map((path) => `${path};${values}`),
  );
  if (limits === null) return `(${pinned})`;
  const late = (["statement", "lock"] as const).map((kind) => {
    const within = usualSeconds.map((seconds) => seconds * 1_000).filter((each) => each <= limits[kind]);
    return isNone(
      setting(`${kind}_timeout`),
      [...new Set([...within, limits[kind]])].map(formatMilliseconds),
    );
  });
  return `(${[pinned, ...late].join(" OR ")})`;
}

const isNone = (value: string, of: readonly string[]): string =>
  `${value} OPERATOR(pg_catalog.<>) ALL (ARRAY[${of.map(quoteText).join(", ")}])`;

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
