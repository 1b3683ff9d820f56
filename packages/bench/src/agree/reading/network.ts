/** Whether an address lies in a network, by their bits written out: nothing is shared with what engines compute. */

/** The bits of an address, 32 or 128 of them. IPv4 inside of IPv6 is IPv4. */
export function bitsOf(address: string): string {
  if (!address.includes(":")) return address.split(".").map(byte).join("");
  // The platform's parser of URLs writes the address in full form, but for one run of zeros.
  const { hostname } = new URL(`http://[${address}]/`);
  const [left = "", right = ""] = hostname.slice(1, -1).split("::");
  const groups = (half: string) => half.split(":").filter((group) => group !== "");
  const zeros = 8 - groups(left).length - groups(right).length;
  const all = [...groups(left), ...Array.from({ length: zeros }, () => "0"), ...groups(right)];
  const bits = all.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, "0")).join("");
  return bits.startsWith(mapped) ? bits.slice(mapped.length) : bits;
}

const mapped = "0".repeat(80) + "1".repeat(16);

function byte(text: string): string {
  return Number(text).toString(2).padStart(8, "0");
}

/** `network` is an address, perhaps with a prefix. */
export function liesIn(address: string, network: string): boolean {
  const [of = "", prefix] = network.split("/");
  const [bits, start] = [bitsOf(address), bitsOf(of)];
  if (bits.length !== start.length) return false;
  const inside = of.includes(":") && start.length === 32 ? 96 : 0;
  return bits.startsWith(start.slice(0, prefix === undefined ? start.length : Number(prefix) - inside));
}
