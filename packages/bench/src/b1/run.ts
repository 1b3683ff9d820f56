import { compileClosures, compileWasm } from "@wardline/backends";
import { evaluate } from "@wardline/core";
import * as opaPackage from "@open-policy-agent/opa-wasm";
import { measure, type Alternative, type Measured } from "../measure.ts";
import { byHand, compileWork, factsOf, makeRequests } from "./work.ts";

/** The types name what the module exports, but at run time all of it stands under `default`. */
const opa = (opaPackage as unknown as { readonly default: typeof opaPackage }).default;

/** B1 by hand, by closures, by the wasm module (as bytes and as an object), and by the oracle. */
export function runB1(): readonly Measured[] {
  const program = compileWork();
  const requests = makeRequests();
  const facts = requests.map(factsOf);
  const engine = compileClosures(program);
  const bytes = compileWasm(program);
  const module = opa.loadPolicySync(bytes.slice().buffer);
  const encoded = requests.map((request) => new TextEncoder().encode(JSON.stringify(request)).buffer);
  const wasm = (input: unknown) =>
    (module.evaluate(input)[0] as { result: { outcome: string } }).result.outcome === "permit";
  const ways: readonly { readonly name: string; readonly ask: (index: number) => boolean }[] = [
    { name: "by hand, facts at hand", ask: (n) => byHand(facts[n] as (typeof facts)[number]) },
    {
      name: "closures",
      ask: (n) => engine.decide(requests[n]).outcome === "permit",
    },
    { name: "wasm by the OPA SDK, bytes", ask: (n) => wasm(encoded[n]) },
    { name: "wasm by the OPA SDK, object", ask: (n) => wasm(requests[n]) },
    { name: "oracle", ask: (n) => evaluate(program, requests[n]).outcome === "permit" },
  ];
  for (const { name, ask } of ways)
    requests.forEach((_, n) => {
      if (ask(n) !== byHand(facts[n] as (typeof facts)[number]))
        throw new Error(`${name} answers request ${n} otherwise`);
    });
  return measure(
    ways.map(({ name, ask }): Alternative => ({
      name,
      run: (count) => {
        let permits = 0;
        for (let n = 0; n < count; n += 1) if (ask(n & 255)) permits += 1;
        return permits;
      },
    })),
  );
}
