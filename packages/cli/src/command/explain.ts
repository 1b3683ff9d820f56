/** `wardline explain [folder]`: why a request is answered as it is. */
import { explain as explainRequest, nearestMiss } from "@wardline/core";
import { Option } from "commander";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { explainText } from "../explain/explain-text.ts";
import type { Io } from "../io.ts";
import { addRequestOptions, readQuestion, type ReadOptions } from "../question/read-question.ts";
import { visible } from "../report/visible.ts";
import type { AddCommand } from "./shell.ts";

export interface ExplainOptions extends ReadOptions {
  readonly format: "pretty" | "plain" | "json";
  readonly all: boolean;
  readonly exitDecision: boolean;
}

export const addExplain: AddCommand = (program, { io, end }) => {
  const command = program
    .command("explain")
    .description("say why a request is answered as it is")
    .argument("[folder]", "the project's folder", ".");
  addRequestOptions(command)
    .addOption(
      new Option("--format <format>", "how to print the explanation")
        .choices(["pretty", "plain", "json"])
        .default("pretty"),
    )
    .option("--all", "show the parts that hold too, and the rules that had no say", false)
    .option("--exit-decision", "exit 5 unless the answer is permit", false)
    .action(async (folder: string, options: ExplainOptions) => {
      end(await explain(io, folder, options));
    });
};

export async function explain(io: Io, folder: string, options: ExplainOptions): Promise<ExitCode> {
  const asked = await readQuestion(io, folder, options);
  if ("exit" in asked) return asked.exit;
  const explanation = explainRequest(asked.program, asked.sourceMap, asked.request);
  const miss = nearestMiss(asked.program, asked.sourceMap, asked.request);
  if (options.format === "json")
    io.out(`${JSON.stringify({ formatVersion: 1, ...explanation, nearest_miss: miss }, null, 2)}\n`);
  else
    for (const line of explainText(asked.program, explanation, miss, options)) io.out(`${visible(line)}\n`);
  return options.exitDecision && explanation.decision.outcome !== "permit" ? exitCode.denied : exitCode.fine;
}
