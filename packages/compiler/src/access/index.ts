/** Access in words: who may do what, and what of it changes between two versions. */
export { answerText, whatText, whoText } from "./access-words.ts";
export {
  diffProjects,
  diffTenant,
  type OnlyInOne,
  type ProjectDiff,
  type TenantDiff,
} from "./diff-projects.ts";
export {
  changeWords,
  modelWords,
  onlyInOneWords,
  type ChangeWords,
  type DecisionWords,
} from "./change-words.ts";
export { gates, passGate, type Gate, type GateResult } from "./gate.ts";
