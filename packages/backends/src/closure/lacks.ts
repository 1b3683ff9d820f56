/** What closures lack of the language: programs that have it are refused. They lack nothing. */
import type { Construct } from "../beyond.ts";

export const lacks: ReadonlySet<Construct> = new Set();
