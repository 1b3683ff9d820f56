/** From a literal to a constant of the type that the other side has. Exact or refused: nothing is rounded or coerced. */
import { formatType, isText, isUuid, type ScalarType } from "@wardline/core";
import { finding } from "../diagnostics/table.ts";
import { isAbsentWord, reportUnknown } from "./bare-name.ts";
import type { Term } from "./formula.ts";
import { literalHelp } from "./literal-help.ts";
import { constantType, literalValue, type OpenExpression } from "./literal-value.ts";
import type { Scope } from "./scope.ts";
import { unknownName } from "./suggest.ts";

/** The constant, or null if it was reported. */
export function constantOf(scope: Scope, expression: OpenExpression, type: ScalarType): Term | null {
  const { report, model } = scope.setting;
  const { span } = expression;
  switch (expression.kind) {
    case "time_range":
      return misfit(scope, expression, type);
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
          finding(
            "type/literal",
            span,
            {
              literal: `\`"${id}"\``,
              type: `${entity.text} (its key is a UUID)`,
            },
            { help: `write the row's id, such as \`${entity.text} "0198c0de-0000-7000-8000-000000000001"\`` },
          ),
        );
        return null;
      }
      const value = symbol.model.keyType === "uuid" ? id.toLowerCase() : id;
      return { kind: "constant", value, type: { kind: "entity", entity: entity.text } };
    }
    case "literal": {
      const value = literalValue(expression.type, expression.text, type);
      if (value === undefined) return misfit(scope, expression, type);
      return { kind: "constant", value, type: constantType(type) };
    }
  }
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
    if (isAbsentWord(scope, name.text)) reportUnknown(scope, name, []);
    else scope.setting.report.add(unknownName(`value of ${type.name}`, name, type.values));
    return null;
  }
  const { roles, lets, model } = scope.setting;
  const values = [...model.enums.values()].flat();
  if (roles.has(name.text) || lets.has(name.text) || values.includes(name.text))
    return misfit(scope, expression, type);
  reportUnknown(scope, name, [...lets.keys(), ...values, ...rootWords]);
  return null;
}

/** What a path can begin with; a bare name is often one of them misspelt. */
export const rootWords = [
  "principal",
  "resource",
  "prior",
  "next",
  "context",
  "tenant",
  "clock",
  "now",
] as const;

export function misfit(scope: Scope, expression: OpenExpression, type: ScalarType): null {
  const text = openText(expression);
  scope.setting.report.add(
    finding(
      "type/literal",
      expression.span,
      { literal: `\`${text}\``, type: formatType(type) },
      literalHelp(expression, type),
    ),
  );
  return null;
}

/** An expression as it is written. */
export function openText(expression: OpenExpression): string {
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
