/** The policies of the repository's examples, and of the language's samples where they are at hand: each as compiled. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { SourceFile } from "@wardline/core";
import { compile, type CompileResult } from "../../src/index.ts";

const examples = new URL("../../../../examples/", import.meta.url);
const samples = ["../../../../../", "../../../../../../"]
  .map((up) => new URL(`${up}shared/design/samples/`, import.meta.url))
  .find((url) => existsSync(url));

export interface RealPolicy {
  /** `folder: tenant` */
  readonly name: string;
  readonly compiled: CompileResult;
}

/** Every file of a folder by what its first words say that it is. */
function policiesIn(folder: URL, label: string): readonly RealPolicy[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ward"))
    .toSorted()
    .map((name): SourceFile => ({ name, text: readFileSync(new URL(name, folder), "utf8") }));
  const beginning = (word: string) => files.filter(({ text }) => new RegExp(`^${word} `, "m").test(text));
  const [model] = beginning("model");
  if (model === undefined) return [];
  const [platform, packs] = [beginning("platform"), beginning("pack")];
  return beginning("policy").map((policy) => {
    const tenant = /^policy (\w+) /m.exec(policy.text)?.[1] ?? "";
    return { name: `${label}: ${tenant}`, compiled: compile({ model, platform, policy, tenant, packs }) };
  });
}

export function realPolicies(): readonly RealPolicy[] {
  const folders = readdirSync(examples).map((name) => [new URL(`${name}/policy/`, examples), name] as const);
  const found = folders.filter(([url]) => existsSync(url)).flatMap(([url, name]) => policiesIn(url, name));
  return [...found, ...(samples === undefined ? [] : policiesIn(samples, "samples"))];
}
