/**
 * Tenants' permits that a ceiling cuts short: where the permit matches and no ceiling holds it grants nothing. What is
 * reported was found by trying it; what is not found may exist all the same.
 */
import {
  atomText,
  conditionHolds,
  readFacts,
  type Condition,
  type Facts,
  type Finding,
  type GrantEntry,
  type Pass,
  type Program,
  type Rule,
  type Table,
} from "@wardline/core";
import { all, condition, searchRequests } from "@wardline/core/search";
import type { CheckedRule } from "../check/rule.ts";
import { finding } from "../diagnostics/table.ts";

/** How many permits of one policy are tried at most, each in one table. */
const mostTried = 60;
const tries = 6;
/** How many parts of a ceiling are named. */
const mostParts = 3;

/** `rules`: those that the program was lowered from. */
export function clippedPermits(program: Program, rules: readonly CheckedRule[]): readonly Finding[] {
  const places = new Map(rules.map(({ rule, statement }) => [rule.id, statement.name]));
  const tried = new Set<number>();
  const found: Finding[] = [];
  for (const table of program.tables)
    for (const pass of table.passes)
      for (const grant of pass.grants) {
        const rule = program.rules[grant.rule] as Rule;
        if (rule.kind !== "permit" || rule.layer !== "tenant" || tried.has(grant.rule)) continue;
        if (!mayBeClipped(program, pass, grant) || tried.size >= mostTried) continue;
        tried.add(grant.rule);
        const parts = failedParts(program, table, pass, grant);
        const name = places.get(rule.id);
        if (parts === null || name === undefined) continue;
        found.push(
          finding("lint/clipped-permit", name.span, {
            name: name.text,
            action: table.action,
            type: table.resource,
            parts: parts.join(" and "),
          }),
        );
      }
  return found;
}

/** A permit that asks all that some ceiling asks stays within it. */
function mayBeClipped(program: Program, pass: Pass, grant: GrantEntry): boolean {
  const ceilings = pass.ceilings?.map((entry) => entry.when) ?? [pass.ceiling];
  if (ceilings.length === 0) return false;
  const own = partsOf(program, grant.when);
  return !ceilings.some((ceiling) => [...partsOf(program, ceiling)].every((part) => own.has(part)));
}

/** The parts of a conjunction; none for what always holds. */
function partsOf(program: Program, index: number): ReadonlySet<number> {
  const found = program.conditions[index] as Condition;
  if (found.kind === "constant" && found.value) return new Set();
  return new Set(found.kind === "and" ? found.of : [index]);
}

/** What did not hold of the ceiling in a request that the permit matches, in words; null if no such request was found. */
function failedParts(
  program: Program,
  table: Table,
  pass: Pass,
  grant: GrantEntry,
): readonly string[] | null {
  const goal = all([condition(program, grant.when), condition(program, pass.ceiling, false)]);
  const { principal, action, resource } = table;
  const [request] = searchRequests(
    program,
    { principal, action, resource, goal },
    { seed: 1, tries },
  ).requests;
  const facts = request === undefined ? undefined : readFacts(program, table, request);
  if (facts === undefined) return null;
  const parts = new Set(failing(program, pass.ceiling, facts));
  return parts.size === 0 ? null : [...parts].slice(0, mostParts);
}

function failing(program: Program, index: number, facts: Facts): readonly string[] {
  const found = program.conditions[index] as Condition;
  if (conditionHolds(program, index, facts)) return [];
  switch (found.kind) {
    case "constant":
      return [];
    case "atom": {
      const atom = program.atoms[found.atom];
      return atom === undefined ? [] : [`\`${found.negated ? "not " : ""}${atomText(program, atom)}\``];
    }
    case "and":
    case "or":
      return found.of.flatMap((child) => failing(program, child, facts));
  }
}
