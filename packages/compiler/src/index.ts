export * from "./ast/expression.ts";
export * from "./ast/statement.ts";
export * from "./compile.ts";
export * from "./pack/compile-pack.ts";
export { isLintCode, lintCodes, type LintCode, type LintLevel, type LintLevels } from "./lint/lint-code.ts";
export {
  leavesIn,
  parseCst,
  parseFile,
  type Comment,
  type Extent,
  type ParsedFile,
} from "./parse/parse-file.ts";
export { nearest } from "./check/suggest.ts";
export { diagnostics, type DiagnosticCode } from "./diagnostics/table.ts";
export type { DiagnosticEntry } from "./diagnostics/entry.ts";
export { applyEdits } from "./fix/apply-edits.ts";
export * from "./fix/fix-all.ts";
export { tokenize, type Tokens } from "./parse/lex.ts";
export { tokenizeOnce } from "./parse/tokenize-once.ts";
export { allTokens } from "./parse/tokens.ts";
export {
  clauseWords,
  contextualWords,
  headerWords,
  isReservedWord,
  reservedWords,
  statementWords,
} from "./parse/words.ts";
export { editedFile, noteEdited } from "./parse/edited.ts";
export { parseOnce } from "./parse/parse-once.ts";
export { platformLimits, tenantLimits, type TextLimits } from "./parse/limits.ts";
export { unquote } from "./parse/literals.ts";
export type { CstElement, CstFile, CstNode, CstToken, Trivia } from "./cst/node.ts";
export type { Leaves } from "./cst/leaves.ts";
export { printCst } from "./cst/print-cst.ts";
export { ruleNames, type RuleName } from "./parse/grammar/rule-names.ts";
export { classify, type ClassifiedToken } from "./highlight/classify.ts";
export { monarchToken, monarchTokens, type MonarchRule, type MonarchTokens } from "./highlight/monarch.ts";
export { textMateGrammar, textMateScope, type TextMateGrammar } from "./highlight/textmate.ts";
export { tokenClasses, type TokenClass } from "./highlight/token-class.ts";
export * from "./policy-test/checked-test.ts";
export * from "./policy-test/run-tests.ts";
export { requestWords, type RequestWords } from "./policy-test/request-words.ts";
export { formatText, type Formatted } from "./format/format-text.ts";
export {
  isObligation as isObligationName,
  obligationForms,
  obligationNames,
  obligationsOn,
  type Carrier,
  type ObligationForm,
  type ObligationName,
} from "./check/obligation-table.ts";
export {
  isMask as isMaskName,
  maskFunctions,
  maskNames,
  type MaskArgument,
  type MaskFunction,
  type MaskName,
} from "./check/mask-table.ts";
export { readPartly, type Expectation, type Frame, type PartlyRead } from "./parse/expect/read-partly.ts";
export { statementsIn, type FileKind, type Keyword } from "./check/placement.ts";
export { setMethods } from "./check/set-method.ts";
export { textMethods } from "./check/text-method.ts";
export { emptiness } from "./check/method.ts";
export { clockTypes } from "./check/clock-path.ts";
export { builtInTypes } from "./check/model-type.ts";
export { keys as limitKeys, windows as limitWindows } from "./check/limit-term.ts";
export { reasons as denyReasons } from "./policy-test/check-tests.ts";
export {
  settingEnums,
  settingGroups,
  settingKind,
  settingKinds,
  settingNames,
  type SettingKind,
} from "./settings/setting-table.ts";
