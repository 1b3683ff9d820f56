/** The limits of the rules: which of them are exhausted, and how long until there is more. */
import type { LimitUse, Program } from "@wardline/core";
import type { Facts } from "./facts.ts";
import { rule, term } from "./text.ts";

export function defineLimits(program: Program, facts: Facts): readonly string[] {
  const uses = new Map<string, LimitUse>();
  for (const table of program.tables)
    for (const pass of table.passes)
      for (const { limit } of [...pass.grants, ...pass.requires])
        if (limit !== undefined) uses.set(`${limit.left} ${limit.retryAfter}`, limit);
  const limits = [...uses.values()];
  const exhausted = limits.map(({ obligation, left }) =>
    rule(`exhausted contains ${term(obligation.rule)}`, [`${facts.nameOf(left)} == 0`]),
  );
  const waits = limits.map(
    ({ obligation, retryAfter }) => `waits[${term(obligation.rule)}] := ${facts.nameOf(retryAfter)}`,
  );
  return [
    `# The rules of whose limits nothing is left\n${exhausted[0] ?? "exhausted := set()"}`,
    ...exhausted.slice(1),
    `# Microseconds until there is more, where that is known\n${waits[0] ?? "waits := {}"}`,
    ...waits.slice(1),
  ];
}
