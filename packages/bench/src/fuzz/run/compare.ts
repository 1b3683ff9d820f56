/** What must hold after a statement: both worlds look alike, nothing of others' is shown, and nothing of others' changed. */
import type { Observed } from "../observe/observe.ts";
import { projectionOf, rowKey } from "../world/projection.ts";
import type { Statement } from "../statement/language.ts";
import type { Scenario } from "../world/scenario.ts";
import type { State } from "../world/stored-world.ts";
import type { Setting } from "./setting.ts";
import { changedKeys } from "./changed-keys.ts";
import { unpermittedChange } from "./permitted.ts";
import { isCanary } from "../world/vary.ts";

export interface Seen {
  readonly observed: Observed;
  /** Errors that the operator was told of, as text. */
  readonly operator: string;
  readonly before: State | null;
  readonly after: State | null;
  /** Entries of the asker's chain that came to be. */
  readonly audit: readonly string[];
}

/** The first thing that is wrong, or null. */
export function compare(
  scenario: Scenario,
  setting: Setting,
  statement: Statement,
  seen: readonly [Seen, Seen],
): string | null {
  const [here, there] = seen;
  if (here.observed.text !== there.observed.text)
    return `the worlds differ:\n  ${here.observed.text}\n  ${there.observed.text}`;
  const asked = JSON.stringify(statement);
  const canaries = foreignCanaries(scenario).filter((text) => !asked.includes(text));
  for (const { observed, operator, audit } of seen)
    for (const [where, text] of [
      ["the answer", observed.text],
      ["an error for the operator", operator],
      ["the audit log", audit.join("\n")],
    ] as const) {
      const found = canaries.find((canary) => text.includes(canary));
      if (found !== undefined) return `${where} shows ${found}: ${text}`;
    }
  // A write may meet a hidden row, and say so; a read never does.
  const isRead = here.before === null;
  if ((scenario.variation === "others" || isRead) && here.audit.join("\n") !== there.audit.join("\n"))
    return `the audit logs differ:\n  ${here.audit.join("\n  ")}\n--\n  ${there.audit.join("\n  ")}`;
  for (const [at, { before, after }] of seen.entries()) {
    if (before === null || after === null) continue;
    const wrong = wrongChange(scenario, setting, at, before, after);
    const unpermitted =
      wrong ?? (setting === "rls" ? null : unpermittedChange(scenario, at, statement, before, after));
    if (unpermitted !== null) return `in the ${at === 0 ? "first" : "second"} world ${unpermitted}`;
  }
  const [first, second] = seen.map(({ before, after }) =>
    before === null || after === null ? "" : changesOf(scenario, before, after).join("\n"),
  );
  if (first !== second) return `the writes differ:\n  ${first}\n--\n  ${second}`;
  return null;
}

const known = new WeakMap<Scenario, readonly string[]>();

/** Texts of cells that only the other tenant has. */
function foreignCanaries(scenario: Scenario): readonly string[] {
  const found = known.get(scenario);
  if (found !== undefined) return found;
  const texts = scenario.worlds.flatMap(({ rows }) =>
    rows
      .filter(({ tenant }) => tenant === scenario.other)
      .flatMap(({ attributes }) => Object.values(attributes).filter(isCanary)),
  );
  const own = new Set(
    scenario.worlds.flatMap(({ rows }) =>
      rows
        .filter(({ tenant }) => tenant !== scenario.other)
        .flatMap(({ attributes }) => Object.values(attributes)),
    ),
  );
  const foreign = [...new Set(texts)].filter((text) => !own.has(text));
  known.set(scenario, foreign);
  return foreign;
}

const hiddenRows = new WeakMap<Scenario, readonly ReadonlySet<string>[]>();

/** Rows of entities that the asker may not see, by the key that a state has for them. */
function hiddenOf(scenario: Scenario, world: number): ReadonlySet<string> {
  let all = hiddenRows.get(scenario);
  if (all === undefined) {
    all = scenario.worlds.map((one) => {
      const { visible } = projectionOf(one, scenario.program, scenario.asker);
      return new Set(
        one.rows
          .filter((row) => row.tenant === scenario.asker.tenant && !visible.has(rowKey(row)))
          .map(rowKey),
      );
    });
    hiddenRows.set(scenario, all);
  }
  return all[world] as ReadonlySet<string>;
}

function wrongChange(
  scenario: Scenario,
  setting: Setting,
  world: number,
  before: State,
  after: State,
): string | null {
  for (const key of changedKeys(before, after)) {
    const [table, ...keys] = JSON.parse(key) as [string, ...string[]];
    const entity = scenario.tables.find(({ name }) => name === table);
    if (entity?.shared === true) return `a shared row changed: ${key}`;
    if (keys[0] !== scenario.asker.tenant) return `a row of another tenant changed: ${key}`;
    // Row-level security alone keeps tenants apart, and nobody within one.
    if (entity === undefined || setting === "rls") continue;
    const row = { entity: entity.entity.name, id: keys[1] as string };
    if (hiddenOf(scenario, world).has(rowKey(row))) return `a row that may not be seen changed: ${key}`;
  }
  return null;
}

/** What changed in rows of entities, without cells that are sealed anew each time. */
function changesOf(scenario: Scenario, before: State, after: State): readonly string[] {
  return changedKeys(before, after)
    .flatMap((key) => {
      const [table] = JSON.parse(key) as [string];
      const entity = scenario.tables.find(({ name }) => name === table);
      if (entity === undefined) return [];
      const [old, now] = [before.get(key), after.get(key)].map((text) =>
        text === undefined ? {} : (JSON.parse(text) as Record<string, unknown>),
      ) as [Record<string, unknown>, Record<string, unknown>];
      const sealed = new Set(entity.columns.flatMap((column) => (column.sealed ? [column.name] : [])));
      const parts = [...new Set([...Object.keys(old), ...Object.keys(now)])]
        .filter((column) => JSON.stringify(old[column]) !== JSON.stringify(now[column]))
        .map(
          (column) => `${column}=${sealed.has(column) ? now[column] === null : JSON.stringify(now[column])}`,
        );
      return [`${after.has(key) ? key : `gone ${key}`} ${after.has(key) ? parts.join(" ") : ""}`];
    })
    .toSorted();
}
