/** Counterexamples as files: all that is needed to ask again, whatever generators make of their seeds later. */
import { compile } from "@wardline/compiler";
import type { World } from "@wardline/core/testing";
import { guardOf } from "../observe/scoped.ts";
import type { Statement } from "../statement/language.ts";
import type { Scenario } from "../world/scenario.ts";
import { tablesOf } from "../world/tables.ts";
import type { Variation } from "../world/vary.ts";
import type { Setting } from "./setting.ts";

export interface KeptCase {
  /** What was wrong, in a sentence. */
  readonly why: string;
  /** The planted fault that it was found with; without one the guard itself was at fault, and was mended. */
  readonly fault: string | null;
  readonly setting: Setting;
  readonly variation: Variation;
  readonly texts: Scenario["texts"];
  readonly asker: Omit<Scenario["asker"], "limits">;
  readonly worlds: readonly [KeptWorld, KeptWorld];
  readonly statement: Statement;
}

interface KeptWorld {
  readonly tenants: World["tenants"];
  readonly tenantFacts: readonly (readonly [string, Readonly<Record<string, unknown>>])[];
  readonly rows: World["rows"];
  readonly pairs: World["pairs"];
}

export function keepCase(
  scenario: Scenario,
  setting: Setting,
  statement: Statement,
  why: string,
  fault: string | null,
): KeptCase {
  const { limits, ...asker } = scenario.asker;
  void limits;
  const [first, second] = scenario.worlds;
  const { variation, texts } = scenario;
  return { why, fault, setting, variation, texts, asker, worlds: [kept(first), kept(second)], statement };
}

function kept({ tenants, tenantFacts, rows, pairs }: World): KeptWorld {
  return { tenants, tenantFacts: [...tenantFacts], rows, pairs };
}

/** Throws if its texts do not compile any more. */
export function scenarioOf(file: KeptCase): Scenario {
  const { texts, asker, variation } = file;
  const { program, findings } = compile({
    model: { name: "model.ward", text: texts.model },
    platform: [{ name: "platform.ward", text: texts.platform }],
    policy: { name: "tenant.ward", text: texts.policy },
    tenant: asker.tenant,
  });
  if (program === null)
    throw new Error(`does not compile: ${findings.map(({ message }) => message).join("; ")}`);
  const world = ({ tenants, tenantFacts, rows, pairs }: KeptWorld): World => ({
    tenants,
    tenantFacts: new Map(tenantFacts as never),
    rows,
    pairs,
    principals: [],
    pools: () => [],
  });
  const [first, second] = file.worlds;
  return {
    seed: 0,
    texts,
    program,
    guard: guardOf(program),
    tables: tablesOf(program),
    asker,
    other: first.tenants.find((tenant) => tenant !== asker.tenant) as string,
    variation,
    worlds: [world(first), world(second)],
    secrets: [],
    visible: new Set(),
  };
}
