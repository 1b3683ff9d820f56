/** Internet addresses and networks: why a text that looks like one is none. */
import { clearStray, formatNetwork, parseNetwork } from "@wardline/core";
import type { BadValue } from "./bad-value.ts";

export function badIpv4(text: string): BadValue | null {
  const [address = "", length] = text.split("/");
  const what = "an IPv4 address";
  if (address.split(".").some((part) => Number(part) > 255 || (part.length > 1 && part.startsWith("0")))) {
    return { what, why: "each part goes from 0 to 255, without leading zeros" };
  }
  return badPrefix(what, length, 32) ?? badNetwork(text, address);
}

/** The last two of the eight groups may be written as an IPv4 address. */
export function badIpv6(text: string): BadValue | null {
  const [address = "", length] = text.split("/");
  const what = "an IPv6 address";
  const parts = address.split(":");
  const last = parts.at(-1) ?? "";
  const dotted = last.includes(".") ? badIpv4(last) : null;
  if (dotted !== null) return { what, why: dotted.why };
  const groups = parts.filter((part) => part !== "").length + (last.includes(".") ? 1 : 0);
  if (groups > (address.includes("::") ? 7 : 8)) return { what, why: "an address has eight groups" };
  return badPrefix(what, length, 128) ?? badNetwork(text, address);
}

function badPrefix(what: string, length: string | undefined, bits: number): BadValue | null {
  if (length === undefined) return null;
  if (length.length > 1 && length.startsWith("0")) return { what, why: "a prefix has no leading zeros" };
  return Number(length) <= bits ? null : { what, why: `a prefix has at most ${bits} bits` };
}

/** Bits that are set after the prefix: the network or the address alone is meant. */
function badNetwork(text: string, address: string): BadValue | null {
  const network = parseNetwork(text);
  if (network?.stray !== true) return null;
  const meant = formatNetwork(clearStray(network));
  return {
    what: "a network",
    why: `bits after the first ${text.slice(address.length + 1)} are set`,
    help: `write \`${meant}\` for the network, or \`${address}\` for the address alone`,
    meant,
  };
}
