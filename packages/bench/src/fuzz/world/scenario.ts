/** One policy, one asker, and two worlds that must look the same to him. */
import type { PolicyGuard } from "@wardline/isolation";
import { UnsupportedInSql } from "@wardline/backends";
import { evaluate, type Program } from "@wardline/core";
import {
  generateCase,
  isWithin,
  makeAsker,
  randomFrom,
  requestFor,
  sharedTenant,
  valueAmong,
  type Asker,
  type Case,
  type Random,
  type World,
} from "@wardline/core/testing";
import { compileCase } from "../../agree/compile-case.ts";
import type { Secret } from "../make/maker.ts";
import { guardOf } from "../observe/scoped.ts";
import { projectionOf, rowKey } from "./projection.ts";
import { tablesOf, type Table } from "./tables.ts";
import { varied, withCanaries, type Variation } from "./vary.ts";

export interface Scenario {
  readonly seed: number;
  readonly texts: { readonly model: string; readonly platform: string; readonly policy: string };
  readonly program: Program;
  readonly guard: PolicyGuard;
  readonly tables: readonly Table[];
  readonly asker: Asker;
  readonly other: string;
  readonly variation: Variation;
  readonly worlds: readonly [World, World];
  readonly secrets: readonly Secret[];
  /** Rows that the asker may see, as `rowKey` has them. */
  readonly visible: ReadonlySet<string>;
}

/** The scenario of a seed, or why there is none. */
export function makeScenario(seed: number, variations: readonly Variation[]): Scenario | string {
  const random = randomFrom(seed, "fuzz scenario");
  const made = generateCase(
    seed,
    random.chance(0.5) ? "whole" : "core",
    random.chance(0.3) ? "rules" : "engines",
  );
  const { program } = compileCase(made);
  if (program === null) return "does not compile";
  let guard: PolicyGuard;
  try {
    guard = guardOf(program);
  } catch (error) {
    if (error instanceof UnsupportedInSql) return "not in SQL";
    throw error;
  }
  const asker = bestAsker(random, made, program);
  const world = withCanaries(random, made.world, program, asker);
  const variation = random.pick(variations);
  const second = varied(random, world, program, asker, variation);
  const [model, platform, policy] = [made.model.text, made.platform.text, made.policy.text];
  return {
    seed,
    texts: { model, platform, policy },
    program,
    guard,
    tables: tablesOf(program),
    asker,
    other: world.tenants.find((tenant) => tenant !== asker.tenant) as string,
    variation,
    worlds: [world, second],
    visible: projectionOf(world, program, asker).visible,
    secrets: secretsOf(program, asker, [world, second]),
  };
}

/** Of a dozen who may ask, the one for whom most differs from row to row, and who may write something. */
function bestAsker(random: Random, made: Case, program: Program): Asker {
  let best: { asker: Asker; score: number } | null = null;
  for (let tries = 0; tries < 12; tries += 1) {
    const asker = { ...makeAsker(random, made, program), tenant: made.tenant };
    if (asker.principal.tenant !== made.tenant || asker.principal.id === "") continue;
    const score = scoreOf(made.world, program, asker);
    if (best === null || score > best.score) best = { asker, score };
  }
  if (best !== null) return best.asker;
  const principal = made.world.principals.find(({ tenant, id }) => tenant === made.tenant && id !== "");
  if (principal === undefined) throw new RangeError("a tenant has no principal");
  return { ...makeAsker(random, made, program), principal, tenant: made.tenant };
}

/** What may be done to rows counts by how many kinds of it there are. */
const writes = ["update", "delete", "create"];

function scoreOf(world: World, program: Program, asker: Asker): number {
  const { visible, masked } = projectionOf(world, program, asker);
  const own = world.rows.filter((row) => isWithin(row, asker.tenant));
  const writable = own.filter((row) => {
    if (row.tenant === sharedTenant || !visible.has(rowKey(row))) return false;
    return writes.some((action) => {
      const asked = program.model.actions.find(
        ({ name, entities }) => name === action && entities.includes(row.entity),
      );
      if (asked === undefined) return false;
      const rows = {
        ...(action === "create" ? {} : { prior: row }),
        ...(action === "delete" ? {} : { next: row }),
      };
      return (
        evaluate(program, requestFor(world, program, asker, action, row.entity, rows)).outcome === "permit"
      );
    });
  }).length;
  const hidden = own.length - visible.size;
  return (
    Math.min(visible.size, 6) * 2 +
    Math.min(hidden, 3) +
    Math.min(writable, 6) * 2 +
    Math.min(masked.length, 3) * 2
  );
}

/** What stands in cells of rows that the asker may not see, in either world. */
function secretsOf(program: Program, asker: Asker, worlds: readonly World[]): readonly Secret[] {
  const tables = tablesOf(program);
  return worlds.flatMap((world) => {
    const { visible } = projectionOf(world, program, asker);
    return world.rows.flatMap((row) => {
      if (row.tenant === sharedTenant || (row.tenant === asker.tenant && visible.has(rowKey(row)))) return [];
      const table = tables.find(({ entity }) => entity.name === row.entity);
      return (table?.columns ?? []).flatMap(({ name, field, kind, sealed }): Secret[] => {
        const value = field === null || sealed ? undefined : valueAmong(row.attributes, field.name);
        if (table === undefined || value === undefined || typeof value === "object") return [];
        return [{ table: table.name, column: name, kind, value }];
      });
    });
  });
}
