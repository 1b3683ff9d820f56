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
  const { generated, world } = settingOf(Math.floor(seed / casesPerModel), constructs, extent);
  const statements = makePolicy(randomFrom(seed, "policy"), generated, world, extent);
  return withStatements({ seed, extent, generated, world }, statements);
}

interface Setting {
  readonly generated: GeneratedModel;
  readonly world: World;
}

let last: { readonly key: string; readonly setting: Setting } | undefined;

/** The model and the world of a seed for models. The last ones are kept: neighbouring cases share them. */
function settingOf(seed: number, constructs: Constructs, extent: Extent): Setting {
  const key = `${seed} ${constructs} ${extent}`;
  if (last?.key === key) return last.setting;
  const plain = makeModel(randomFrom(seed, "model"), constructs);
  const generated = extent === "rules" ? moreModel(randomFrom(seed, "more model"), plain) : plain;
  const setting = { generated, world: makeWorld(randomFrom(seed, "world"), generated) };
  last = { key, setting };
  return setting;
}

interface Written {
  readonly model: SourceFile;
  /** By the statements that it is made of. */
  readonly platforms: WeakMap<readonly string[], SourceFile>;
}

const written = new WeakMap<GeneratedModel, Written>();

/** The files that cases of one model share, each one object, so that what reads it can keep what it found. */
function writtenOf(generated: GeneratedModel): Written {
  const known = written.get(generated);
  if (known !== undefined) return known;
  const made = {
    model: { name: "model.ward", text: modelText(generated) },
    platforms: new WeakMap<readonly string[], SourceFile>(),
  };
  written.set(generated, made);
  return made;
}

/** The same case with other statements: how a counterexample is made smaller. */
export function withStatements(
  { seed, extent, generated, world }: Pick<Case, "seed" | "extent" | "generated" | "world">,
  statements: PolicyText,
): Case {
  const [tenant] = world.tenants;
  const { name } = generated.ir;
  const file = (head: string, all: readonly string[]) => `${[head, ...all].join("\n\n")}\n`;
  const { model, platforms } = writtenOf(generated);
  const platform = platforms.get(statements.platform) ?? {
    name: "platform.ward",
    text: file(`platform for ${name}`, statements.platform),
  };
  platforms.set(statements.platform, platform);
  return {
    seed,
    extent,
    generated,
    world,
    statements,
    tenant,
    model,
    platform,
    policy: { name: "tenant.ward", text: file(`policy ${tenant} for ${name}`, statements.policy) },
  };
}
