/**
 * Runs the committed Monarch tokens. Does what Monaco does with the part of Monarch that they use: rules tried in
 * order at one place of a line, a token for each group, `@name` replaced by an attribute.
 */
import { readFileSync } from "node:fs";
import { monarchToken, tokenClasses } from "../../src/index.ts";
import type { MonarchTokens } from "../../src/index.ts";
import { linesOf } from "./shown.ts";
import type { Shown } from "./shown.ts";

const tokens = JSON.parse(
  readFileSync(new URL("../../../../grammar/wardline.monarch.json", import.meta.url), "utf8"),
) as MonarchTokens;

const rules = (tokens.tokenizer["root"] ?? []).map(([source, action]) => {
  if (/@\w/.test(source)) throw new Error(`an attribute in ${source}`);
  // Monaco matches the rest of the line, so nothing can look back.
  if (/\(\?<[=!]/.test(source)) throw new Error(`looks back: ${source}`);
  return { pattern: new RegExp(`^(?:${source})`), actions: typeof action === "string" ? [action] : action };
});
const classes = new Map(tokenClasses.map((name) => [monarchToken(name), name]));

/** What the tokens show. */
export function shownByMonarch(text: string): Shown {
  const shown: Shown[number][] = Array.from({ length: text.length }, () => null);
  for (const { line, start } of linesOf(text)) {
    for (let at = 0; at < line.length;) {
      const rest = line.slice(at);
      const found = rules
        .map(({ pattern, actions }) => ({ match: pattern.exec(rest), actions }))
        .find(({ match }) => match !== null);
      const match = found?.match ?? null;
      if (found === undefined || match === null || match[0] === "") {
        shown[start + at] = classes.get(tokens.defaultToken) ?? null;
        at += 1;
        continue;
      }
      const groups = found.actions.length === 1 ? [match[0]] : match.slice(1);
      if (groups.length !== found.actions.length || groups.join("") !== match[0])
        throw new Error(`the groups of ${found.actions.join()} do not cover ${match[0]}`);
      for (const [index, group] of groups.entries()) {
        const name = classes.get(found.actions[index] ?? "") ?? null;
        // The first of two groups ends in the space before the second.
        const space = index === 0 && groups.length > 1 ? (/[ \t]*$/.exec(group)?.[0].length ?? 0) : 0;
        shown.fill(name, start + at, start + at + group.length - space);
        at += group.length;
      }
    }
  }
  return shown;
}
