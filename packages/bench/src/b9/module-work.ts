/** B9: one policy as our module, and as the module that OPA builds of its Rego, for the same requests. */
import { compileRego, compileWasm } from "@wardline/backends";
import { evaluate, type Program, type RequestDocument } from "@wardline/core";
import { regoText } from "../b1/abac-policies.ts";
import { abacRequest, abacTexts, makeAbac } from "../b1/abac.ts";
import { makeScale, scaleRequest, scaleTexts } from "../b2/scale.ts";
import { canonical } from "../agree/answer.ts";
import { compileTexts } from "../ours/compile-texts.ts";
import { buildWasm } from "../opa/run-opa.ts";
import { loadModule } from "../peers/opa-module.ts";
import { buildModule } from "../peers/opa.ts";
import { rawModule } from "./raw-module.ts";
import { webAssembly } from "./web-assembly.ts";

export interface Built {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface ModuleWork {
  readonly title: string;
  readonly requests: readonly RequestDocument[];
  /** Ours first. */
  readonly modules: readonly Built[];
  /** What people would write in Rego that says only yes or no, if they have: of another input, so for its size alone. */
  readonly byHand: readonly Built[];
}

/** Policies of ten rules and of a hundred. */
export async function moduleWorks(opa: string): Promise<readonly ModuleWork[]> {
  const scale = makeScale(100);
  const byHand = { name: "OPA, of Rego by hand, yes or no", bytes: buildModule(opa, regoText).slice() };
  return [
    await moduleWork(
      opa,
      [byHand],
      "9 permits and 1 forbid",
      compileTexts(abacTexts),
      makeAbac().questions.map(abacRequest),
    ),
    await moduleWork(
      opa,
      [],
      "100 grants",
      compileTexts(scaleTexts(scale)),
      scale.questions.map(scaleRequest),
    ),
  ];
}

async function moduleWork(
  opa: string,
  byHand: readonly Built[],
  title: string,
  program: Program,
  requests: readonly RequestDocument[],
): Promise<ModuleWork> {
  const modules = [
    { name: "Wardline", bytes: new Uint8Array(compileWasm(program)) },
    { name: "OPA, of our Rego", bytes: await buildWasm(opa, compileRego(program)) },
  ];
  for (const { name, bytes } of modules) checkAnswers(name, bytes, program, requests);
  return { title, requests, modules, byHand };
}

/** Throws if a module answers a request otherwise than the oracle, by either door. */
function checkAnswers(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  program: Program,
  requests: readonly RequestDocument[],
): void {
  const byHand = rawModule(new webAssembly.Module(bytes), 65_536);
  const bySdk = loadModule(bytes);
  for (const request of requests) {
    const wanted = canonical([{ result: evaluate(program, request) }]);
    const raw = byHand.textAt(byHand.evaluate(new TextEncoder().encode(JSON.stringify(request))));
    if (canonical(JSON.parse(raw)) !== wanted || canonical(bySdk.evaluate(request)) !== wanted)
      throw new Error(`${name} answers ${JSON.stringify(request)} otherwise than ${wanted}`);
  }
}
