/** Why a proper row of the tenant is not permitted: a deny or a challenge, as the rules that are left say. */
import type { Decision, Obligation } from "@wardline/core";
import { alternativesAmong, type Need } from "./alternatives.ts";
import { denied } from "../../closure/denied.ts";
import type { ResidualEntry, ResidualRules, ResidualTerms } from "../residual.ts";

/** `holds`: whether a condition holds of the row. For a row that is permitted it has no meaning. */
export function refuse(
  rules: readonly string[],
  left: ResidualRules,
  holds: (condition: number) => boolean,
): Decision {
  const applies = (entry: ResidualEntry) => holds(entry.when);
  const unmetOf = ({ rule, preconditions }: ResidualEntry & ResidualTerms): Unmet => ({
    rule,
    unmet: preconditions.filter(({ met }) => !holds(met)).map(({ obligation }) => obligation),
  });
  const isFloored = left.grants.some((grant) => grant.floor && applies(grant));
  const matching = left.forbids.filter(applies);
  const forbids = matching.filter((forbid) => forbid.layer === "platform" || !isFloored);
  if (forbids.length > 0) return { ...denied.forbidden, rules: namesOf(rules, forbids) };
  const isOpen = holds(left.ceiling) && matching.every((forbid) => forbid.layer === "platform");
  const granting = left.grants.filter((grant) => applies(grant) && (grant.floor || isOpen));
  const grants = granting.filter((grant) => !grant.spent);
  const spent = granting.filter((grant) => grant.spent);
  if (grants.length === 0 && spent.length === 0) return denied.not_granted;
  const binding = left.requires.filter(
    (require) => applies(require) && (require.layer === "platform" || !isFloored),
  );
  const waits: Wait[] = binding
    .filter((require) => require.spent)
    .map((require) => ({ limits: [require], wait: require.wait }));
  if (grants.length === 0) waits.unshift({ limits: spent, wait: soonest(spent) });
  if (waits.length > 0) return exhausted(rules, waits);
  const asked = binding.map(unmetOf).filter(({ unmet }) => unmet.length > 0);
  const granted = grants.map(unmetOf);
  const isCounted = granted.some(({ unmet }) => unmet.length === 0);
  return challenge(rules, asked, isCounted ? [] : granted);
}

interface Unmet {
  readonly rule: number;
  readonly unmet: readonly Obligation[];
}

function challenge(rules: readonly string[], asked: readonly Unmet[], grants: readonly Unmet[]): Decision {
  const always = asked.flatMap(needsOf);
  const sets = grants.length === 0 ? [always] : grants.map((grant) => [...always, ...needsOf(grant)]);
  const alternatives = alternativesAmong(sets);
  const decision: Decision = {
    outcome: "challenge",
    rules: namesOf(rules, [...asked, ...grants]),
    obligations: alternatives[0] ?? [],
    reason: null,
  };
  return alternatives.length > 1 ? { ...decision, alternatives } : decision;
}

function needsOf({ rule, unmet }: Unmet): readonly Need[] {
  return unmet.map((obligation) => ({ rule, obligation }));
}

interface Wait {
  readonly limits: readonly { readonly rule: number }[];
  readonly wait: number | null;
}

function soonest(limits: readonly ResidualTerms[]): number | null {
  const known = limits.flatMap(({ wait }) => wait ?? []);
  return known.length === 0 ? null : Math.min(...known);
}

/** It may be asked again when the longest wait is over, if each is known. */
function exhausted(rules: readonly string[], waits: readonly Wait[]): Decision {
  const known = waits.flatMap(({ wait }) => wait ?? []);
  const decision = {
    ...denied.not_granted,
    rules: namesOf(
      rules,
      waits.flatMap(({ limits }) => limits),
    ),
  };
  return known.length < waits.length ? decision : { ...decision, retry_after: Math.max(...known) };
}

/** The names of the rules in the order of the program, each once. */
export function namesOf(
  rules: readonly string[],
  entries: readonly { readonly rule: number }[],
): readonly string[] {
  const numbers = new Set(entries.map(({ rule }) => rule));
  return [...numbers].toSorted((a, b) => a - b).map((rule) => rules[rule] as string);
}
