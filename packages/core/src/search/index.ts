/** Search over programs: requests that meet a goal. A room of its own, since engines that only decide do without it. */
export { boundaryRequests, type BoundaryOptions } from "./boundary-requests.ts";
export {
  all,
  always,
  any,
  challengeGoal,
  condition,
  denyGoal,
  goalHolds,
  never,
  not,
  permitGoal,
  showGoal,
  type Goal,
  type GoalAnswers,
} from "./goal.ts";
export { searchRequests, type Found, type SearchOptions, type SearchTarget } from "./search-requests.ts";
export { searchAssert, type AssertSearch, type AssertSearchOptions } from "../analysis/search-assert.ts";
export {
  diffPrograms,
  type AccessDifference,
  type DiffOptions,
  type ProgramDiff,
} from "../analysis/diff-programs.ts";
export type { AccessChange, ChangeKind } from "../analysis/access-change.ts";
export type { ModelChange } from "../analysis/model-changes.ts";
export { mutatePrograms, type Fault, type Mutant } from "../analysis/mutate-programs.ts";
export { whatCan, whoCan, type Access, type AccessOptions } from "../analysis/access.ts";
export {
  coverage,
  type BothWays,
  type Coverage,
  type QuestionCoverage,
  type RuleCoverage,
  type Share,
} from "../analysis/coverage.ts";
