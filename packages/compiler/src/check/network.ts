/** `context.ip in 10.20.0.0/16`: whether an address lies in one of several networks. */
import { formatIp, formatNetwork, parseNetwork, type IpNetwork, type WireScalar } from "@wardline/core";
import { ask, type Formula, type Term } from "./formula.ts";
import type { OpenExpression } from "./literal-value.ts";

/** The network that a literal stands for, an address for itself alone. The lexer takes none with bits after its prefix. */
export function networkOf({ text }: Extract<OpenExpression, { kind: "literal" }>): IpNetwork | null {
  const network = parseNetwork(text);
  return network === undefined || network.stray ? null : network;
}

/** One question for all networks, or the addresses where each network is an address alone. */
export function splitNetworks(networks: readonly IpNetwork[]): {
  readonly addresses: readonly WireScalar[];
  readonly networks: readonly string[];
} {
  const isAddress = ({ version, prefix }: IpNetwork) => prefix === (version === 4 ? 32 : 128);
  if (networks.every(isAddress)) return { addresses: [...new Set(networks.map(formatIp))], networks: [] };
  return { addresses: [], networks: [...new Set(networks.map(formatNetwork))].toSorted() };
}

/** The address lies in one of the networks, which are distinct and in order. */
export function inNetworks(of: Term, networks: readonly string[]): Formula {
  return ask({ kind: "in_network", of, networks });
}
