/** The corpus's decisions, by every engine: each answers what the oracle decided and people have read. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compile } from "@wardline/compiler";
import { caseRequests, caseTexts } from "@wardline/core/testing";
import type { CaseFiles } from "@wardline/core/testing";
import { afterAll, describe, expect, test } from "vitest";
import { canonical } from "../src/agree/answer.ts";
import { opaWasmTarget, regoTarget } from "../src/agree/outside.ts";
import { answersOf, closureTarget, loadedTarget, wasmTarget } from "../src/agree/target.ts";
import type { AnyTargetMaker } from "../src/agree/target.ts";
import { startOpa } from "../src/opa/start-opa.ts";

const corpus = fileURLToPath(new URL("../../../grammar/corpus/", import.meta.url));

function filesOf(folder: string): CaseFiles {
  const names = readdirSync(corpus + folder, { recursive: true, encoding: "utf8" });
  const path = (name: string) => `${corpus}${folder}/${name}`;
  return new Map(
    names
      .filter((name) => !existsSync(`${path(name)}/`))
      .map((name) => [name, readFileSync(path(name), "utf8")]),
  );
}

const library = filesOf("library");
const cases = readdirSync(`${corpus}decisions`).map((name) => ({
  name,
  files: filesOf(`decisions/${name}`),
}));

/** None of these engines looks at how a program was generated. */
const unused = { seed: 0 } as Parameters<AnyTargetMaker>[1];

const started = await startOpa();
if ("skipped" in started) console.log(`skipped: the corpus in a stock OPA: ${started.skipped}`);
afterAll(async () => {
  if ("opa" in started) await started.opa.close();
});

const makers: Readonly<Record<string, AnyTargetMaker>> = {
  closure: closureTarget,
  wasm: wasmTarget,
  loaded: loadedTarget,
  ...("opa" in started ? { rego: regoTarget(started.opa), "opa wasm": opaWasmTarget(started.opa, 1) } : {}),
};

describe.each(Object.entries(makers))("%s", (_, make) => {
  test.each(cases)("$name", async ({ files }) => {
    const { program } = compile(caseTexts(files, library));
    if (program === null) expect.fail("the case has no program");
    const decisions = JSON.parse(files.get("decisions.json") ?? "{}") as Readonly<Record<string, unknown>>;
    const target = await make(program, unused);
    if ("skipped" in target) expect.fail(target.skipped);
    const asked = [...caseRequests(files.get("requests.json") ?? "")];
    const answers = await answersOf(
      target,
      asked.map(([, request]) => request),
    );
    const wanted = asked.map(([name]) => canonical(decisions[name]));
    expect(answers).toEqual(wanted);
  });
});
