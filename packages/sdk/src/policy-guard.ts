/**
 * Joins what one bundle says into what the isolation layer asks for: decisions by closures, views by the SQL backend; and
 * lists as values.
 */
import { compileClosures, compileViews, prepareFilters, type Filters } from "@wardline/backends";
import { irFormat, type ModelIr, type Program } from "@wardline/core";
import type { PolicyGuard } from "@wardline/isolation";
import { rowSecurityGuard } from "./row-security-kind.ts";
import type { LoadedBundle } from "./moment.ts";

/** One tenant's policy. */
export interface Policy extends PolicyGuard {
  readonly digest: string;
  readonly filters: Filters;
}

export function createPolicyGuard({
  program,
  revision,
  digest,
}: Pick<LoadedBundle, "program" | "revision" | "digest">): Policy {
  const engine = compileClosures(program);
  const views = compileViews(program);
  let filters: Filters | undefined;
  return {
    program,
    revision,
    digest,
    get filters() {
      return (filters ??= prepareFilters(program));
    },
    decide: (request) => engine.decide(request),
    view: (entity, action, facts, options) => views.bind(entity, action, facts, options),
    rowSecurity: rowSecurityGuard(program),
  };
}

/** Stands where a policy is not at hand: it has no rule, so nothing is permitted by it. */
export function denyingPolicy(tenant: string, model: ModelIr): Policy {
  const program: Program = {
    format: irFormat,
    tenant,
    model,
    rules: [],
    slots: [],
    atoms: [],
    conditions: [],
    tables: [],
    sealed: [],
  };
  const policy = createPolicyGuard({ program, revision: "0", digest: "0".repeat(64) });
  denying.add(policy);
  return policy;
}

const denying = new WeakSet<PolicyGuard>();

export function isDenying(policy: PolicyGuard): boolean {
  return denying.has(policy);
}
