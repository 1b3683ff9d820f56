/** `clock.time`, `clock.hour`, `clock.weekday`: the time in the tenant's zone. The tenant sets its zone, and so the clock. */
import { weekdayType, type ScalarType } from "@wardline/core";
import type { Name, PathExpression } from "../ast/expression.ts";
import { readOf, type ReadPath } from "./read-path.ts";
import type { Scope } from "./scope.ts";
import { unknownName } from "./suggest.ts";

/** The name under which a rule of the platform trusts it. */
export const clockFact = "clock";

export const clockTypes: { readonly [Part in "time" | "hour" | "weekday"]: ScalarType } = {
  time: { kind: "time" },
  hour: { kind: "int", min: 0, max: 23 },
  weekday: weekdayType,
};

const isPart = (name: string): name is keyof typeof clockTypes => Object.hasOwn(clockTypes, name);

/** The part of the clock, or null if it was reported. */
export function readClock(scope: Scope, { rootSpan, span }: PathExpression, name: Name): ReadPath | null {
  const { report, layer } = scope.setting;
  const part = name.text;
  if (!isPart(part)) {
    report.add(unknownName("part of the clock", name, Object.keys(clockTypes)));
    return null;
  }
  const { delegated } = scope.use;
  if (layer === "platform" && !delegated.has(clockFact)) delegated.set(clockFact, rootSpan);
  const fact = { source: { from: "clock", part }, type: clockTypes[part], optional: false } as const;
  return readOf(fact, `clock.${part}`, span);
}
