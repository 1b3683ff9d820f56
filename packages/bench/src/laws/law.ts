/** What a law is: a sentence about decisions that is held against generated policies, written without the oracle's own parts. */
import type { CompileResult } from "@wardline/compiler";
import type { Decision, Program } from "@wardline/core";
import type { Case, GeneratedRequest } from "@wardline/core/testing";

/** What decides. Faults are planted by another one. */
export interface Engine {
  readonly compile: (made: Case) => CompileResult;
  readonly evaluate: (program: Program, request: unknown) => Decision;
}

/** A generated policy with questions to it. */
export interface Subject {
  readonly made: Case;
  readonly program: Program;
  readonly requests: readonly GeneratedRequest[];
  readonly engine: Engine;
  /** The answers of the engine to the requests, in their order. */
  readonly decisions: readonly Decision[];
}

export interface Broken {
  /** What was found instead, in one sentence. */
  readonly what: string;
  readonly request?: unknown;
  readonly decisions: readonly Decision[];
}

export interface Law {
  readonly name: string;
  /** Null if it holds. */
  readonly check: (subject: Subject) => Broken | null;
}

/** The program of a case that must compile since one that says the same does. Throws what was found against it. */
export function programOf(engine: Engine, made: Case): Program {
  const { program, findings } = engine.compile(made);
  if (program !== null) return program;
  const errors = findings.filter((found) => found.severity === "error").map((found) => found.message);
  throw new Error(`refused: ${errors.join("; ")}\n${made.platform.text}\n${made.policy.text}`);
}
