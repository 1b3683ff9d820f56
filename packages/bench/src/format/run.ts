/** Formatting of 2,000 lines, beside cutting them into tokens and parsing them. */
import { formatText, parseFile, tokenize } from "@wardline/compiler";
import { generateCase } from "@wardline/core/testing";
import { measure, type Alternative } from "../measure.ts";
import { timedReport, type Report } from "../report.ts";

const lines = 2000;

/** Statements of generated policies until there are enough lines, formatted, so that their lines are usual ones. */
function makeText(): string {
  let text = "policy north for library";
  for (let seed = 0; text.split("\n").length <= lines; seed += 1) {
    const { policy } = generateCase(seed);
    const result = formatText({ name: "north.ward", text: policy.text });
    if ("findings" in result) throw new Error(`the policy of seed ${seed} does not parse`);
    text += result.text.slice(result.text.indexOf("\n")).trimEnd();
  }
  return `${text.split("\n").slice(0, lines).join("\n")}\n`;
}

export function runFormat(): readonly Report[] {
  const written = makeText();
  const whole = { name: "north.ward", text: written.slice(0, written.lastIndexOf("\n\n") + 1) };
  const changed = { ...whole, text: whole.text.replaceAll(/\n +(?=when|unless|with|because)/g, " ") };
  const ways: readonly { readonly name: string; readonly run: () => number }[] = [
    { name: "cut into tokens", run: () => tokenize(whole).tokens.length },
    { name: "parse", run: () => parseFile(whole).ast.statements.length },
    { name: "format, nothing to change", run: () => length(formatText(whole)) },
    { name: "format, clauses on one line", run: () => length(formatText(changed)) },
  ];
  if (length(formatText(whole)) !== whole.text.length || length(formatText(changed)) !== whole.text.length)
    throw new Error("the two texts format otherwise");
  const measured = measure(
    ways.map(({ name, run }): Alternative => ({
      name,
      run: (_start, count) => {
        let sum = 0;
        for (let n = 0; n < count; n += 1) sum += run();
        return sum;
      },
    })),
  );
  return [timedReport("Format · a policy of 2,000 lines", measured)];
}

function length(result: ReturnType<typeof formatText>): number {
  if ("findings" in result) throw new Error("the text does not parse");
  return result.text.length;
}
