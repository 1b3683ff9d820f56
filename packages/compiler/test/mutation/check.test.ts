/** A slip in one token of a policy that compiles: the whole compiler says where, and nothing of other statements. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compile, parseFile } from "../../src/index.ts";
import type { CompileInput } from "../../src/index.ts";
import { caseFolders, inputOf } from "../corpus/case-folder.ts";
import type { Examined } from "./judge.ts";
import { mutations, ratesOf, report } from "./rates.ts";
import type { Judged, Subject } from "./rates.ts";

const random = Number(process.env["WARDLINE_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

/** A policy as a text that is compiled with the files beside it. */
function subjectOf(name: string, input: CompileInput): Subject {
  const file = input.policy.name;
  const examine = (text: string): Examined => {
    const { findings } = compile({ ...input, policy: { name: file, text } });
    const own = findings.filter(
      ({ severity, labels: [{ span }] }) => severity === "error" && span.file === file,
    );
    return { ast: parseFile({ name: file, text }).ast, findings: own };
  };
  return { name, text: input.policy.text, examine };
}

const clinic = (file: string) => {
  const url = new URL(`../../../../examples/clinic/${file}`, import.meta.url);
  return { name: file, text: readFileSync(url, "utf8") };
};
const clinicConfig = JSON.parse(clinic("wardline.config.json").text) as {
  readonly model: string;
  readonly platform: readonly string[];
  readonly tenants: Readonly<Record<string, string>>;
};

const folders = [...caseFolders("check"), ...caseFolders("decisions")];
const subjects = [
  ...folders.map((folder) => subjectOf(folder.name, inputOf(folder))),
  ...Object.entries(clinicConfig.tenants).map(([tenant, file]) =>
    subjectOf(tenant, {
      model: clinic(clinicConfig.model),
      platform: clinicConfig.platform.map(clinic),
      policy: clinic(file),
      tenant,
    }),
  ),
].filter(({ text, examine }) => text.length > 150 && examine(text).findings.length === 0);

/** A role or a let that was renamed where it is declared is unknown where it is used: no slip of the other statement. */
function isRenamed({ subject: { text }, mutation: { start, end }, elsewhere }: Judged): boolean {
  const name = `\`${text.slice(start, end)}\``;
  return elsewhere.length > 0 && elsewhere.every((one) => one.includes("name/unknown") && one.includes(name));
}

describe.each([1, random])("seed %i (WARDLINE_SEED repeats it)", (seed) => {
  test("policies that compile", () => {
    expect(subjects.length).toBeGreaterThan(10);
    const all = mutations(subjects, seed, 200);
    const judged = all.filter((one) => !isRenamed(one));
    const renamed = all.length - judged.length;
    console.log(
      `WARDLINE_SEED=${seed}: policies that compile, without ${renamed} renamed declarations\n${report(judged)}`,
    );
    expect(renamed / all.length).toBeLessThan(0.03);
    const rates = ratesOf(judged);
    expect(rates.mutations).toBeGreaterThan(1000);
    expect(rates.inside).toBeGreaterThanOrEqual(0.98);
    expect(rates.unchanged).toBeGreaterThanOrEqual(0.99);
  });
});
