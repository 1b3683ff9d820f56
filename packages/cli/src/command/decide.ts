/** `wardline decide [folder]`: one decision, as the program means it. */
import {
  evaluate,
  inputProblems,
  obligationText,
  type Decision,
  type Program,
  type Rule,
} from "@wardline/core";
import { Option } from "commander";
import { exitCode, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { addRequestOptions, readQuestion, type ReadOptions } from "../question/read-question.ts";
import { visible } from "../report/visible.ts";
import type { AddCommand } from "./shell.ts";

export interface DecideOptions extends ReadOptions {
  readonly format: "pretty" | "plain" | "json";
  readonly exitDecision: boolean;
}

export const addDecide: AddCommand = (program, { io, end }) => {
  const command = program
    .command("decide")
    .description("answer one request")
    .argument("[folder]", "the project's folder", ".");
  addRequestOptions(command)
    .addOption(
      new Option("--format <format>", "how to print the decision")
        .choices(["pretty", "plain", "json"])
        .default("pretty"),
    )
    .option("--exit-decision", "exit 5 unless the answer is permit", false)
    .action(async (folder: string, options: DecideOptions) => {
      end(await decide(io, folder, options));
    });
};

export async function decide(io: Io, folder: string, options: DecideOptions): Promise<ExitCode> {
  const asked = await readQuestion(io, folder, options);
  if ("exit" in asked) return asked.exit;
  const { program, request } = asked;
  const decision = evaluate(program, request);
  if (options.format === "json") io.out(`${JSON.stringify(decision, null, 2)}\n`);
  else {
    io.out(formatDecision(program, decision));
    if (decision.reason === "invalid_input")
      for (const { path, problem } of inputProblems(program, request))
        io.out(`${visible(`  ${path}: ${problem}`)}\n`);
  }
  return options.exitDecision && decision.outcome !== "permit" ? exitCode.denied : exitCode.fine;
}

/** A decision as a few lines for people. */
function formatDecision(program: Program, decision: Decision): string {
  const rules = decision.rules.map((id) => {
    const rule = program.rules.find((r: Rule) => r.id === id) as Rule;
    return `  by ${id} (${rule.file}:${rule.line})${rule.because === null ? "" : `: ${rule.because}`}`;
  });
  const obligations = decision.obligations.map((obligation) => `  with ${obligationText(obligation)}`);
  const head = decision.reason === null ? decision.outcome : `${decision.outcome}: ${decision.reason}`;
  return [head, ...rules, ...obligations].map((line) => `${visible(line)}\n`).join("");
}
