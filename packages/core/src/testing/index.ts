export { randomFrom, type Random } from "../search/random.ts";
export { hostileTexts } from "./pools.ts";
export { type Constructs, type GeneratedModel, entityNamed, isSealed } from "./generated-model.ts";
export {
  isWithin,
  makerFor,
  makeValues,
  sharedTenant,
  valueAmong,
  type World,
  type WorldRow,
  type WorldPrincipal,
  type WorldPair,
  type ParentLink,
} from "./world.ts";
export { casesPerModel, generateCase, withStatements, type Case, type Extent } from "./case.ts";
export { type PolicyText } from "./make-policy.ts";
export {
  knownFactsFor,
  limitedRules,
  requestFor,
  properAncestors,
  type Asker,
  type AskedRows,
} from "./request-for.ts";
export {
  generateLists,
  generateRequests,
  makeAsker,
  type GeneratedList,
  type GeneratedRequest,
} from "./make-requests.ts";
export { constructsOfTable, constructsOfText, decidedConstructs, textConstructs } from "./constructs.ts";
export { ruleConstructs, ruleConstructsOfText } from "./rule-constructs.ts";
export { wholeConstructs, wholeConstructsOfText } from "./whole-constructs.ts";
export { libraryProgram, libraryRequest } from "./library-program.ts";
export { caseRequests, caseTexts, isCaseText, type CaseFiles, type CaseTexts } from "./corpus-case.ts";
export { expectedChange } from "./expected-change.ts";
export { processorTime } from "./processor-time.ts";
