import { compile } from "@wardline/compiler";
import type { Finding, Program } from "@wardline/core";
import type { Project } from "./project.ts";

export interface CompiledProject {
  /** Tenant → program, for every tenant without errors. */
  readonly programs: ReadonlyMap<string, Program>;
  /** Findings of all files, each once, in the order of the files. */
  readonly findings: readonly Finding[];
}

/** Compiles every tenant's policy, or one tenant's. */
export function compileProject(project: Project, only?: string): CompiledProject {
  const programs = new Map<string, Program>();
  const findings = new Map<string, Finding>();
  for (const [tenant, policy] of project.tenants) {
    if (only !== undefined && tenant !== only) continue;
    const result = compile({ model: project.model, platform: project.platform, policy, tenant });
    if (result.program !== null) programs.set(tenant, result.program);
    for (const finding of result.findings) findings.set(JSON.stringify(finding), finding);
  }
  return { programs, findings: [...findings.values()] };
}

/** All texts of a project, by file name. */
export function sourcesOf(project: Project): ReadonlyMap<string, string> {
  return new Map(
    [project.model, ...project.platform, ...project.tenants.values()].map((file) => [file.name, file.text]),
  );
}
