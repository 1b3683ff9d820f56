export * from "./source/span.ts";
export * from "./source/finding.ts";
export * from "./value/type.ts";
export * from "./value/wire.ts";
export * from "./value/mask.ts";
export * from "./value/mask-value.ts";
export * from "./value/ip.ts";
export * from "./value/clock.ts";
export { ordinalOf, ordinalBounds, valueAtOrdinal } from "./value/ordinal.ts";
export * from "./value/period.ts";
export { canonicalJson } from "./value/canonical-json.ts";
export * as decode from "./value/decode.ts";
export * from "./ir/atom.ts";
export * from "./ir/condition.ts";
export * from "./ir/model.ts";
export * from "./ir/program.ts";
export * from "./ir/settings.ts";
export * from "./ir/end-field.ts";
export * from "./ir/reference-field.ts";
export * from "./ir/slot.ts";
export * from "./ir/stored-columns.ts";
export * from "./ir/blind-index.ts";
export * from "./ir/load-program.ts";
export * from "./ir/reads.ts";
export * from "./decision/decision.ts";
export * from "./decision/obligation.ts";
export * from "./decision/request.ts";
export * from "./explain/source-map.ts";
export * from "./explain/explanation.ts";
export { explain, explainFrom, type Given } from "./explain/explain.ts";
export { placeText, wordsOf, type ConditionTree, type ReadFact } from "./explain/condition-tree.ts";
export {
  withhold,
  type ShownExplanation,
  type ShownFact,
  type ShownPass,
  type ShownRule,
  type ShownTree,
  type Withholding,
} from "./explain/withhold.ts";
export { nearestMiss, type Miss, type MissOptions, type NearestMiss } from "./explain/nearest-miss.ts";
export type { Change } from "./explain/change.ts";
export { reasonText, rowText } from "./explain/reason-text.ts";
export { atomText, slotText } from "./explain/atom-text.ts";
export { maskText, obligationText } from "./explain/obligation-text.ts";
export { durationText, sourceText, valueText } from "./explain/value-text.ts";
export * from "./analysis/assert.ts";
export * from "./evaluate/evaluate.ts";
export { openRequest, type OpenedRequest } from "./evaluate/open-request.ts";
export type { Answers } from "./evaluate/ask.ts";
export { conditionHolds, conditionsBy } from "./evaluate/condition.ts";
export { atomHolds } from "./evaluate/atom.ts";
export { readFacts, type Fact, type Facts } from "./evaluate/facts.ts";
export * from "./evaluate/input-problem.ts";
export { valueAt } from "./evaluate/facts.ts";
export * from "./sql/tree.ts";
export * from "./sql/guarded-view.ts";
export * from "./sql/sealed-cell.ts";
export { printSelect, type PrintedSelect } from "./sql/print-select.ts";
export * from "./sql/print-policy.ts";
export * from "./sql/row-security.ts";
export * from "./sql/print-template.ts";
