/** Shows what a command of the server answered: as plain text, since a preview of Markdown may load what a policy names. */
import { window, type OutputChannel } from "vscode";

export function showAnswer(answers: OutputChannel, command: string, answer: unknown): void {
  if (isRecord(answer) && typeof answer["refused"] === "string") {
    void window.showWarningMessage(answer["refused"]);
    return;
  }
  const text = textOf(answer);
  if (text === undefined) return;
  answers.clear();
  answers.appendLine(text === "" ? `${command}: nothing to show` : text);
  answers.show(true);
}

/** Undefined for a command that answers nothing, such as one that edits. */
function textOf(answer: unknown): string | undefined {
  if (answer === undefined || answer === null) return undefined;
  if (typeof answer === "string") return answer;
  return isRecord(answer) && typeof answer["text"] === "string"
    ? answer["text"]
    : JSON.stringify(answer, null, 2);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
