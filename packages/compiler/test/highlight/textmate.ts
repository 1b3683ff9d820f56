/** Runs the committed TextMate grammar, with the engine of the editor. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";
import { textMateScope, tokenClasses } from "../../src/index.ts";
import { linesOf } from "./shown.ts";
import type { Shown } from "./shown.ts";

const path = fileURLToPath(new URL("../../../../grammar/wardline.tmLanguage.json", import.meta.url));

async function load(): Promise<textmate.IGrammar> {
  const wasm = createRequire(import.meta.url).resolve("vscode-oniguruma/release/onig.wasm");
  await oniguruma.loadWASM(readFileSync(wasm));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (sources) => new oniguruma.OnigScanner(sources),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: (scope) =>
      Promise.resolve(
        scope === "source.wardline" ? textmate.parseRawGrammar(readFileSync(path, "utf8"), path) : null,
      ),
  });
  return (await registry.loadGrammar("source.wardline")) ?? Promise.reject(new Error("no grammar"));
}

const grammar = await load();
const classes = new Map(tokenClasses.map((name) => [textMateScope(name), name]));

/** What the grammar shows. What it shows within a string is the string's. */
export function shownByTextMate(text: string): Shown {
  const shown: Shown[number][] = Array.from({ length: text.length }, () => null);
  let state = textmate.INITIAL;
  for (const { line, start } of linesOf(text)) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    for (const { startIndex, endIndex, scopes } of tokens) {
      const name = classes.get(scopes[1] ?? "") ?? null;
      shown.fill(name, start + startIndex, start + Math.min(endIndex, line.length));
    }
  }
  return shown;
}
