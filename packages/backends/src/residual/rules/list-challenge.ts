/** What somebody to whom no row is permitted could do about it: preconditions that, once met, permit some rows. */
import type { Obligation } from "@wardline/core";
import { alternativesAmong, type Need } from "./alternatives.ts";
import { no, yes, type ConditionList } from "./condition-list.ts";
import type { LeftRules } from "./left-rules.ts";
import { permittedOf } from "./permitted.ts";
import type { ResidualEntry, ResidualTerms } from "../residual.ts";

/** The smallest sets of preconditions that would do; none if nothing that can be met beforehand would. */
export function listChallenge(list: ConditionList, left: LeftRules): readonly (readonly Obligation[])[] {
  const asMet = (met: number) => (met === no ? yes : met);
  const { binds } = permittedOf(list, left);
  // What is asked of some rows alone, those rows are left out for.
  const whole = left.requires.filter((require) => binds(require) === yes);
  const partly = left.requires.filter((require) => binds(require) !== yes);
  const isPossible = (grants: LeftRules["grants"]) =>
    permittedOf(list, { ...left, grants, requires: whole }, asMet).permitted !== no &&
    permittedOf(list, { ...left, grants: grants.map(withoutNeeds), requires: partly }).permitted !== no;
  const floors = left.grants.filter((grant) => grant.floor);
  const always = whole.flatMap(needsOf);
  const sets = left.grants
    .filter((grant) => isPossible(grant.floor ? floors : [...floors, grant]))
    .map((grant) => [...always, ...needsOf(grant)]);
  return alternativesAmong(sets.filter((needs) => needs.length > 0));
}

function withoutNeeds<T extends ResidualTerms>(terms: T): T {
  return { ...terms, preconditions: terms.preconditions.filter(({ met }) => met !== no) };
}

function needsOf({ rule, preconditions }: ResidualEntry & ResidualTerms): readonly Need[] {
  return preconditions.filter(({ met }) => met === no).map(({ obligation }) => ({ rule, obligation }));
}
