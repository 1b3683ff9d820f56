/** Joins what one bundle says into what the isolation layer asks for: decisions by closures, views by the SQL backend. */
import { compileClosures, compileViews } from "@wardline/backends";
import type { PolicyGuard } from "@wardline/isolation";
import type { LoadedBundle } from "./load-bundles.ts";

export function createPolicyGuard(bundle: LoadedBundle): PolicyGuard {
  const engine = compileClosures(bundle.program);
  const views = compileViews(bundle.program);
  return {
    program: bundle.program,
    revision: bundle.revision,
    decide: (request) => engine.decide(request),
    view: (entity, action, facts, options) => views.bind(entity, action, facts, options),
  };
}
