/** The engines that answer single requests. Each is made from the program alone, the way its users make it. */
import { compileClosures, compileWasm, loadWasmPolicy } from "@wardline/backends";
import { evaluate, loadProgram, serializeProgram, type Program, type RequestDocument } from "@wardline/core";
import { withStatements, type Case } from "@wardline/core/testing";
import { compileCase } from "./compile-case.ts";
import * as opaPackage from "@open-policy-agent/opa-wasm";
import { answerOf, requestText } from "./answer.ts";
import { readCase } from "./reading/reading.ts";
import { residualTarget } from "./residual-target.ts";

// The package is CommonJS: what its types call named exports are members of the default one at run time.
const opa = (opaPackage as unknown as { readonly default: typeof opaPackage }).default;

/** An engine that answers requests one by one. */
export interface Target {
  readonly name: string;
  /** The answer to one request; may throw. */
  readonly decide: (request: unknown) => unknown;
  /** Why a request cannot be asked of it, or undefined where it can; left out: all can. */
  readonly cannotAsk?: (request: unknown) => string | undefined;
}

/** An engine outside of this process, which is asked all questions of a case at once. */
export interface BatchTarget {
  readonly name: string;
  /** The answers in the order of the requests. What is thrown for one stands in its place as an `Error`. */
  readonly decideAll: (requests: readonly unknown[]) => Promise<readonly unknown[]>;
  readonly cannotAsk?: (request: unknown) => string | undefined;
}

/** What a target leaves out, with its reason: counted and printed. */
export interface SkippedTarget {
  readonly name: string;
  readonly skipped: string;
}

/** Makes a target of a case's program. A fault is planted by wrapping one of these. */
export type TargetMaker = (program: Program, made: Case) => Target;
export type AnyTargetMaker = (
  program: Program,
  made: Case,
) => Target | BatchTarget | SkippedTarget | Promise<Target | BatchTarget | SkippedTarget>;

/** A request that a target was not asked. */
export interface NotAsked {
  readonly notAsked: string;
}

/** The answers of a target to some requests, as texts that can be compared. */
export async function answersOf(
  target: Target | BatchTarget,
  requests: readonly unknown[],
): Promise<readonly (string | NotAsked)[]> {
  const reasons = requests.map((request) => target.cannotAsk?.(request));
  const asked = requests.filter((_, at) => reasons[at] === undefined);
  const answers = (await textsOf(target, asked)).values();
  return reasons.map((reason) =>
    reason === undefined ? (answers.next().value as string) : { notAsked: reason },
  );
}

async function textsOf(
  target: Target | BatchTarget,
  requests: readonly unknown[],
): Promise<readonly string[]> {
  if ("decide" in target) return requests.map((request) => answerOf(() => target.decide(request)));
  const answers = await target.decideAll(requests);
  if (answers.length !== requests.length)
    throw new RangeError(`${target.name} gave ${answers.length} answers to ${requests.length} requests`);
  return answers.map((answer) =>
    answerOf(() => {
      if (answer instanceof Error) throw answer;
      return answer;
    }),
  );
}

export const closureTarget: TargetMaker = (program) => ({
  name: "closure",
  decide: compileClosures(program).decide,
});

export const wasmTarget: TargetMaker = (program) => moduleTarget(compileWasm(program));

/** A module in the unmodified host, given the request as bytes. */
export function moduleTarget(module: Uint8Array): Target {
  const policy = opa.loadPolicySync(new Uint8Array(module).buffer);
  const encoder = new TextEncoder();
  return {
    name: "wasm",
    decide: (request) => {
      const bytes = encoder.encode(requestText(request));
      const results = policy.evaluate(bytes.buffer, "wardline/decision") as readonly {
        readonly result?: unknown;
      }[];
      if (results.length !== 1) throw new RangeError(`the module gave ${results.length} results`);
      return results[0]?.result;
    },
  };
}

/** The module in our own host, given each request as an object. */
export const hostTarget: TargetMaker = (program) => {
  const policy = loadWasmPolicy(compileWasm(program));
  return { name: "host", decide: (request) => policy.decideObject(request) };
};

/** The oracle on the program as it is after a journey through JSON. */
export const loadedTarget: TargetMaker = (program) => {
  const loaded = loadProgram(JSON.parse(serializeProgram(program)));
  if ("error" in loaded) throw new TypeError(`the program does not load: ${loaded.error}`);
  return { name: "loaded", decide: (request) => evaluate(loaded.program, request) };
};

/** The oracle on the same statements in the opposite order: the order of statements means nothing. */
export const reorderedTarget: TargetMaker = (_, made) => {
  const { platform, policy, roles } = made.statements;
  const statements = { platform: platform.toReversed(), policy: policy.toReversed(), roles };
  const other = withStatements(made, statements);
  const program = compileCase(other).program;
  if (program === null) throw new TypeError("the statements in the opposite order are refused");
  return { name: "reordered", decide: (request) => evaluate(program, request) };
};

/** The second reading of the texts, where the case stays within what it reads. */
export const readingOrSkip: AnyTargetMaker = (program, made) =>
  made.extent === "rules"
    ? { name: "reading", skipped: "the second reading knows no floors, shares, limits and grants that ask" }
    : readingTarget(program, made);

/**
 * What the texts say, read without the checker and without lowering. What is malformed or out of scope is not a question
 * of the texts: there it repeats the oracle.
 */
export const readingTarget: TargetMaker = (program, made) => {
  const reading = readCase(made);
  return {
    name: "reading",
    decide: (request) => {
      const decision = evaluate(program, request);
      const refused = decision.reason === "invalid_input" || decision.reason === "out_of_scope";
      return refused ? decision : reading.decide(request as RequestDocument);
    },
  };
};

/** The targets that need nothing but this process, by name. */
export const inProcess: Readonly<Record<string, AnyTargetMaker>> = {
  closure: closureTarget,
  wasm: wasmTarget,
  host: hostTarget,
  residual: residualTarget,
  loaded: loadedTarget,
  reordered: reorderedTarget,
  reading: readingOrSkip,
};

export const allTargets: readonly AnyTargetMaker[] = Object.values(inProcess);

/** Some of them; other names are passed over. */
export function targetsNamed(names: readonly string[]): readonly AnyTargetMaker[] {
  return Object.entries(inProcess).flatMap(([name, make]) => (names.includes(name) ? [make] : []));
}
