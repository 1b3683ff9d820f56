/** One generated case: texts, a world that fits them, and what is needed to ask questions of it. */
import type { SourceFile } from "../source/span.ts";
import type { Constructs, GeneratedModel } from "./generated-model.ts";
import { makeModel } from "./make-model.ts";
import { makePolicy, type PolicyText } from "./make-policy.ts";
import { modelText } from "./model-text.ts";
import { moreModel } from "./more-model.ts";
import { randomFrom } from "../search/random.ts";
import { makeWorld, type World } from "./world.ts";

/** Cases of so many neighbouring seeds share a model and a world. */
export const casesPerModel = 8;

/**
 * How much of the language the rules of a case use: what the engines carry out, or all that rules can say (floors, shares,
 * every obligation).
 */
export type Extent = "engines" | "rules";

export interface Case {
  readonly seed: number;
  readonly extent: Extent;
  readonly generated: GeneratedModel;
  readonly world: World;
  readonly statements: PolicyText;
  /** The tenant whose policy this is: the first of the world's. */
  readonly tenant: string;
  readonly model: SourceFile;
  readonly platform: SourceFile;
  readonly policy: SourceFile;
}

/**
 * The case of a seed, a whole number from 0. The same seed gives the same case. `constructs`: what its conditions may say,
 * `extent`: what its rules may; left out, what every backend carries out.
 */
export function generateCase(
  seed: number,
  constructs: Constructs = "core",
  extent: Extent = "engines",
): Case {
  const modelSeed = Math.floor(seed / casesPerModel);
  const plain = makeModel(randomFrom(modelSeed, "model"), constructs);
  const generated = extent === "rules" ? moreModel(randomFrom(modelSeed, "more model"), plain) : plain;
  const world = makeWorld(randomFrom(modelSeed, "world"), generated);
  const statements = makePolicy(randomFrom(seed, "policy"), generated, world, extent);
  return withStatements({ seed, extent, generated, world }, statements);
}

/** The same case with other statements: how a counterexample is made smaller. */
export function withStatements(
  { seed, extent, generated, world }: Pick<Case, "seed" | "extent" | "generated" | "world">,
  statements: PolicyText,
): Case {
  const [tenant] = world.tenants;
  const { name } = generated.ir;
  const file = (head: string, all: readonly string[]) => `${[head, ...all].join("\n\n")}\n`;
  return {
    seed,
    extent,
    generated,
    world,
    statements,
    tenant,
    model: { name: "model.ward", text: modelText(generated) },
    platform: { name: "platform.ward", text: file(`platform for ${name}`, statements.platform) },
    policy: { name: "tenant.ward", text: file(`policy ${tenant} for ${name}`, statements.policy) },
  };
}
