/** The preconditions of a program, each once, with what is known of them before any request. */
import type { Obligation, Program } from "@wardline/core";
import { indent, setTerm, term } from "./text.ts";

export interface Preconditions {
  /** The place of a precondition in the list. */
  readonly indexOf: (obligation: Obligation) => number;
  readonly definition: string;
}

export function createPreconditions(program: Program): Preconditions {
  const texts = new Map<string, Obligation>();
  for (const table of program.tables)
    for (const pass of table.passes)
      for (const entry of [...pass.grants, ...pass.requires])
        for (const { obligation } of entry.preconditions ?? [])
          texts.set(JSON.stringify(obligation), obligation);
  const ordered = [...texts.keys()].toSorted(compareTexts);
  // Alternatives are listed by the text of a list of texts: quotes in them are escaped there, and order otherwise.
  const listed = ordered.toSorted((a, b) => compareTexts(JSON.stringify(a), JSON.stringify(b)));
  const all = ordered.map((text) => texts.get(text) as Obligation);
  const lines = all.map((obligation, i) => {
    const implied = all.flatMap((other, k) => (implies(obligation, other) ? [k] : []));
    const rank = listed.indexOf(ordered[i] as string);
    return `{"obligation": ${term(obligation)}, "rank": ${rank}, "implies": ${setTerm(implied)}},`;
  });
  const list =
    lines.length === 0
      ? "preconditions := []"
      : ["preconditions := [", ...lines.flatMap(indent), "]"].join("\n");
  return {
    indexOf: (obligation) => ordered.indexOf(JSON.stringify(obligation)),
    definition: `# What rules ask for before they permit: its rank among the alternatives, and which of these who has met it has met\n${list}`,
  };
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Who has met the one has met the other: a fresher proof is also an older one. */
function implies(one: Obligation, other: Obligation): boolean {
  if (one.type === "step_up" && other.type === "step_up")
    return one.factor === other.factor && isNoOlder(one.within, other.within);
  if (one.type === "approval" && other.type === "approval")
    return one.by === other.by && isNoOlder(one.within, other.within);
  return one.type === "reason" && other.type === "reason";
}

function isNoOlder(age: number | null, limit: number | null): boolean {
  return limit === null || (age !== null && age <= limit);
}
