/** The grammar of Postgres itself, compiled to WebAssembly. It is given no text that it could read otherwise than the server. */
import type { Node } from "libpg-query";
import { isText } from "@wardline/core";
import { Refused } from "./rules.ts";

/** UTF-16 units. A thousand rows of thirty values are a third of it. */
const maxLength = 1_000_000;

/** Open parentheses. The parser works on a stack of its own, which no text may fill. */
const maxDepth = 500;

export interface Parser {
  /** The major version of the server whose grammar it is. */
  readonly major: number;
  /** The statements of a text. Throws {@link Refused}. */
  parse(text: string): readonly Node[];
}

let loaded: Promise<Parser> | undefined;

/** Loads the grammar once for the process. */
export function loadParser(): Promise<Parser> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Parser> {
  const { loadModule, parseSync } = await import("libpg-query");
  await loadModule();
  const major = Math.floor((parseSync("SELECT 1").version ?? 0) / 10_000);
  return {
    major,
    parse(text) {
      // Invariant: U+0000 ends a text for the parser, and a lone surrogate becomes another character.
      if (!isText(text) || text.trim() === "" || text.length > maxLength || depthOf(text) > maxDepth)
        throw new Refused("statement/limit");
      try {
        return (parseSync(text).stmts ?? []).map(({ stmt }) => {
          if (stmt === undefined) throw new Refused("statement/one");
          return stmt;
        });
      } catch (error) {
        if (error instanceof Refused) throw error;
        throw new Refused("statement/syntax");
      }
    },
  };
}

/** The most parentheses that are open at once, those in texts and names included. */
function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === 0x28) most = Math.max(most, ++depth);
    else if (unit === 0x29) depth -= 1;
  }
  return most;
}
