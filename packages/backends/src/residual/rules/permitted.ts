/** For which rows a list permits, and which rules count for a row that is permitted. */
import { no, yes, type ConditionList } from "./condition-list.ts";
import type { LeftRules } from "./left-rules.ts";
import type { ResidualGrant, ResidualRequire, ResidualTerms } from "../residual.ts";

export interface Permitted {
  /** The node that holds of exactly the rows that are permitted. */
  readonly permitted: number;
  /** Of a row that is permitted: whether the grant counts. */
  readonly counts: (grant: ResidualGrant) => number;
  /** Whether the require applies and is more than a duty. */
  readonly binds: (require: ResidualRequire) => number;
}

/** `isMet`: the node of a precondition; another than its own where it is asked what would be if it were met. */
export function permittedOf(
  list: ConditionList,
  left: LeftRules,
  isMet: (met: number) => number = (met) => met,
): Permitted {
  const met = ({ preconditions }: ResidualTerms) => list.all(preconditions.map((asked) => isMet(asked.met)));
  const counting = (grant: ResidualGrant) => (grant.spent ? no : list.all([grant.when, met(grant)]));
  const binds = (require: ResidualRequire) =>
    require.layer === "platform" ? require.when : list.all([require.when, list.not(left.floored)]);
  const others = list.any(left.grants.filter((grant) => !grant.floor).map(counting));
  const permitted = list.all([
    list.not(left.forbidden),
    list.any([left.floored, list.all([left.opened, others])]),
    ...left.requires.map((require) =>
      list.any([list.not(binds(require)), require.spent ? no : met(require)]),
    ),
  ]);
  // Where nothing can be a floor, a row that is permitted is within the ceilings.
  const opened = left.floored === no ? yes : left.opened;
  return {
    permitted,
    counts: (grant) => (grant.floor ? grant.when : list.all([opened, counting(grant)])),
    binds,
  };
}
