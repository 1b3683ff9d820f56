/** The texts of a generated case through the compiler. */
import { compile, type CompileResult } from "@wardline/compiler";
import type { Case } from "@wardline/core/testing";

export function compileCase(made: Case): CompileResult {
  return compile({ model: made.model, platform: [made.platform], policy: made.policy, tenant: made.tenant });
}
