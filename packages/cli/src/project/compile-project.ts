import { compile, compilePlatform, type CompileResult } from "@wardline/compiler";
import type { Finding, Program } from "@wardline/core";
import type { Project } from "./project.ts";
import { isUsedElsewhere } from "./used-elsewhere.ts";

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
  /** Compile the platform's files by themselves too. */
  readonly platform?: boolean;
  /** Called before each tenant. */
  readonly step?: (done: number, all: number) => void;
}

/** Compiles tenants' policies. Where a project has none, the platform's files show what is wrong with them. */
export function compileProject(project: Project, options: CompileOptions = {}): CompiledProject {
  const shared = {
    model: project.model,
    platform: project.platform,
    packs: project.packs,
    lints: project.config?.lints ?? {},
  };
  const alone = options.platform === true || project.tenants.size === 0;
  const platform = alone ? compilePlatform(shared) : null;
  const policies = new Map<string, CompileResult>();
  const tenants = [...project.tenants].filter(([tenant]) => options.only?.(tenant) ?? true);
  for (const [index, [tenant, policy]] of tenants.entries()) {
    options.step?.(index, tenants.length);
    policies.set(tenant, compile({ ...shared, policy, tenant }));
  }
  const results = [...(platform === null ? [] : [platform]), ...policies.values()];
  const usedElsewhere = isUsedElsewhere(project, results, tenants.length === project.tenants.size);
  const findings = new Map<string, Finding>();
  for (const finding of results.flatMap((result) => result.findings))
    if (!usedElsewhere(finding)) findings.set(JSON.stringify(finding), finding);
  const programs = [...policies].flatMap(([tenant, { program }]) =>
    program === null ? [] : [[tenant, program] as const],
  );
  return { platform, policies, programs: new Map(programs), findings: [...findings.values()] };
}
