/** A network in a list that another one holds, and one that holds every address. */
import { parseNetwork, type Finding, type IpNetwork } from "@wardline/core";
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
  const firstWith = new Map<string, number>();
  const prefixes = new Set<number>();
  for (const [i, network] of networks.entries()) {
    if (network === undefined) continue;
    const key = keyOf(network, network.prefix);
    prefixes.add(network.prefix);
    if (!firstWith.has(key)) firstWith.set(key, i);
  }
  const spans = items.map((item) => item.span);
  return items.flatMap((item, i) => {
    const own = networks[i];
    if (own === undefined) return [];
    if (own.prefix === 0)
      return [
        finding("lint/redundant-network", item.span, { why: `every IPv${own.version} address is in it` }),
      ];
    const holders = [...prefixes].flatMap((prefix) => {
      const first = prefix <= own.prefix ? firstWith.get(keyOf(own, prefix)) : undefined;
      return first === undefined || (prefix === own.prefix && first >= i) ? [] : [first];
    });
    if (holders.length === 0) return [];
    const wider = Math.min(...holders);
    const text = textOf(items[wider]);
    return [
      finding(
        "lint/redundant-network",
        item.span,
        { why: `\`${text}\` holds it already` },
        {
          fixes: [leaveOut(spans, i)],
        },
      ),
    ];
  });
}

/** The first bits of a network. Two that have the same ones lie in the network that they make. */
function keyOf({ version, bits }: IpNetwork, prefix: number): string {
  return `${version} ${prefix} ${bits >> BigInt((version === 4 ? 32 : 128) - prefix)}`;
}

function networkOf(expression: Expression): ReturnType<typeof parseNetwork> {
  if (expression.kind !== "literal" || (expression.type !== "ipv4" && expression.type !== "ipv6"))
    return undefined;
  return parseNetwork(expression.text);
}

function textOf(expression: Expression | undefined): string {
  return expression?.kind === "literal" ? expression.text : "";
}
