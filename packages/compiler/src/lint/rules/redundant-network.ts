/** A network in a list that another one holds, and one that holds every address. */
import { isInNetwork, parseNetwork, type Finding } from "@wardline/core";
import type { Expression } from "../../ast/expression.ts";
import { allParts } from "../../ast/walk.ts";
import { finding } from "../../diagnostics/table.ts";
import { leaveOut } from "../leave-out.ts";
import { conditionsOf, type LintRule } from "../lint-rule.ts";

export const redundantNetwork: LintRule = {
  code: "lint/redundant-network",
  check: (context) =>
    conditionsOf(context)
      .flatMap(allParts)
      .flatMap((part) =>
        part.kind === "compare" && (part.op === "in" || part.op === "not in")
          ? inList(part.right.kind === "list" ? part.right.of : [part.right])
          : [],
      ),
};

function inList(items: readonly Expression[]): readonly Finding[] {
  const networks = items.map(networkOf);
  return items.flatMap((item, i) => {
    const own = networks[i];
    if (own === undefined) return [];
    if (own.prefix === 0)
      return [
        finding("lint/redundant-network", item.span, { why: `every IPv${own.version} address is in it` }),
      ];
    const wider = networks.findIndex(
      (other, k) =>
        other !== undefined &&
        k !== i &&
        isInNetwork(own, other) &&
        (other.prefix < own.prefix || (other.prefix === own.prefix && k < i)),
    );
    if (wider < 0) return [];
    const text = textOf(items[wider]);
    return [
      finding(
        "lint/redundant-network",
        item.span,
        { why: `\`${text}\` holds it already` },
        {
          fixes: [
            leaveOut(
              items.map((other) => other.span),
              i,
            ),
          ],
        },
      ),
    ];
  });
}

function networkOf(expression: Expression): ReturnType<typeof parseNetwork> {
  if (expression.kind !== "literal" || (expression.type !== "ipv4" && expression.type !== "ipv6"))
    return undefined;
  return parseNetwork(expression.text);
}

function textOf(expression: Expression | undefined): string {
  return expression?.kind === "literal" ? expression.text : "";
}
