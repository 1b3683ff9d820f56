/** What the tests of a policy were seen to reach, in percent and in words. */
import type { BothWays, Coverage, Share } from "@wardline/core/search";
import { scoreOf, type Mutation } from "./mutation.ts";

export interface Measured {
  readonly coverage: Coverage | null;
  readonly mutation: Mutation | null;
}

/** In percent; 100 where there is nothing to see. */
function percentOf({ seen, of }: Share): number {
  return of === 0 ? 100 : (100 * seen) / of;
}

/** The least of what was measured, in percent; null if nothing was. */
export function leastOf({ coverage, mutation }: Measured): number | null {
  const all = [
    ...(coverage === null ? [] : [coverage.applied, coverage.branches, coverage.conditions].map(percentOf)),
    ...(mutation === null ? [] : [scoreOf(mutation)]),
  ];
  return all.length === 0 ? null : Math.min(...all);
}

/** One line for what was reached, and one for each thing that was not. */
export function measuredLines(name: string, { coverage, mutation }: Measured): readonly string[] {
  return [
    ...(coverage === null ? [] : coverageLines(name, coverage)),
    ...(mutation === null ? [] : mutationLines(name, mutation)),
  ];
}

function coverageLines(name: string, coverage: Coverage): readonly string[] {
  const share = (what: string, part: Share) =>
    `${what} ${percentOf(part).toFixed(0)} % (${part.seen} of ${part.of})`;
  const { applied, branches, conditions } = coverage;
  return [
    `coverage of ${name}: ${share("rules", applied)}, ${share("branches", branches)}, ${share("conditions", conditions)}`,
    ...coverage.rules.flatMap((rule) => {
      const place = `${rule.file}:${rule.line}`;
      if (!rule.seen.yes) return [`  ${place}: no test sees ${rule.rule} apply`];
      return [
        ...(rule.seen.no ? [] : [`  ${place}: no test sees ${rule.rule} not apply`]),
        ...rule.questions
          .filter(({ seen }) => !seen.yes || !seen.no)
          .map(({ words, seen, file, line }) => `  ${file}:${line}: \`${words}\` is never ${missing(seen)}`),
      ];
    }),
  ];
}

function missing({ yes, no }: BothWays): string {
  if (!yes && !no) return "asked";
  return yes ? "false" : "true";
}

function mutationLines(name: string, mutation: Mutation): readonly string[] {
  const { faults, noticed, harmless, survivors } = mutation;
  const rest = harmless === 0 ? "" : `; ${harmless} more change no answer that was found`;
  return [
    `mutation score of ${name}: ${scoreOf(mutation).toFixed(0)} % (${noticed} of ${faults} faults noticed${rest})`,
    ...survivors.map(({ description }) => `  no test notices: ${description}`),
  ];
}
