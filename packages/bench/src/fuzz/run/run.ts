/** A run: scenario after scenario from a seed, a number of statements in each, until one is wrong or all were asked. */
import { randomFrom } from "@wardline/core/testing";
import type { Plant } from "../observe/scoped.ts";
import { makeQuery } from "../make/make-query.ts";
import { makeStatement } from "../make/make-statement.ts";
import { makerOf, type Carried } from "../make/maker.ts";
import type { Statement } from "../statement/language.ts";
import { makeScenario, type Scenario } from "../world/scenario.ts";
import type { Place } from "../world/place.ts";
import type { Variation } from "../world/vary.ts";
import type { Harness } from "./harness.ts";
import type { Setting } from "./setting.ts";
import { hasWrite, kindsOf, shapesOf } from "./shapes.ts";
import { workOf } from "./work.ts";
import { count, createTally, type Tally } from "./tally.ts";

export interface RunOptions {
  readonly statements: number;
  readonly seed: number;
  /** One scenario in so many is this run's, beginning with the one at `offset`: workers share the seeds. */
  readonly stride?: number;
  readonly offset?: number;
  readonly seconds?: number;
  readonly settings: readonly Setting[];
  readonly plant?: (scenario: Scenario) => Plant;
  readonly progress?: (tally: Tally) => void;
}

export interface Counterexample {
  readonly scenario: Scenario;
  readonly setting: Setting;
  readonly place: string;
  readonly statement: Statement;
  readonly wrong: string;
}

export interface RunResult {
  readonly tally: Tally;
  readonly counterexample: Counterexample | null;
}

const statementsPerScenario = 60;
/** Rows to look at, by the estimate: above it one statement in thirty, and some of those never end on an embedded database. */
const mostWork = 1e9;

function carriedIn(setting: Setting, place: Place["name"]): Carried {
  const whatever = setting === "rls";
  return { raw: place === "postgres", streams: true, whatever, systemColumns: !whatever };
}

export async function runFuzz(harness: Harness, options: RunOptions): Promise<RunResult> {
  const { seed, stride = 1, offset = 0, settings } = options;
  const tally = createTally();
  const end = performance.now() + 1000 * (options.seconds ?? Number.POSITIVE_INFINITY);
  for (let at = offset; tally.statements < options.statements && performance.now() < end; at += stride) {
    const setting = settings[Math.floor(at / 8) % settings.length] as Setting;
    const scenario = makeScenario(seed + at, setting === "rls" ? ["others"] : variationsFor(at));
    if (typeof scenario === "string") {
      pass(tally, scenario);
      continue;
    }
    await harness.enter(scenario, setting, options.plant?.(scenario));
    tally.scenarios += 1;
    const counterexample = await askScenario(harness, scenario, setting, tally);
    if (counterexample !== null) return { tally, counterexample };
    options.progress?.(tally);
  }
  return { tally, counterexample: null };
}

function variationsFor(at: number): readonly Variation[] {
  return [(["others", "values", "rows", "values", "rows"] as const)[at % 5] as Variation];
}

async function askScenario(
  harness: Harness,
  scenario: Scenario,
  setting: Setting,
  tally: Tally,
): Promise<Counterexample | null> {
  const random = randomFrom(scenario.seed, "fuzz statements");
  const maker = makerOf(
    random,
    scenario.tables,
    scenario.worlds,
    scenario.secrets,
    scenario.visible,
    carriedIn(setting, harness.name),
    makeQuery,
  );
  const largest = Math.max(...scenario.worlds.map((world) => largestTable(world.rows)));
  for (let at = 0; at < statementsPerScenario; at += 1) {
    const statement = makeStatement(maker);
    // Where hidden rows come and go, a write may meet one: keys and references tell it that something is there.
    if (scenario.variation === "rows" && hasWrite(statement)) continue;
    if (workOf(statement, largest) > mostWork) {
      pass(tally, "a statement of too much work");
      continue;
    }
    const { outcome, rows, wrong: seen } = await harness.ask(statement);
    const wrong = seen !== null && isOfReferences(seen) ? await seenAgain(harness, statement, tally) : seen;
    tally.statements += 1;
    const done = outcome === "done";
    if (done) tally.done += 1;
    if (rows > 0) tally.withRows += 1;
    tally.outcomes[outcome] = (tally.outcomes[outcome] ?? 0) + 1;
    count(tally.kinds, kindsOf(statement), done);
    count(tally.shapes, shapesOf(statement), done);
    count(tally.settings, [`${setting} on ${harness.name}`], done);
    if (wrong !== null) return { scenario, setting, place: harness.name, statement, wrong };
  }
  return null;
}

function pass({ skipped }: Tally, what: string): void {
  skipped[what] = (skipped[what] ?? 0) + 1;
}

/**
 * A row that goes takes its places in hierarchies along, and those of others keep it: of a parent and its child in one statement
 * Postgres lets both go or refuses, by which of them it comes to first, and of several references it names the first. Where it finds them depends on what the table has been through.
 */
function isOfReferences(wrong: string): boolean {
  return wrong.includes("23503");
}

async function seenAgain(harness: Harness, statement: Statement, tally: Tally): Promise<string | null> {
  await harness.renew();
  const { wrong } = await harness.ask(statement);
  if (wrong === null) pass(tally, "a difference of references that new tables do not show");
  return wrong;
}

function largestTable(rows: Scenario["worlds"][number]["rows"]): number {
  const counts = new Map<string, number>();
  for (const { entity } of rows) counts.set(entity, (counts.get(entity) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}
