/** The value of one setting at its place, from a term that fits the schema. */
import { isTimeZone, type Period, type Span } from "@wardline/core";
import type { Name } from "../ast/expression.ts";
import type { Term } from "../ast/statement.ts";
import { durationMicros } from "../check/literal-value.ts";
import { unquote } from "../parse/literals.ts";
import { periodOf } from "./period.ts";
import type { SettingKind } from "./setting-table.ts";

export type SettingValue =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "duration"; readonly micros: number }
  | { readonly kind: "period"; readonly period: Period }
  | { readonly kind: "switch"; readonly on: boolean };

export interface PlacedSetting {
  /** `session.idle`, `retention.Loan` */
  readonly path: string;
  readonly kind: SettingKind;
  readonly key: Name;
  /** Of the value. */
  readonly span: Span;
  /** As written. */
  readonly text: string;
  readonly value: SettingValue;
}

/** A term as the schema's document has it: words and values as they are written. Undefined for what no setting takes. */
export function documentValue(term: Term): string | number | boolean | null {
  if (term.kind === "call") return term.args.length === 0 ? term.name.text : null;
  if (term.kind !== "literal") return null;
  switch (term.type) {
    case "string":
      return unquote(term.text);
    case "int":
    case "decimal":
      return Number(term.text.replaceAll("_", ""));
    case "bool":
      return term.text === "true";
    case "duration":
    case "period":
    case "time":
    case "date":
    case "instant":
    case "uuid":
    case "ipv4":
    case "ipv6":
      return term.text;
  }
}

/** The value of a term that fits the schema; undefined if it is not written as such a value is, or is none that there is. */
export function settingValue({ name }: SettingKind, term: Term): SettingValue | undefined {
  switch (name) {
    case "timezone": {
      if (term.kind !== "literal" || term.type !== "string") return undefined;
      const text = unquote(term.text);
      return isTimeZone(text) ? { kind: "text", text } : undefined;
    }
    case "residency":
    case "isolation":
      return term.kind === "call" ? { kind: "text", text: term.name.text } : undefined;
    case "features":
      return term.kind === "call" ? { kind: "switch", on: term.name.text === "on" } : undefined;
    case "retention": {
      if (term.kind !== "literal" || (term.type !== "period" && term.type !== "duration")) return undefined;
      const period = periodOf(term.text);
      return period === undefined ? undefined : { kind: "period", period };
    }
  }
  if (term.kind !== "literal" || term.type !== "duration") return undefined;
  const micros = durationMicros(term.text);
  return micros === undefined ? undefined : { kind: "duration", micros };
}
