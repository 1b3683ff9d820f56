/** What the Rego text lacks of the language: nothing. */
import type { Construct } from "../beyond.ts";

export const lacks: ReadonlySet<Construct> = new Set();
