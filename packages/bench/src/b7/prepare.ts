/** What a cold process of B7 finds on its disk: grants, their texts, their bundle, and one question about the last of them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildBundle, compileRego, compileWasm, compileSql } from "@wardline/backends";
import { compile } from "@wardline/compiler";
import { makeScale, scaleRequest, scaleTexts, type Grant } from "../b2/scale.ts";
import { tenant } from "../ours/compile-texts.ts";

export interface StartFiles {
  readonly grants: readonly Grant[];
  readonly asked: Grant;
}

/** Writes `grants.json`, `request.json`, `texts.json` and the folder `bundle`. */
export async function prepare(folder: string, rules: number): Promise<void> {
  const work = makeScale(rules);
  const { grants } = work;
  const asked = grants.at(-1) as Grant;
  const { model, platform, policy } = scaleTexts(work);
  const texts = {
    model: { name: "model.ward", text: model },
    platform: [{ name: "platform.ward", text: platform }],
    policy: { name: "north.ward", text: policy },
    tenant,
  };
  const { program, sourceMap, findings } = compile(texts);
  if (program === null || sourceMap === null) throw new Error(findings.map((f) => f.message).join("\n"));
  const files = await buildBundle({
    program,
    sourceMap,
    wasm: compileWasm(program),
    rego: compileRego(program),
    sql: compileSql(program),
    platform: "0".repeat(64),
    revision: "1",
    compiler: "0.1.0",
  });
  const write = (name: string, content: unknown) =>
    writeFileSync(join(folder, name), JSON.stringify(content));
  write("grants.json", { grants, asked } satisfies StartFiles);
  write("request.json", scaleRequest({ user: { id: "u", roles: [asked.role] }, ...asked }));
  write("texts.json", texts);
  mkdirSync(join(folder, "bundle"));
  for (const [name, bytes] of files) writeFileSync(join(folder, "bundle", name), bytes);
}
