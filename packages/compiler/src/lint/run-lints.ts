/** The lint rules, and how they are run. A rule is one file and one line here. */
import type { Finding } from "@wardline/core";
import type { LintLevels } from "./lint-code.ts";
import type { LintContext, LintRule } from "./lint-rule.ts";
import { comparedWithBool } from "./rules/compared-with-bool.ts";
import { confusableNames } from "./rules/confusable-names.ts";
import { constantCondition } from "./rules/constant-condition.ts";
import { deadPermit } from "./rules/dead-permit.ts";
import { doubleNegation } from "./rules/double-negation.ts";
import { duplicateRule } from "./rules/duplicate-rule.ts";
import { emptyName } from "./rules/empty-name.ts";
import { emptyTest } from "./rules/empty-test.ts";
import { forbidWithoutBecause } from "./rules/forbid-without-because.ts";
import { grantedToAnyone } from "./rules/granted-to-anyone.ts";
import { listOfOne } from "./rules/list-of-one.ts";
import { redundantName } from "./rules/redundant-name.ts";
import { redundantNetwork } from "./rules/redundant-network.ts";
import { repeatedCondition } from "./rules/repeated-condition.ts";
import { repeatedValue } from "./rules/repeated-value.ts";
import { shadowedRule } from "./rules/shadowed-rule.ts";
import { uncoveredAction } from "./rules/uncovered-action.ts";
import { unguardedRelation } from "./rules/unguarded-relation.ts";
import { unprotectedClass } from "./rules/unprotected-class.ts";
import { unsealedSearchable } from "./rules/unsealed-searchable.ts";
import { untestedRule } from "./rules/untested-rule.ts";
import { unusedEnum } from "./rules/unused-enum.ts";
import { unusedRole } from "./rules/unused-role.ts";
import { wildcard } from "./rules/wildcard.ts";

export const lintRules: readonly LintRule[] = [
  comparedWithBool,
  confusableNames,
  constantCondition,
  deadPermit,
  doubleNegation,
  duplicateRule,
  emptyName,
  emptyTest,
  forbidWithoutBecause,
  grantedToAnyone,
  listOfOne,
  redundantName,
  redundantNetwork,
  repeatedCondition,
  repeatedValue,
  shadowedRule,
  uncoveredAction,
  unguardedRelation,
  unprotectedClass,
  unsealedSearchable,
  untestedRule,
  unusedEnum,
  unusedRole,
  wildcard,
];

/** What the rules find, without those that are off. */
export function runLints(context: LintContext, levels: LintLevels): readonly Finding[] {
  return lintRules.flatMap(({ code, check }) => (levels[code] === "off" ? [] : check(context)));
}
