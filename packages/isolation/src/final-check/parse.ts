/** The grammar of Postgres itself, compiled to WebAssembly. It is given no text that it could read otherwise than the server. */
import { createRequire } from "node:module";
import type { Node, ParseResult } from "libpg-query";
import { isText } from "@wardline/core";
import { isShallow } from "./nesting.ts";
import { Refused } from "./rules.ts";

/** UTF-16 units. A thousand rows of thirty values are a third of it. */
const maxLength = 1_000_000;

export interface Parser {
  /** The major version of the server whose grammar it is. */
  readonly major: number;
  /** The statements of a text. Throws {@link Refused}. */
  parse(text: string): readonly Node[];
}

let loaded: Promise<Parser> | undefined;

/** Loads the grammar once for the process. */
export function loadParser(): Promise<Parser> {
  loaded ??= createParser(freshParse);
  return loaded;
}

type Parse = (text: string) => ParseResult;

/** `fresh` gives a parser that has parsed nothing yet. */
export async function createParser(fresh: () => Promise<Parse>): Promise<Parser> {
  let parse: Parse | null = await fresh();
  const major = Math.floor((parse("SELECT 1").version ?? 0) / 10_000);
  /** Invariant: what fell out of the middle of a parse has left the parser's memory as it was then, and parses nothing any more. */
  const renew = (): void => {
    parse = null;
    // Until there is another one, and if there never is, everything is refused.
    fresh().then(
      (next) => void (parse = next),
      () => undefined,
    );
  };
  return {
    major,
    parse(text) {
      // Invariant: U+0000 ends a text for the parser, and a lone surrogate becomes another character.
      if (!isText(text) || text.trim() === "" || text.length > maxLength || !isShallow(text))
        throw new Refused("statement/limit");
      if (parse === null) throw new Refused("statement/limit");
      try {
        return (parse(text).stmts ?? []).map(({ stmt }) => {
          if (stmt === undefined) throw new Refused("statement/one");
          return stmt;
        });
      } catch (error) {
        if (error instanceof Refused) throw error;
        if (!isSyntaxError(error)) renew();
        throw new Refused("statement/syntax");
      }
    },
  };
}

const require = createRequire(import.meta.url);

/** A parser with a memory of its own: a module that is loaded again. */
export async function freshParse(): Promise<Parse> {
  const path = require.resolve("libpg-query");
  delete require.cache[path];
  const { loadModule, parseSync } = require(path) as typeof import("libpg-query");
  await loadModule();
  return parseSync;
}

/** Every copy of the parser has a class of its own. */
function isSyntaxError(error: unknown): boolean {
  return error instanceof Error && error.name === "SqlError";
}
