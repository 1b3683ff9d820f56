/** The program of a tenant at one moment, or the sentence that says why there is none. */
import type { CompileResult } from "@wardline/compiler";
import type { Program, SourceMap } from "@wardline/core";
import type { Refused } from "../protocol/requests.ts";
import type { Snapshot } from "../workspace/snapshot.ts";

export interface CompiledTenant {
  readonly program: Program;
  readonly sourceMap: SourceMap;
}

export function isRefused(answer: object): answer is Refused {
  return "refused" in answer;
}

export function programOf(snapshot: Snapshot, tenant: string): CompiledTenant | Refused {
  const compiled = snapshot.compiled(tenant);
  if (compiled === undefined) return { refused: `This project has no tenant ${tenant}.` };
  const { program, sourceMap } = compiled;
  if (program === null || sourceMap === null) return { refused: errorsText(tenant, compiled) };
  return { program, sourceMap };
}

/** What stands in the way of a policy that does not compile: how many errors, and the first of them. */
export function errorsText(tenant: string, { findings }: Pick<CompileResult, "findings">): string {
  const errors = findings.filter(({ severity }) => severity === "error");
  const [first] = errors;
  const many = errors.length === 1 ? "an error" : `${errors.length} errors`;
  const what = first === undefined ? "" : ` The first, in ${first.labels[0].span.file}: ${first.message}.`;
  return `The policy of ${tenant} has ${many}; nothing is decided by it until that is mended.${what}`;
}
