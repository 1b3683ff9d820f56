/** The corpus's decisions, by every engine: each answers what the oracle decided and people have read. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { BeyondTarget } from "@wardline/backends";
import { compile } from "@wardline/compiler";
import type { Program } from "@wardline/core";
import { caseRequests, caseTexts } from "@wardline/core/testing";
import type { CaseFiles } from "@wardline/core/testing";
import { describe, expect, test } from "vitest";
import { answerOf, canonical } from "../src/agree/answer.ts";
import { closureTarget, loadedTarget, wasmTarget } from "../src/agree/target.ts";
import type { Target } from "../src/agree/target.ts";

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

/** The engines, each made of the program alone. */
const makers: Readonly<Record<string, (program: Program) => Target>> = {
  closure: (program) => closureTarget(program, unused()),
  wasm: (program) => wasmTarget(program, unused()),
  loaded: (program) => loadedTarget(program, unused()),
};

/** None of these engines looks at how a program was generated. */
function unused(): Parameters<typeof closureTarget>[1] {
  return {} as Parameters<typeof closureTarget>[1];
}

describe.each(Object.entries(makers))("%s", (engine, make) => {
  test.each(cases)("$name", ({ name, files }) => {
    const { program } = compile(caseTexts(files, library));
    if (program === null) expect.fail("the case has no program");
    const decisions = JSON.parse(files.get("decisions.json") ?? "{}") as Readonly<Record<string, unknown>>;
    let target: Target;
    try {
      target = make(program);
    } catch (error) {
      if (!(error instanceof BeyondTarget)) throw error;
      console.warn(`${engine}, ${name}: left out, ${error.message}`);
      return;
    }
    for (const [asked, request] of caseRequests(files.get("requests.json") ?? ""))
      expect(`${asked}: ${answerOf(() => target.decide(request))}`).toBe(
        `${asked}: ${canonical(decisions[asked])}`,
      );
  });
});
