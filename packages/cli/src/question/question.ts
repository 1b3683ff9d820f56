/** A request as a person writes it: in the words of the tests. What it leaves open is as it is in a test. */
import { compileProject, sourcesOf } from "@wardline/compiler/project";
import { parseFile, runTest } from "@wardline/compiler";
import type { Finding, Program, RequestDocument, SourceFile, SourceMap } from "@wardline/core";
import type { Command } from "commander";
import { UsageError } from "../exit-code.ts";
import { type Project } from "../project/project.ts";

export interface QuestionOptions {
  /** `PRINCIPAL to ACTION RESOURCE`. */
  readonly ask?: string;
  /** `NAME = INSTANCE` each. */
  readonly let: readonly string[];
  /** `context { … }`, `tenant { … }`, `now …` or `RELATION(A, B)` each. */
  readonly given: readonly string[];
}

export interface Asked {
  readonly program: Program;
  readonly sourceMap: SourceMap | null;
  readonly request: RequestDocument;
}

export type Question =
  | Asked
  | { readonly findings: readonly Finding[]; readonly sources: ReadonlyMap<string, string> };

/** What findings about the words of a question name as their file. */
export const questionName = "--ask";

/** Adds the options that ask a question. */
export function addQuestionOptions(command: Command): Command {
  const collect = (value: string, before: readonly string[]) => [...before, value];
  return command
    .option("--ask <question>", 'a request in words: Member "ada" { roles: [reader] } to read Loan { }')
    .option("--let <instance>", "a name for the question's words: ada = Member { }", collect, [])
    .option(
      "--given <facts>",
      "what is so: context { }, tenant { }, now 23:30, guards(ada, loan)",
      collect,
      [],
    );
}

/** The program of a tenant and the request that the words mean, or the errors that stand in the way. */
export function askQuestion(project: Project, tenant: string, options: QuestionOptions): Question {
  const file = questionFile(project, tenant, options);
  const compiled = compileProject(project, { only: (name) => name === tenant, questions: [file] });
  const result = compiled.policies.get(tenant);
  const test = result?.tests.find((one) => one.file === questionName);
  if (result?.program == null || test === undefined)
    return {
      findings: compiled.findings.filter(({ severity }) => severity === "error"),
      sources: new Map([...sourcesOf(project), [file.name, file.text]]),
    };
  const [answer] = runTest(result.program, test).expects;
  const [asked] = answer?.asked ?? [];
  if (asked === undefined)
    throw new UsageError(
      (answer?.problems.join("; ") ?? "nothing is asked").replaceAll(
        "which the test does not set",
        "which is not said",
      ),
      "say it in --ask, or in --given",
    );
  return { program: result.program, sourceMap: result.sourceMap, request: asked.request };
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}

/** The question as a file that holds one test, in the names of the tenant's policy. */
function questionFile(
  project: Project,
  tenant: string,
  { ask = "", let: lets, given }: QuestionOptions,
): SourceFile {
  const header = project.model === null ? null : parseFile(project.model).ast.header;
  const model = header?.kind === "model" ? header.name.text : "none";
  const lines = [
    `policy ${tenant} for ${model}`,
    'test "asked" {',
    // Each on a line of its own, so that a report shows what was written and no more, and further in than the
    // statements of a file, so that a mistake in one is not taken for the beginning of a statement.
    ...lets.flatMap((text) => ["let", indented(text)]),
    ...given.flatMap((text) => ["given", indented(text)]),
    "expect permit",
    indented(ask),
    "}",
    "",
  ];
  const file = { name: questionName, text: lines.join("\n") };
  const { ast, findings } = parseFile(file);
  const [statement, ...others] = ast.statements;
  const expects = statement?.kind === "test" ? statement.parts.filter((part) => part.kind === "expect") : [];
  const [first] = expects;
  const plain =
    first?.kind === "expect" &&
    first.expect.kind !== "list" &&
    first.expect.by === null &&
    first.expect.with === null &&
    first.expect.as === null;
  if (findings.length === 0 && (others.length > 0 || expects.length !== 1 || !plain))
    throw new UsageError(
      "--ask is one question",
      'PRINCIPAL to ACTION RESOURCE, such as: Member "ada" { roles: [reader] } to read Loan { }',
    );
  return file;
}
