/** The WebAssembly module of a policy: what it is, what it asks of its host, and whether it decides as the policy means. */
import { compileWasm } from "@wardline/backends";
import { loadWasmPolicy } from "@wardline/backends/wasm-host";
import { canonicalJson, evaluate, serializeProgram, type Program } from "@wardline/core";
import { boundaryRequests } from "@wardline/core/search";
import { isRefused, programOf } from "../access/program-of.ts";
import type { Refused } from "../protocol/requests.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import { bytesOf, gzipSize, sha256 } from "./digest.ts";

export interface WasmArtefact {
  /** In bytes. */
  readonly size: number;
  readonly gzip: number;
  readonly sha256: string;
  /** `env.memory: memory` */
  readonly imports: readonly string[];
  /** `opa_eval: function` */
  readonly exports: readonly string[];
  /** Bytes of the module that answers lists too, and of the serialised program. */
  readonly withLists: number;
  readonly program: number;
  /** Requests that were put to the module and to the meaning of the policy, and how many they answered alike. */
  readonly asked: number;
  readonly alike: number;
}

interface Described {
  readonly module: string;
  readonly name: string;
  readonly kind: string;
}

/** The part of WebAssembly's interface that is asked here; Node and browsers have it alike. */
const { Module } = (
  globalThis as unknown as {
    readonly WebAssembly: {
      readonly Module: {
        new (bytes: Uint8Array): object;
        readonly imports: (module: object) => readonly Described[];
        readonly exports: (module: object) => readonly Described[];
      };
    };
  }
).WebAssembly;

/** How many requests of each combination of who, what and which are compared. */
const perTable = 8;

export async function wasmArtefact(snapshot: Snapshot, tenant: string): Promise<WasmArtefact | Refused> {
  const compiled = programOf(snapshot, tenant);
  if (isRefused(compiled)) return compiled;
  const { program } = compiled;
  const bytes = compileWasm(program);
  const module = new Module(bytes);
  return {
    size: bytes.length,
    gzip: await gzipSize(bytes),
    sha256: await sha256(bytes),
    imports: Module.imports(module).map((one) => `${one.module}.${one.name}: ${one.kind}`),
    exports: Module.exports(module).map((one) => `${one.name}: ${one.kind}`),
    withLists: compileWasm(program, { filter: true }).length,
    program: bytesOf(serializeProgram(program)).length,
    ...(await compared(program, module)),
  };
}

/** Goes table by table, and lets what waits be answered between them. */
async function compared(program: Program, module: object): Promise<Pick<WasmArtefact, "asked" | "alike">> {
  const policy = loadWasmPolicy(module);
  let [asked, alike] = [0, 0];
  for (const table of program.tables) {
    for (const request of boundaryRequests(program, table, { seed: 1, limit: perTable })) {
      asked += 1;
      const decisions = [policy.decideObject(request), evaluate(program, request)].map(canonicalJson);
      if (decisions[0] === decisions[1]) alike += 1;
    }
    await turn();
  }
  return { asked, alike };
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
