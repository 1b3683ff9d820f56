/** From texts to a program: parse, check, lower. A file set with one error has no program. */
import type { Finding, Program, SourceFile } from "@wardline/core";

/** The files of one tenant's policy. What each file may be is said here, by who loads it, never by the file. */
export interface CompileInput {
  readonly model: SourceFile;
  readonly platform: readonly SourceFile[];
  readonly policy: SourceFile;
  /** The tenant that the policy must name. */
  readonly tenant: string;
}

export interface CompileResult {
  /** Null if any finding is an error. */
  readonly program: Program | null;
  readonly findings: readonly Finding[];
}

/** Compiles one tenant's policy with the model and the platform's files. Never throws on any text. */
export function compile(input: CompileInput): CompileResult {
  void input;
  return { program: null, findings: [] };
}
