/** `a in [..]`: one of several values, networks or ranges of times. */
import {
  decimalUnits,
  formatType,
  sameType,
  type IpNetwork,
  type ScalarType,
  type Span,
  type WireScalar,
} from "@wardline/core";
import type { Expression } from "../ast/expression.ts";
import type { Comparison } from "./comparison.ts";
import { finding } from "../diagnostics/table.ts";
import { any, ask, compare, never, type Formula, type Term } from "./formula.ts";
import type { Known } from "./known.ts";
import { constantType } from "./literal-value.ts";
import { constantOf } from "./literal.ts";
import { isAddress } from "./many-values.ts";
import { inNetworks, networkOf, splitNetworks } from "./network.ts";
import { noteExactTime, noteRange } from "./range.ts";
import { sideOf, type Side } from "./side.ts";
import type { Scope } from "./scope.ts";
import { inTimeRange } from "./time-range.ts";
import { within } from "./within.ts";
import { worded, wordsOf } from "./words.ts";

type FactSide = Extract<Side, { kind: "fact" }>;

/** The condition that the fact is one of what a list holds. */
export function oneOf(
  scope: Scope,
  left: FactSide,
  of: readonly Expression[],
  { left: before, right: list, span }: Comparison,
  known: Known,
): Formula {
  if (of.length === 0) {
    scope.setting.report.add(finding("type/empty-list", list.span, {}));
    return never;
  }
  const values = new Set<WireScalar>();
  const named: Span[] = [];
  const networks: IpNetwork[] = [];
  const near: Span[] = [];
  const others: Formula[] = [];
  for (const expression of of) {
    const side = sideOf(scope, expression, known);
    if (side === null) continue;
    if (left.type.kind === "entity" && (side.kind === "fact" || side.kind === "open"))
      others.push(
        worded(within(scope, left, side, expression), wordsOf(span, before.span, " in ", expression.span)),
      );
    else if (side.kind === "open") {
      if (left.type.kind === "ip" && isAddress(side.expression)) {
        const network = networkOf(side.expression);
        if (network !== null) networks.push(network);
        near.push(expression.span);
        continue;
      }
      if (left.type.kind === "time" && side.expression.kind === "time_range") {
        others.push(inTimeRange(scope, left.term, side.expression, before.span));
        continue;
      }
      const constant = constantOf(scope, side.expression, left.type);
      if (constant?.kind !== "constant") continue;
      values.add(constant.value);
      named.push(expression.span);
      noteRange(scope, expression.span, "eq", left.term, constant);
      noteExactTime(scope, expression.span, left.term, constant);
    } else if (side.kind === "fact" && sameType(side.type, left.type)) {
      noteRange(scope, expression.span, "eq", left.term, side.term);
      const equal = compare("eq", left.term, side.term);
      others.push(worded(equal, wordsOf(span, before.span, " == ", expression.span)));
    } else {
      const right = side.kind === "fact" ? formatType(side.type) : side.kind === "set" ? "a set" : "a list";
      scope.setting.report.add(
        finding("type/mismatch", expression.span, { left: formatType(left.type), right }),
      );
    }
  }
  const split = splitNetworks(networks);
  for (const address of split.addresses) values.add(address);
  if (split.networks.length === 0) named.push(...near);
  const inside = split.networks.length === 0 ? never : inNetworks(left.term, split.networks);
  const one = constants(left.term, left.type, [...values]);
  const said = (places: readonly Span[]) =>
    wordsOf(span, before.span, " in ", ...(list.kind === "list" ? listed(places) : places));
  return any([worded(one, said(named)), worded(inside, said(near)), ...others]);
}

/** Places as a list is written. */
function listed(places: readonly Span[]): readonly (Span | string)[] {
  return ["[", ...places.flatMap((place, i) => (i === 0 ? [place] : [", ", place])), "]"];
}

/** One question for all constants. */
function constants(of: Term, type: ScalarType, values: readonly WireScalar[]): Formula {
  const canonical = constantType(type);
  const [only] = values;
  if (only === undefined) return never;
  const equal = (value: WireScalar) => compare("eq", of, { kind: "constant", value, type: canonical });
  if (values.length === 1) return equal(only);
  // A moved `now` stands in comparisons alone.
  if (type.kind === "bool" || of.kind === "now") return any(values.map(equal));
  return ask({ kind: "one_of", of, values: values.toSorted((a, b) => order(a, b, type)), type: canonical });
}

/** By value where there is an order, else by code point. */
function order(a: WireScalar, b: WireScalar, type: ScalarType): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (type.kind === "decimal") {
    const units = (value: WireScalar) => decimalUnits(String(value), type.precision, type.scale) ?? 0n;
    return units(a) < units(b) ? -1 : 1;
  }
  return byCodePoint(String(a), String(b));
}

function byCodePoint(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  for (let i = 0; i < left.length && i < right.length; i += 1) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
