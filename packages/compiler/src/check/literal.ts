/** From a literal to a constant of the type that the other side has. Exact or refused: nothing is rounded or coerced. */
import {
  formatDecimal,
  formatType,
  instantMicros,
  isText,
  isUuid,
  isWireScalar,
  maxInt,
  type ScalarType,
  type WireScalar,
} from "@wardline/core";
import type { Expression, LiteralKind } from "../ast/expression.ts";
import { finding } from "../diagnostics/table.ts";
import { unquote } from "../parse/literals.ts";
import { isAbsentWord, unknownBareName } from "./bare-name.ts";
import type { Term } from "./formula.ts";
import { notYet } from "./not-yet.ts";
import type { Scope } from "./scope.ts";
import { replaceFix, unknownName } from "./suggest.ts";

/** Expressions whose type is what the other side asks for. */
export type OpenExpression = Extract<Expression, { kind: "literal" | "entity" | "path" | "time_range" }>;

/** Kinds of values that no expression computes with yet. */
const laterLiterals: { readonly [Kind in LiteralKind]?: string } = {
  period: "a Period in a condition",
  time: "a time of day in a condition",
  date: "a Date in a condition",
  ipv4: "an Ip address in a condition",
  ipv6: "an Ip address in a condition",
};

/** The constant, or null if it was reported. */
export function constantOf(scope: Scope, expression: OpenExpression, type: ScalarType): Term | null {
  const { report, model } = scope.setting;
  const { span } = expression;
  switch (expression.kind) {
    case "time_range":
      report.add(notYet("a range of times", span));
      return null;
    case "path":
      return namedConstant(scope, expression, type);
    case "entity": {
      const { entity, id } = expression;
      const symbol = model.entities.get(entity.text);
      if (symbol === undefined) {
        report.add(unknownName("entity", entity, model.entities.keys()));
        return null;
      }
      if (type.kind !== "entity") return misfit(scope, expression, type);
      if (symbol.model.keyType === "uuid" ? !isUuid(id.toLowerCase()) : !isText(id)) {
        report.add(
          finding("type/literal", span, {
            literal: `\`"${id}"\``,
            type: `${entity.text} (its key is a UUID)`,
          }),
        );
        return null;
      }
      const value = symbol.model.keyType === "uuid" ? id.toLowerCase() : id;
      return { kind: "constant", value, type: { kind: "entity", entity: entity.text } };
    }
    case "literal": {
      const later = laterLiterals[expression.type];
      if (later !== undefined) {
        report.add(notYet(later, span));
        return null;
      }
      const value = literalValue(expression.type, expression.text, type);
      if (value === undefined) return misfit(scope, expression, type);
      return { kind: "constant", value, type: constantType(type) };
    }
  }
}

/** Ranges do not divide Int: a constant outside a fact's range can be compared with it. */
export function constantType(type: ScalarType): ScalarType {
  return type.kind === "int" ? { kind: "int", min: -maxInt, max: maxInt } : type;
}

/** A bare name: a value of the enum that the other side has. */
function namedConstant(
  scope: Scope,
  expression: Extract<OpenExpression, { kind: "path" }>,
  type: ScalarType,
): Term | null {
  if (expression.root.kind !== "name" || expression.steps.length > 0 || expression.args !== null)
    return misfit(scope, expression, type);
  const { name } = expression.root;
  if (type.kind === "enum") {
    if (type.values.includes(name.text)) return { kind: "constant", value: name.text, type };
    scope.setting.report.add(
      isAbsentWord(scope, name.text)
        ? unknownBareName(scope, name, [])
        : unknownName(`value of ${type.name}`, name, type.values),
    );
    return null;
  }
  const { roles, lets, model } = scope.setting;
  const values = [...model.enums.values()].flat();
  if (roles.has(name.text) || lets.has(name.text) || values.includes(name.text))
    return misfit(scope, expression, type);
  scope.setting.report.add(unknownBareName(scope, name, [...lets.keys(), ...values, ...rootWords]));
  return null;
}

/** What a path can begin with; a bare name is often one of them misspelt. */
export const rootWords = ["principal", "resource", "prior", "next", "context", "tenant", "now"] as const;

function misfit(scope: Scope, expression: OpenExpression, type: ScalarType): null {
  const text = openText(expression);
  const quoted =
    expression.kind === "literal" && expression.type === "string" ? unquote(expression.text) : null;
  const value = type.kind === "enum" && quoted !== null && type.values.includes(quoted) ? quoted : null;
  scope.setting.report.add(
    finding(
      "type/literal",
      expression.span,
      { literal: `\`${text}\``, type: formatType(type) },
      value === null
        ? {}
        : { help: `write \`${value}\` without quotes`, fixes: [replaceFix(expression.span, value)] },
    ),
  );
  return null;
}

function openText(expression: OpenExpression): string {
  switch (expression.kind) {
    case "literal":
      return expression.text;
    case "entity":
      return `${expression.entity.text} "${expression.id}"`;
    case "time_range":
      return `${expression.from}..${expression.to}`;
    case "path":
      return expression.root.kind === "keyword" ? expression.root.word : expression.root.name.text;
  }
}

/** The value in wire form, or undefined if it is not exactly a value of the type. */
export function literalValue(kind: LiteralKind, text: string, type: ScalarType): WireScalar | undefined {
  const value = convert(kind, text, type);
  return value !== undefined && isWireScalar(value, constantType(type)) ? value : undefined;
}

function convert(kind: LiteralKind, text: string, type: ScalarType): WireScalar | undefined {
  switch (type.kind) {
    case "bool":
      return kind === "bool" ? text === "true" : undefined;
    case "int":
    case "decimal": {
      if (kind !== "int" && kind !== "decimal") return undefined;
      const units = unitsOf(text, type.kind === "decimal" ? type.scale : 0);
      if (units === undefined) return undefined;
      return type.kind === "decimal" ? formatDecimal(units, type.scale) : Number(units);
    }
    case "string":
      return kind === "string" ? unquote(text) : undefined;
    case "duration":
      return kind === "duration" ? durationMicros(text) : undefined;
    case "instant":
      return kind === "instant" ? instantText(text) : undefined;
    case "uuid":
      return kind === "uuid" ? text.toLowerCase() : undefined;
    case "enum":
    case "entity":
    case "ip":
    case "date":
    case "time":
      return undefined;
  }
}

/** A number in units of 10^−scale, or undefined if it has digits below that. */
function unitsOf(text: string, scale: number): bigint | undefined {
  const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text.replaceAll("_", "").replaceAll(" ", ""));
  if (parts === null) return undefined;
  const fraction = (parts[3] ?? "").replace(/0+$/, "");
  if (fraction.length > scale) return undefined;
  const units = BigInt(`${parts[2]}${fraction.padEnd(scale, "0")}`);
  return parts[1] === "-" ? -units : units;
}

const durationUnits: ReadonlyMap<string, number> = new Map([
  ["us", 1],
  ["ms", 1000],
  ["s", 1_000_000],
  ["m", 60_000_000],
  ["h", 3_600_000_000],
  ["d", 86_400_000_000],
  ["w", 604_800_000_000],
]);

/** `15m` in microseconds, or undefined if it is not exact in a number. */
export function durationMicros(text: string): number | undefined {
  const parts = /^(\d+)([a-z]+)$/.exec(text.replaceAll("_", ""));
  const unit = durationUnits.get(parts?.[2] ?? "");
  if (parts === null || unit === undefined) return undefined;
  const micros = Number(parts[1]) * unit;
  return Number.isSafeInteger(micros) ? micros : undefined;
}

/** An instant as it travels: in UTC, with six digits of the second. */
function instantText(text: string): string | undefined {
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (parts === null) return undefined;
  const [, minute = "", second = "00", fraction = "", offset = "Z"] = parts;
  const digits = fraction.padEnd(6, "0");
  if (instantMicros(`${minute}:${second}.${digits}Z`) === undefined) return undefined;
  const shift = offset === "Z" ? 0 : offsetMinutes(offset);
  const utc = new Date(Date.parse(`${minute}:${second}Z`) - shift * 60_000).toISOString();
  return `${utc.slice(0, 19)}.${digits}Z`;
}

function offsetMinutes(offset: string): number {
  const [hours = 0, minutes = 0] = offset.slice(1).split(":").map(Number);
  return (offset.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}
