/** The corpus's decisions, by our Rego in a stock OPA and by the module that OPA builds of it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compileRego } from "@wardline/backends";
import { compile } from "@wardline/compiler";
import { caseRequests, caseTexts, type CaseFiles } from "@wardline/core/testing";
import { afterAll, describe, expect, test } from "vitest";
import { canonical, requestText } from "../../src/agree/answer.ts";
import { loadModule } from "../../src/opa/load-module.ts";
import { startOpa, type Opa } from "../../src/opa/start-opa.ts";

const corpus = fileURLToPath(new URL("../../../../grammar/corpus/", import.meta.url));

function filesOf(folder: string): CaseFiles {
  const path = (name: string) => `${corpus}${folder}/${name}`;
  const names = readdirSync(corpus + folder, { recursive: true, encoding: "utf8" });
  return new Map(
    names
      .filter((name) => !existsSync(`${path(name)}/`))
      .map((name) => [name, readFileSync(path(name), "utf8")]),
  );
}

const library = filesOf("library");
const started = await startOpa();
if ("skipped" in started) console.log(`skipped: the corpus in a stock OPA: ${started.skipped}`);

describe.skipIf("skipped" in started)("the corpus in a stock OPA", () => {
  const opa = "opa" in started ? started.opa : ({} as Opa);
  afterAll(() => opa.close());

  test.each(readdirSync(`${corpus}decisions`))("%s", async (name) => {
    const files = filesOf(`decisions/${name}`);
    const { program } = compile(caseTexts(files, library));
    if (program === null) expect.fail("the case has no program");
    const decisions = JSON.parse(files.get("decisions.json") ?? "{}") as Readonly<Record<string, unknown>>;
    const policy = compileRego(program);
    const module = await loadModule(opa, policy);
    const asked = [...caseRequests(files.get("requests.json") ?? "")];
    const texts = asked.map(([, request]) => requestText(request));
    const answers = await opa.decide(policy, texts);
    for (const [i, [question]] of asked.entries()) {
      const wanted = canonical(decisions[question]);
      expect(canonical(answers[i]), `OPA, ${question}`).toBe(wanted);
      expect(canonical(module(texts[i] as string)), `OPA's module, ${question}`).toBe(wanted);
    }
  });
});
