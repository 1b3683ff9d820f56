import { compile, compilePlatform, type CompileInput, type CompileResult } from "../compile.ts";
import { compilePack } from "../pack/compile-pack.ts";
import type { Finding, Program, Settings, SourceFile } from "@wardline/core";
import type { Project } from "./project.ts";
import { checkOnce } from "./checked-policies.ts";
import { isUsedElsewhere } from "./used-elsewhere.ts";
import { checkWithoutModel } from "./without-model.ts";

export interface CompiledProject {
  /** What the platform's files mean by themselves. Null unless asked for, or where there is no tenant. */
  readonly platform: CompileResult | null;
  /** Tenant → what its policy compiled to. */
  readonly policies: ReadonlyMap<string, CompileResult>;
  /** Tenant → program, for every tenant without errors. */
  readonly programs: ReadonlyMap<string, Program>;
  /** Findings of all files, each once, in the order of the files. */
  readonly findings: readonly Finding[];
}

export interface CompileOptions {
  /** The tenants to compile; all without it. */
  readonly only?: (tenant: string) => boolean;
  /** Look for lints too. Without it only those are looked for that the configuration makes errors. */
  readonly lint?: boolean;
  /** Compile the platform's files by themselves too. */
  readonly platform?: boolean;
  /** Tests beside each policy, such as what a person asks. */
  readonly questions?: readonly SourceFile[];
  /** Called before each tenant. */
  readonly step?: (done: number, all: number) => void;
}

/** Compiles tenants' policies. Where a project has none, the platform's files show what is wrong with them. */
export function compileProject(project: Project, options: CompileOptions = {}): CompiledProject {
  const compiled = eachPolicy(project, options, compile);
  const programs = [...compiled.policies].flatMap(([tenant, { program }]) =>
    program === null ? [] : [[tenant, program] as const],
  );
  return { ...compiled, programs: new Map(programs) };
}

export interface CheckedProject {
  readonly findings: readonly Finding[];
  /** How many tenants' policies have no error. */
  readonly fine: number;
  /** Tenant → the settings in force, also where the policy has an error; undefined where no file has any. */
  readonly settings: ReadonlyMap<string, Settings | undefined>;
}

/** Checks what {@link compileProject} compiles, and makes no programs. A policy is checked anew only where some file of its own changed. */
export function checkProject(project: Project, options: CompileOptions = {}): CheckedProject {
  const { findings, policies } = eachPolicy(project, options, checkOnce);
  const settings = new Map([...policies].map(([tenant, result]) => [tenant, result.settings]));
  return { findings, settings, fine: [...policies.values()].filter(({ isFine }) => isFine).length };
}

interface EachPolicy<Result> {
  readonly platform: CompileResult | null;
  readonly policies: ReadonlyMap<string, Result>;
  readonly findings: readonly Finding[];
}

function eachPolicy<Result extends { readonly findings: readonly Finding[] }>(
  project: Project,
  options: CompileOptions,
  run: (input: CompileInput) => Result,
): EachPolicy<Result> {
  const { model, packs } = project;
  const configured = project.lints;
  const wanted = options.lint === true || Object.values(configured).includes("error");
  const lints = wanted ? configured : undefined;
  const ofPacks = packs.flatMap((pack) => compilePack(pack, lints).findings);
  if (model === null)
    return {
      platform: null,
      policies: new Map(),
      findings: distinct([...ofPacks, ...checkWithoutModel(project, lints)]),
    };
  const shared = {
    model,
    platform: project.platform,
    packs,
    ...(lints === undefined ? {} : { lints }),
  };
  const alone = options.platform === true || project.tenants.size === 0;
  const platform = alone ? compilePlatform(shared) : null;
  const policies = new Map<string, Result>();
  const tenants = [...project.tenants].filter(([tenant]) => options.only?.(tenant) ?? true);
  for (const [index, [tenant, policy]] of tenants.entries()) {
    options.step?.(index, tenants.length);
    policies.set(tenant, run({ ...shared, policy, tenant, questions: options.questions ?? [] }));
  }
  const results = [...(platform === null ? [] : [platform]), ...policies.values()];
  const usedElsewhere = isUsedElsewhere(project, results, tenants.length === project.tenants.size);
  const found = [...ofPacks, ...results.flatMap((result) => result.findings)];
  const findings = distinct(found.filter((finding) => !usedElsewhere(finding)));
  return { platform, policies, findings };
}

/**
 * Each finding once: what the tenants share is compiled with each of their policies. What it relates to may differ from
 * tenant to tenant; the first stands for all.
 */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  const first = new Map<string, Finding>();
  for (const finding of findings) {
    const { code, severity, message, labels } = finding;
    const key = JSON.stringify([code, severity, message, labels[0].span]);
    if (!first.has(key)) first.set(key, finding);
  }
  return [...first.values()];
}
