/** Reports lints as the configuration says. No other finding can be made milder, or silent. */
import type { Finding } from "@wardline/core";
import { isLintCode, type LintLevels } from "./lint-code.ts";

export function applyLevels(findings: readonly Finding[], levels: LintLevels): readonly Finding[] {
  return findings.flatMap((found) => {
    const level = isLintCode(found.code) ? levels[found.code] : undefined;
    if (level === undefined) return [found];
    return level === "off" ? [] : [{ ...found, severity: level }];
  });
}
