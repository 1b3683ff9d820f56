/** Obligations as patterns: those of a decision, and those that a test writes. */
import { durationText, maskText, type Obligation, type Program, type WireScalar } from "@wardline/core";
import type { Term } from "../ast/statement.ts";
import { durationMicros } from "../check/literal-value.ts";
import { unquote } from "../parse/literals.ts";
import type { ObligationPattern } from "./checked-test.ts";

/** An obligation of a decision with all that it says. One for each field of `encrypt`. */
export function patternsOf(obligation: Obligation): readonly ObligationPattern[] {
  const pattern = (
    name: string,
    positional: readonly WireScalar[],
    labelled: Readonly<Record<string, WireScalar | null>> = {},
  ): ObligationPattern => ({
    name,
    positional,
    labelled: new Map(
      Object.entries(labelled).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
    ),
  });
  switch (obligation.type) {
    case "mask":
      return [pattern("mask", [obligation.field, maskText(obligation.mask)])];
    case "hide":
      return [pattern("hide", [obligation.field])];
    case "encrypt":
      return obligation.fields.map((field) => pattern("encrypt", [field]));
    case "step_up":
      return [pattern("step_up", [obligation.factor], { within: obligation.within })];
    case "approval":
      return [pattern("approval", [obligation.by], { within: obligation.within })];
    case "reason":
      return [pattern("reason", [])];
    case "limit":
      return [pattern("limit", [obligation.count], { per: obligation.per, by: obligation.by })];
    case "audit":
      return [pattern("audit", [obligation.level])];
    case "notify":
      return [pattern("notify", [obligation.whom])];
  }
}

/** The value of an argument: a name or a call as text, a duration in microseconds, a number, a text. */
export function argumentValue(term: Term): WireScalar {
  switch (term.kind) {
    case "call": {
      if (term.args.length === 0) return term.name.text;
      const args = term.args.map(
        ({ label, term: value }) =>
          `${label === null ? "" : `${label.text}: `}${String(argumentValue(value))}`,
      );
      return `${term.name.text}(${args.join(", ")})`;
    }
    case "keyword":
      return term.word;
    case "class":
      return `#${term.name.text}`;
    case "literal":
      if (term.type === "duration") return durationMicros(term.text) ?? term.text;
      if (term.type === "int" || term.type === "decimal") return Number(term.text.replaceAll("_", ""));
      return term.type === "string" ? unquote(term.text) : term.text;
  }
}

/** A pattern as the language writes it. */
export function patternText({ name, positional, labelled }: ObligationPattern): string {
  const args = [
    ...positional.map(String),
    ...[...labelled].map(
      ([label, value]) => `${label}: ${label === "within" ? durationText(Number(value)) : String(value)}`,
    ),
  ];
  return args.length === 0 ? name : `${name}(${args.join(", ")})`;
}

/** True if a decision's obligation says all that the pattern says. */
export function matches(found: ObligationPattern, pattern: ObligationPattern): boolean {
  return (
    found.name === pattern.name &&
    pattern.positional.every((value, i) => found.positional[i] === value) &&
    [...pattern.labelled].every(([label, value]) => found.labelled.get(label) === value)
  );
}

/** The fields of an entity that a name or a class stands for. */
export function fieldsNamed(
  program: Pick<Program, "model">,
  entity: string,
  name: string,
): readonly string[] {
  const fields = program.model.entities.find((e) => e.name === entity)?.fields ?? [];
  return fields
    .filter((field) => (name.startsWith("#") ? field.classes.includes(name.slice(1)) : field.name === name))
    .map((field) => field.name);
}
