/** What to write where a literal is not a value of the type. Only explains: nothing is converted for the author. */
import { formatType, maxInt, parseNetwork, type ScalarType, type Span } from "@wardline/core";
import type { LiteralKind } from "../ast/expression.ts";
import type { FindingExtras } from "../diagnostics/table.ts";
import { unquote } from "../parse/literals.ts";
import { literalValue, type OpenExpression } from "./literal-value.ts";
import { replaceFix } from "./suggest.ts";

const numberLike = /^-?\d[\d_]*(?:\.\d+)?$/;

/** Forms that a quoted literal may have. */
const forms: readonly (readonly [LiteralKind, RegExp])[] = [
  ["bool", /^(?:true|false)$/],
  ["decimal", numberLike],
  ["date", /^\d{4}-\d\d-\d\d$/],
  ["time", /^(?:[01]\d|2[0-3]):[0-5]\d$/],
  ["ipv4", /^[\d.]+$/],
  ["ipv6", /^[\dA-Fa-f:.]+$/],
  ["uuid", /^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/],
  ["instant", /^\d{4}-\d\d-\d\dT/],
  ["duration", /^\d[\d_]*[a-z]+$/],
];

/** Help where a Duration is too long to be exact. */
export const longestDuration = `a Duration is at most ${Math.floor(maxInt / 86_400_000_000)}d`;

/** Help, and a fix where there is one reading. */
export function literalHelp(expression: OpenExpression, type: ScalarType): FindingExtras {
  if (expression.kind === "path") {
    const name = expression.root.kind === "name" ? expression.root.name.text : null;
    return name !== null && type.kind === "string" && expression.steps.length === 0
      ? write(expression.span, `"${name}"`, `a String is written in quotes: \`"${name}"\``)
      : {};
  }
  if (expression.kind === "time_range")
    return type.kind === "time" ? { help: "a range of times stands after `in`" } : {};
  if (expression.kind !== "literal") return {};
  const { type: kind, text, span } = expression;
  if (kind === "string") return quotedHelp(unquote(text), type, span);
  if (kind === "period") return { help: "a Period such as `6y` stands in the setting `retention` alone" };
  const isNumber = kind === "int" || kind === "decimal";
  switch (type.kind) {
    case "string":
      return write(span, `"${text}"`, `a String is written in quotes: \`"${text}"\``);
    case "duration":
      if (kind === "duration") return { help: longestDuration };
      return { help: "say the unit: `us`, `ms`, `s`, `m`, `h`, `d` or `w`, as in `3d`" };
    case "int":
      if (kind === "decimal") return { help: `${formatType(type)} has whole numbers only` };
      return kind === "int" ? { help: "whole numbers are exact from -(2^53-1) to 2^53-1" } : {};
    case "decimal": {
      const after = String(type.scale);
      const before = String(type.precision - type.scale);
      return isNumber
        ? { help: `write at most ${before} digits before the point and ${after} after it` }
        : {};
    }
    case "bool":
      return { help: "write `true` or `false`" };
    case "enum":
      return {
        help: `its values are ${type.values.slice(0, 8).join(", ")}${type.values.length > 8 ? ", …" : ""}`,
      };
    case "instant":
      return {
        help:
          kind === "date"
            ? `a Date is no Instant: say the time and the zone, as in \`${text}T00:00:00Z\``
            : "an Instant is written `2026-01-31T12:00:00Z`",
      };
    case "entity":
      return { help: `write \`${type.entity} "ID"\`` };
    case "uuid":
      return { help: "a UUID is written without quotes, in five groups" };
    case "ip":
      return isAddressKind(kind)
        ? { help: "a network stands after `in`" }
        : { help: "an Ip is written `10.1.2.3` or `2001:db8::1`" };
    case "date":
      return {
        help:
          kind === "instant"
            ? `an Instant is no Date: write the day alone, as in \`${text.slice(0, 10)}\``
            : "a Date is written `2026-01-31`, in the years 0001 to 9999",
      };
    case "time":
      return { help: "a time of day is written `22:00`" };
  }
}

function isAddressKind(kind: LiteralKind): boolean {
  return kind === "ipv4" || kind === "ipv6";
}

/** A literal in quotes that would be one of the type without them. */
function quotedHelp(inner: string, type: ScalarType, span: Span): FindingExtras {
  if (type.kind === "enum")
    return type.values.includes(inner)
      ? write(span, inner, `write \`${inner}\` without quotes`)
      : {
          help: `its values are ${type.values.slice(0, 8).join(", ")}${type.values.length > 8 ? ", …" : ""}`,
        };
  if (type.kind === "entity") {
    const text = `${type.entity} ${JSON.stringify(inner)}`;
    return write(span, text, `write \`${text}\``);
  }
  const fitting =
    forms.some(([kind, form]) => form.test(inner) && literalValue(kind, inner, type) !== undefined) ||
    (type.kind === "ip" && parseNetwork(inner) !== undefined) ||
    (type.kind === "time" && /^\d\d:\d\d\.\.\d\d:\d\d$/.test(inner));
  if (fitting) return write(span, inner, "write it without quotes");
  const form = unquoted[type.kind];
  return form === undefined ? {} : { help: `${form}, without quotes` };
}

/** How values that need no quotes are written. */
const unquoted: { readonly [Kind in ScalarType["kind"]]?: string } = {
  int: "write a number, such as `5`",
  decimal: "write a number, such as `12.50`",
  bool: "write `true` or `false`",
  instant: "an Instant is written `2026-01-31T12:00:00Z`",
  duration: "a Duration is written `15m`",
  uuid: "a UUID is written in five groups",
};

function write(span: Span, text: string, help: string): FindingExtras {
  return { help, fixes: [replaceFix(span, text)] };
}
