/**
 * Decides a request by every engine that runs here: the oracle, the closures, and the WebAssembly module that a bundle would
 * carry. Invariant: a difference between them is told, and nothing is then shown as permitted.
 */
import {
  compileClosures,
  compileWasm,
  loadWasmPolicy,
  type Engine,
  type WasmPolicy,
} from "@wardline/backends";
import { canonicalJson, evaluate, type Decision, type Program } from "@wardline/core";

export interface Decided {
  readonly decision: Decision;
  /** What went wrong between or within the engines, a sentence each; empty if they agree. */
  readonly faults: readonly string[];
  /** The size of the module in bytes; null where it could not be made. */
  readonly moduleSize: number | null;
}

type Decide = (request: unknown) => Decision;

/** What answers beside the oracle. It is only given otherwise in tests. */
export interface Engines {
  readonly decide: Readonly<Record<string, Decide>>;
  readonly moduleSize: number | null;
  readonly faults: readonly string[];
}

const made = new WeakMap<Program, Engines>();

/** The engines of a program, made once. A module is compiled at once: workers may, and pages do not decide. */
export function enginesOf(program: Program): Engines {
  const known = made.get(program) ?? makeEngines(program);
  made.set(program, known);
  return known;
}

function makeEngines(program: Program): Engines {
  const decide: Record<string, Decide> = {};
  const faults: string[] = [];
  let moduleSize: number | null = null;
  attempt(faults, "the engine in the process", () => {
    const closures: Engine = compileClosures(program);
    decide["the engine in the process"] = closures.decide;
  });
  attempt(faults, "the WebAssembly module", () => {
    const bytes = compileWasm(program);
    moduleSize = bytes.length;
    const module: WasmPolicy = loadWasmPolicy(bytes);
    const encoder = new TextEncoder();
    decide["the WebAssembly module"] = (request) => module.decide(encoder.encode(JSON.stringify(request)));
  });
  return { decide, moduleSize, faults };
}

function attempt(faults: string[], name: string, make: () => void): void {
  try {
    make();
  } catch (error) {
    faults.push(`${name} cannot be made here (${(error as Error).message})`);
  }
}

export function decideByAll(program: Program, request: unknown, engines = enginesOf(program)): Decided {
  const decision = evaluate(program, request);
  const faults = [...engines.faults];
  for (const [name, decide] of Object.entries(engines.decide))
    try {
      const other = decide(request);
      if (canonicalJson(other) !== canonicalJson(decision))
        faults.push(
          `${name} says ${outcomeText(other)}, the meaning of the policy is ${outcomeText(decision)}`,
        );
    } catch (error) {
      faults.push(`${name} gave no answer (${(error as Error).message})`);
    }
  return { decision, faults, moduleSize: engines.moduleSize };
}

function outcomeText({ outcome, rules, obligations }: Decision): string {
  const by = rules.length === 0 ? "" : ` by ${rules.join(", ")}`;
  return `${outcome}${by}${obligations.length === 0 ? "" : ` with ${obligations.length} obligations`}`;
}
