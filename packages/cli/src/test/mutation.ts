/** The mutation score of a policy's tests: how many small faults in its rules some test would notice. */
import { runTest, type CheckedTest } from "@wardline/compiler";
import type { Program, Rule, SourceMap } from "@wardline/core";
import { diffPrograms, mutatePrograms, type Mutant } from "@wardline/core/search";

export interface Mutation {
  /** Faults that change some decision, as far as was found. */
  readonly faults: number;
  /** Those of them that make a test fail. */
  readonly noticed: number;
  /** Those that no test notices. */
  readonly survivors: readonly Pick<Mutant, "description" | "rule" | "file" | "line" | "fault">[];
  /** Faults for which no request was found that is answered otherwise: they count for nothing. */
  readonly harmless: number;
}

/** Only faults in the rules that are meant are tried. Every test must hold for the program as it is. */
export function mutationOf(
  program: Program,
  sourceMap: SourceMap | null,
  tests: readonly CheckedTest[],
  isMeant: (rule: Rule) => boolean,
): Mutation {
  const meant = new Set(program.rules.filter(isMeant).map((rule) => rule.id));
  let noticed = 0;
  let harmless = 0;
  const survivors: Mutant[] = [];
  for (const mutant of mutatePrograms(program, sourceMap)) {
    if (!meant.has(mutant.rule)) continue;
    if (tests.some((test) => !runTest(mutant.program, test).passed)) noticed += 1;
    else if (diffPrograms(program, mutant.program, { seed: 1, tries: 3, probes: 60 }).differences.length > 0)
      survivors.push(mutant);
    else harmless += 1;
  }
  return {
    faults: noticed + survivors.length,
    noticed,
    harmless,
    survivors: survivors.map(({ description, rule, file, line, fault }) => ({
      description,
      rule,
      file,
      line,
      fault,
    })),
  };
}

/** In percent; 100 where there is nothing to notice. */
export function scoreOf({ faults, noticed }: Pick<Mutation, "faults" | "noticed">): number {
  return faults === 0 ? 100 : (100 * noticed) / faults;
}
