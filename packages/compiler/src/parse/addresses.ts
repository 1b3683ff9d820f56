/** Internet addresses and networks: why a text that looks like one is none. */
import type { BadValue } from "./bad-value.ts";

export function badIpv4(text: string): BadValue | null {
  const [address = "", length] = text.split("/");
  const what = "an IPv4 address";
  if (address.split(".").some((part) => Number(part) > 255 || (part.length > 1 && part.startsWith("0")))) {
    return { what, why: "each part goes from 0 to 255, without leading zeros" };
  }
  if (length === undefined) return null;
  if (Number(length) > 32) return { what, why: "a prefix has at most 32 bits" };
  const parts = address.split(".").map(Number);
  const host = hostBits(parts, 8, Number(length));
  return host === null ? null : notANetwork(address, Number(length), host.join("."));
}

/** The parts of an address with the bits after a prefix cleared, or null if none of them is set. */
function hostBits(parts: readonly number[], bits: number, length: number): readonly number[] | null {
  const network = parts.map((part, index) => {
    const kept = Math.min(Math.max(length - index * bits, 0), bits);
    return part - (part % 2 ** (bits - kept));
  });
  return network.every((part, index) => part === parts[index]) ? null : network;
}

function notANetwork(address: string, length: number, network: string): BadValue {
  return {
    what: "a network",
    why: `bits after the first ${length} are set`,
    help: `write \`${network}/${length}\` for the network, or \`${address}\` for the address alone`,
  };
}

export function badIpv6(text: string): BadValue | null {
  const [address = "", length] = text.split("/");
  const what = "an IPv6 address";
  const groups = address.split(":").filter((part) => part !== "").length;
  if (groups > (address.includes("::") ? 7 : 8)) return { what, why: "an address has eight groups" };
  if (length === undefined) return null;
  if (Number(length) > 128) return { what, why: "a prefix has at most 128 bits" };
  const host = hostBits(ipv6Groups(address), 16, Number(length));
  if (host === null) return null;
  return notANetwork(address, Number(length), ipv6Text(host));
}

/** The eight groups of an address, those that `::` leaves out as zero. */
function ipv6Groups(address: string): readonly number[] {
  const [before = [], after = []] = address
    .split("::")
    .map((half) => half.split(":").filter((part) => part !== ""));
  const left = before.map((part) => Number.parseInt(part, 16));
  const right = after.map((part) => Number.parseInt(part, 16));
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right];
}

/** An address as people write it: the longest run of zeros left out. */
function ipv6Text(groups: readonly number[]): string {
  const text = groups.map((group) => group.toString(16)).join(":");
  const runs = [...text.matchAll(/(?<![0-9a-f])0(?::0)+(?![0-9a-f])/g)];
  const [longest] = runs.toSorted(([a], [b]) => b.length - a.length);
  if (longest === undefined) return text;
  const after = longest.index + longest[0].length;
  return `${text.slice(0, longest.index)}::${text.slice(after)}`.replaceAll(/:{3,}/g, "::");
}
