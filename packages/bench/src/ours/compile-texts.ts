/** Texts of a workload through the compiler. They are written to compile: anything else is a mistake of the workload. */
import { compile } from "@wardline/compiler";
import type { Program } from "@wardline/core";

export interface Texts {
  readonly model: string;
  readonly platform: string;
  readonly policy: string;
}

/** The tenant of all workloads. */
export const tenant = "north";

export function compileTexts({ model, platform, policy }: Texts): Program {
  const { program, findings } = compile({
    model: { name: "model.ward", text: model },
    platform: [{ name: "platform.ward", text: platform }],
    policy: { name: "north.ward", text: policy },
    tenant,
  });
  if (program === null) throw new Error(findings.map((finding) => finding.message).join("\n"));
  return program;
}
