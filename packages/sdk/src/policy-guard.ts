/**
 * Joins what one bundle says into what the isolation layer asks for: decisions by closures, views by the SQL backend; and
 * lists as values.
 */
import { compileClosures, compileViews, prepareFilters, type Filters } from "@wardline/backends";
import type { PolicyGuard } from "@wardline/isolation";
import { rowSecurityGuard } from "./row-security-kind.ts";
import type { LoadedBundle } from "./load-bundles.ts";

/** One tenant's policy. */
export interface Policy extends PolicyGuard {
  readonly digest: string;
  readonly filters: Filters;
}

export function createPolicyGuard(bundle: LoadedBundle): Policy {
  const engine = compileClosures(bundle.program);
  const views = compileViews(bundle.program);
  return {
    program: bundle.program,
    revision: bundle.revision,
    digest: bundle.digest,
    filters: prepareFilters(bundle.program),
    decide: (request) => engine.decide(request),
    view: (entity, action, facts, options) => views.bind(entity, action, facts, options),
    rowSecurity: rowSecurityGuard(bundle.program),
  };
}
