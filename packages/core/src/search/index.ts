/** Search over programs: requests that meet a goal. A room of its own, since engines that only decide do without it. */
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
  type Goal,
  type GoalAnswers,
} from "./goal.ts";
export { searchRequests, type Found, type SearchOptions, type SearchTarget } from "./search-requests.ts";
