/**
 * `wardline/keepAsTest`: what was asked and decided as a test of the policy. Invariant: what is given back was compiled, run
 * and passed; what the words of tests cannot say is refused.
 */
import { compile, formatText, runTest, tenantLimits } from "@wardline/compiler";
import { evaluate, type Program, type RequestDocument, type SourceFile, type TextEdit } from "@wardline/core";
import type { Snapshot } from "../workspace/snapshot.ts";
import { decideByAll } from "./engines.ts";
import { opened } from "./opened.ts";
import type { Refused } from "../protocol/requests.ts";
import { testWordings, titleOf, unsaidOf, type Asked } from "./test-words.ts";
import { oneEdit } from "./one-edit.ts";

export interface KeepParams {
  readonly tenant: string;
  /** One question, or several that belong together. */
  readonly requests: readonly RequestDocument[];
  /** Left out: one is made from what was decided. */
  readonly title?: string;
  /** The title of a test of the policy to add it to. */
  readonly into?: string;
}

export interface KeptTest {
  readonly file: string;
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** The test as it will stand. */
  readonly text: string;
}

export function keepAsTest(
  snapshot: Snapshot,
  { tenant, requests, title, into }: KeepParams,
): KeptTest | Refused {
  const open = opened(snapshot, tenant);
  if ("refused" in open) return open;
  const { program } = open;
  const policy = snapshot.project.tenants.get(tenant);
  if (policy === undefined || requests.length === 0) return { refused: "There is nothing to keep." };
  const asked: Asked[] = [];
  for (const request of requests) {
    if (decideByAll(program, request).faults.length > 0)
      return { refused: "The engines disagree about this question: it is not kept as a test." };
    asked.push({ request, decision: evaluate(program, request) });
  }
  if (asked.some(({ decision }) => decision.reason === "invalid_input"))
    return { refused: "The question is not complete: a test could not ask it." };
  const unsaid = unsaidOf(program, asked);
  if (unsaid.length > 0) return { refused: `A test cannot say this: ${unsaid.join("; ")}.` };
  const name = into ?? freshTitle(snapshot, policy.name, title?.trim() || titleOf(asked));
  let problem = "";
  for (const parts of testWordings(program, asked, into !== undefined)) {
    const made =
      into === undefined ? appended(policy, program, name, parts) : inserted(snapshot, policy, into, parts);
    if ("refused" in made) return made;
    const failed = failureOf(snapshot, tenant, policy, made.text, name);
    if (failed === null)
      return { file: policy.name, title: name, edits: [oneEdit(policy, made.text)], text: made.test };
    problem ||= failed;
  }
  return { refused: `The words of tests do not say this exactly: ${problem}.` };
}

interface Made {
  /** Of the whole file. */
  readonly text: string;
  readonly test: string;
}

/** The text with a test at its end. */
function appended(policy: SourceFile, program: Program, title: string, parts: readonly string[]): Made {
  const test = formatted(program, `test ${quoted(title)} {\n${parts.join("\n")}\n}`);
  const before = policy.text.trimEnd();
  return { text: `${before}\n\n${test}\n`, test };
}

/** The text with more in a test that it has. */
function inserted(
  snapshot: Snapshot,
  policy: SourceFile,
  title: string,
  parts: readonly string[],
): Made | Refused {
  const { text } = policy;
  const statements = snapshot.parsed(policy.name)?.ast.statements ?? [];
  const found = statements.find((one) => one.kind === "test" && one.title === title);
  if (found === undefined) return { refused: `The policy has no test “${title}”.` };
  const { start, end } = found.span;
  const whole = `${text.slice(0, end - 1).trimEnd()}\n${parts.map((part) => `  ${part}`).join("\n")}\n${text.slice(end - 1)}`;
  const wasFormatted = isFormatted(policy);
  const after = formatText({ name: policy.name, text: whole }, tenantLimits);
  const result = wasFormatted && "text" in after ? after.text : whole;
  return { text: result, test: result.slice(start, result.length - (text.length - end)) };
}

function isFormatted(source: SourceFile): boolean {
  const formattedText = formatText(source, tenantLimits);
  return "text" in formattedText && formattedText.text === source.text;
}

/** A statement as the formatter leaves it. */
export function formatted(program: Program, statement: string): string {
  const header = `policy ${program.tenant} for ${program.model.name}\n\n`;
  const result = formatText({ name: "statement", text: `${header}${statement}\n` }, tenantLimits);
  return "text" in result ? result.text.slice(header.length).trimEnd() : statement;
}

/** Why the test does not pass where the text is the policy's; null if it does. */
function failureOf(
  { project }: Snapshot,
  tenant: string,
  { name }: SourceFile,
  text: string,
  title: string,
): string | null {
  const { model, platform, packs } = project;
  if (model === null) return "there is no model";
  const compiled = compile({ model, platform, packs, policy: { name, text }, tenant });
  const error = compiled.findings.find(({ severity }) => severity === "error");
  if (compiled.program === null) return error?.message ?? "it does not compile";
  const test = compiled.tests.find((one) => one.file === name && one.title === title);
  if (test === undefined) return "it is no test";
  const failed = runTest(compiled.program, test).expects.flatMap(({ problems }) => problems);
  return failed.length === 0 ? null : failed.join("; ");
}

function freshTitle({ parsed }: Snapshot, file: string, wish: string): string {
  const statements = parsed(file)?.ast.statements ?? [];
  const taken = new Set(statements.flatMap((one) => (one.kind === "test" ? [one.title] : [])));
  const title = wish
    .replaceAll(/[\r\n\t]+/g, " ")
    .slice(0, 120)
    .normalize("NFC");
  for (let count = 1; ; count += 1) {
    const fresh = count === 1 ? title : `${title} (${count})`;
    if (!taken.has(fresh)) return fresh;
  }
}

function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
