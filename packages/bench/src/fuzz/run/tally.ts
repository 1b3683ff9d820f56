/** What a run has tried and what came of it; counts can be added up over workers. */
export type Counts = Record<string, { asked: number; done: number }>;

export interface Tally {
  statements: number;
  done: number;
  withRows: number;
  scenarios: number;
  readonly kinds: Counts;
  readonly shapes: Counts;
  /** By the setting and the database in which they were asked. */
  readonly settings: Counts;
  readonly outcomes: Record<string, number>;
  readonly skipped: Record<string, number>;
}

export function createTally(): Tally {
  return {
    statements: 0,
    done: 0,
    withRows: 0,
    scenarios: 0,
    kinds: {},
    shapes: {},
    settings: {},
    outcomes: {},
    skipped: {},
  };
}

export function count(counts: Counts, names: Iterable<string>, done: boolean): void {
  for (const name of names) {
    const entry = (counts[name] ??= { asked: 0, done: 0 });
    entry.asked += 1;
    if (done) entry.done += 1;
  }
}

export function addTally(to: Tally, from: Tally): void {
  to.statements += from.statements;
  to.done += from.done;
  to.withRows += from.withRows;
  to.scenarios += from.scenarios;
  for (const part of ["kinds", "shapes", "settings"] as const)
    for (const [name, { asked, done }] of Object.entries(from[part])) {
      const entry = (to[part][name] ??= { asked: 0, done: 0 });
      entry.asked += asked;
      entry.done += done;
    }
  for (const part of ["outcomes", "skipped"] as const)
    for (const [name, times] of Object.entries(from[part])) to[part][name] = (to[part][name] ?? 0) + times;
}

export function report(tally: Tally): string {
  const percent = (part: number, whole: number): string =>
    `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;
  const table = (title: string, counts: Counts): string =>
    [
      `${title} (asked, ended well)`,
      ...Object.entries(counts)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(
          ([name, { asked, done }]) =>
            `  ${name.padEnd(44)} ${String(asked).padStart(7)} ${String(done).padStart(7)}`,
        ),
    ].join("\n");
  const list = (counts: Record<string, number>): string[] =>
    Object.entries(counts)
      .toSorted(([, a], [, b]) => b - a)
      .map(
        ([name, times]) =>
          `  ${name.padEnd(44)} ${String(times).padStart(7)} ${percent(times, tally.statements)}`,
      );
  return [
    `${tally.statements} statements in ${tally.scenarios} scenarios: ${percent(tally.done, tally.statements)} ended well, ${percent(tally.withRows, tally.statements)} gave rows`,
    table("settings", tally.settings),
    table("kinds of nodes", tally.kinds),
    table("shapes", tally.shapes),
    "outcomes",
    ...list(tally.outcomes),
    ...(Object.keys(tally.skipped).length === 0 ? [] : ["passed over"]),
    ...Object.entries(tally.skipped).map(
      ([name, times]) => `  ${name.padEnd(44)} ${String(times).padStart(7)}`,
    ),
  ].join("\n");
}
