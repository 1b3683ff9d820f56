/** Whether the memory of modules stays as it is, however often they are asked. */
import { compileWasm, loadWasmPolicy } from "@wardline/backends";
import { generateCase, generateRequests } from "@wardline/core/testing";
import * as sdk from "@open-policy-agent/opa-wasm";
import { compileCase } from "../agree/compile-case.ts";

// The SDK's types name no default export, which is where its module keeps `loadPolicySync`.
const opa = (sdk as unknown as { readonly default: typeof sdk }).default;

export interface Kept {
  readonly policies: number;
  readonly evaluations: number;
  /** Bytes of memory of all modules after each question was asked once, and after all evaluations. */
  readonly before: number;
  readonly after: number;
}

/** Asks modules of the whole language, by the unmodified SDK and by our own host in turn, and now and then gives them what is no JSON. */
export function flatMemory(evaluations: number): Kept {
  const modules = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((seed) => {
    const made = generateCase(seed * 8, "whole", "rules");
    const { program } = compileCase(made);
    if (program === null) return [];
    const inputs = generateRequests(made, program, 25).map(({ request }) => bytesOf(JSON.stringify(request)));
    const module = compileWasm(program);
    const [policy, host] = [opa.loadPolicySync(module), loadWasmPolicy(module)];
    return [
      {
        inputs,
        ways: [
          {
            ask: (input: ArrayBuffer) => void policy.evaluate(input),
            bytes: () => policy.mem.buffer.byteLength,
          },
          { ask: (input: ArrayBuffer) => void host.decide(new Uint8Array(input)), bytes: host.memory },
        ],
      },
    ];
  });
  const bytes = () => modules.flatMap(({ ways }) => ways).reduce((sum, way) => sum + way.bytes(), 0);
  const ask = (times: number) => {
    let asked = 0;
    for (let round = 0; asked < times; round += 1)
      for (const { ways, inputs } of modules)
        for (const { ask: askOne } of ways) {
          for (const input of inputs) askOne(input);
          asked += inputs.length;
          if (round % 50 === 0) refuses(() => askOne(bytesOf("{")));
        }
    return asked;
  };
  ask(1);
  const before = bytes();
  return { policies: modules.length, evaluations: ask(evaluations), before, after: bytes() };
}

function refuses(ask: () => unknown): void {
  try {
    ask();
  } catch {
    return;
  }
  throw new Error("what is no JSON was answered");
}

function bytesOf(text: string): ArrayBuffer {
  const bytes = new TextEncoder().encode(text);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}
