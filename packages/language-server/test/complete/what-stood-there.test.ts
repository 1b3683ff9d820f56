/** Where a name stood in a valid text and is taken away, completion offers it. */
import { readPartly, tokenize, type Frame, type Tokens } from "@wardline/compiler";
import { filesOf } from "@wardline/compiler/project";
import { expect, test } from "vitest";
import { complete } from "../../src/complete/complete.ts";
import { endOf, startsIn } from "../../src/complete/statement-at.ts";
import { lendingProject } from "./lending-project.ts";
import { exampleProject, withText } from "./texts.ts";

type Token = Tokens["tokens"][number];

/** Rules of the grammar whose names are declared there, or are the database's. */
const declaring: ReadonlySet<string> = new Set([
  "rule",
  "require",
  "binding",
  "join",
  "nameList",
  "storage",
  "enum",
  "evidence",
  "group",
]);

function isDeclared(token: Token, index: number, tokens: readonly Token[], frame: Frame | null): boolean {
  if (frame === null) return true;
  const before = tokens[index - 1]?.image;
  const first = tokens.find(({ image }, at) => image !== "@" && tokens[at - 1]?.image !== "@")?.image;
  const { rule } = frame;
  if (
    token.tokenType.name.startsWith("word_") &&
    rule !== "names" &&
    rule !== "field" &&
    rule !== "call" &&
    rule !== "attributes" &&
    rule !== "path"
  )
    return false;
  if (declaring.has(rule)) return true;
  if (rule === "names" && frame.parent !== null && ["nameList", "enum"].includes(frame.parent.rule))
    return true;
  if (rule === "names" && (first === "role" || first === "action") && frame.start === 1) return true;
  if (rule === "field" || (rule === "let" && before === "let") || (rule === "assert" && before === "assert"))
    return true;
  if (rule === "parameter" && before === "parameter") return true;
  if (rule === "entity" && (before === "entity" || before === "principal")) return true;
  if (rule === "relation" && before === "relation") return true;
  if (rule === "header" && (first === "model" || first === "pack")) return before !== undefined;
  if (rule === "parent") return before === "via" && token.image !== "session";
  return false;
}

const texts = [
  ["the lending project", lendingProject, 4],
  ["the example", exampleProject, 61],
] as const;

test.each(texts)(
  "what stood in %s is offered, with what follows and without",
  (_, made, every) => {
    const project = made();
    const missing: string[] = [];
    const counts = { asked: 0, found: 0 };
    const stride = Number(process.env["WARDLINE_COMPLETION_STRIDE"] ?? every);
    let seen = 0;
    for (const { name: file, text } of filesOf(project)) {
      const all = tokenize({ name: file, text }).tokens;
      const starts = startsIn(text, all);
      const bounds = [0, ...starts, all.length];
      for (const [at, from] of bounds.entries()) {
        const to = bounds[at + 1] ?? from;
        const tokens = all.slice(from, to);
        if (tokens.length === 0) continue;
        const { taken } = readPartly(tokens, at === 0 ? "header" : "statement");
        for (const [index, token] of tokens.entries()) {
          if (!/^[A-Za-z_#]/.test(token.image) || isDeclared(token, index, tokens, taken[index] ?? null))
            continue;
          seen += 1;
          if (seen % stride !== 0) continue;
          const last = tokens.at(-1) as Token;
          for (const end of [endOf(token), endOf(last)]) {
            const rest = text.slice(0, token.startOffset) + text.slice(end);
            const items = complete(withText(project, file, rest), file, token.startOffset);
            counts.asked += 1;
            const wanted = (label: string, insert: string) =>
              label === token.image ||
              label === `${token.image}:` ||
              insert.split(/[^A-Za-z0-9_#.]/)[0] === token.image ||
              label.startsWith(`${token.image}.`) ||
              label === `not ${token.image}`;
            if (items.some(({ label, insert }) => wanted(label, insert))) counts.found += 1;
            else {
              const line = text
                .slice(text.lastIndexOf("\n", token.startOffset) + 1, token.startOffset)
                .trim();
              missing.push(
                `${file} ${end === endOf(token) ? "with" : "without"} rest: ${line} ⟪${token.image}⟫ in ${taken[index]?.rule}; offered ${items
                  .slice(0, 6)
                  .map(({ label }) => label)
                  .join(" ")}`,
              );
            }
          }
        }
      }
    }
    expect(counts.asked).toBeGreaterThan(60);
    expect(missing.length / counts.asked, missing.slice(0, 40).join("\n")).toBeLessThan(0.02);
  },
  600_000,
);
