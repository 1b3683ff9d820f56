/** Literals that stand for many values: a network of addresses, a range of times of day. They stand after `in`. */
import type { ScalarType } from "@wardline/core";
import type { OpenExpression } from "./literal-value.ts";

type Literal = Extract<OpenExpression, { kind: "literal" }>;

/** True for the literal of an address or a network. */
export function isAddress(expression: OpenExpression): expression is Literal {
  return expression.kind === "literal" && (expression.type === "ipv4" || expression.type === "ipv6");
}

/** True for a literal that holds many values of the type. */
export function holdsMany(type: ScalarType, expression: OpenExpression): boolean {
  if (type.kind === "time") return expression.kind === "time_range";
  return type.kind === "ip" && isAddress(expression) && expression.text.includes("/");
}
