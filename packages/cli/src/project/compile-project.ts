import { compile, parseFile } from "@wardline/compiler";
import type { Finding, Program } from "@wardline/core";
import type { Project } from "./project.ts";

export interface CompiledProject {
  /** Tenant → program, for every tenant without errors. */
  readonly programs: ReadonlyMap<string, Program>;
  /** Findings of all files, each once, in the order of the files. */
  readonly findings: readonly Finding[];
}

export interface CompileOptions {
  /** The tenants to compile; all without it. */
  readonly only?: (tenant: string) => boolean;
  /** Called before each tenant. */
  readonly step?: (done: number, all: number) => void;
}

/** Compiles tenants' policies. Where a project has none, a blank one shows what is wrong with the rest. */
export function compileProject(project: Project, options: CompileOptions = {}): CompiledProject {
  const programs = new Map<string, Program>();
  const findings = new Map<string, Finding>();
  const add = (found: readonly Finding[]) => {
    for (const finding of found) findings.set(JSON.stringify(finding), finding);
  };
  const shared = {
    model: project.model,
    platform: project.platform,
    lints: project.config?.lints ?? {},
  };
  const tenants = [...project.tenants].filter(([tenant]) => options.only?.(tenant) ?? true);
  if (project.tenants.size === 0) add(withoutPolicy(project));
  for (const [index, [tenant, policy]] of tenants.entries()) {
    options.step?.(index, tenants.length);
    const result = compile({ ...shared, policy, tenant });
    if (result.program !== null) programs.set(tenant, result.program);
    add(result.findings);
  }
  return { programs, findings: [...findings.values()] };
}

function withoutPolicy({ model, platform }: Project): readonly Finding[] {
  const { header } = parseFile(model).ast;
  const policy = { name: "", text: `policy none for ${header?.kind === "model" ? header.name.text : ""}\n` };
  return compile({ model, platform, policy, tenant: "none" }).findings.filter(
    (finding) => finding.labels[0].span.file !== policy.name,
  );
}
