/**
 * IP addresses and networks in canonical form: IPv4 as four decimal numbers without leading zeros, IPv6 as RFC 5952 §4
 * writes it. An IPv4 address inside IPv6 (`::ffff:192.0.2.1`, RFC 4291 §2.5.5.2) is not canonical: it is written as IPv4.
 */

export interface IpAddress {
  readonly version: 4 | 6;
  /** The address as a number of 32 or 128 bits. */
  readonly bits: bigint;
}

export interface IpNetwork extends IpAddress {
  /** How many leading bits count. */
  readonly prefix: number;
}

const mapped = 0xffffn << 32n;

/** The address that a text is, in any form of RFC 4291 §2.2 without a zone, or undefined. Mapped IPv4 becomes IPv4. */
export function parseIp(text: string): IpAddress | undefined {
  if (!text.includes(":")) return parseIpv4(text);
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [left, right] = halves.map((half) => (half === "" ? [] : half.split(":")));
  if (left === undefined) return undefined;
  const head = groupsOf(left, right === undefined);
  const tail = right === undefined ? [] : groupsOf(right, true);
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => 0n), ...tail];
  const bits = groups.reduce((all, group) => (all << 16n) | group, 0n);
  if (bits >> 32n === 0xffffn && bits >= mapped) return { version: 4, bits: bits & 0xffff_ffffn };
  return { version: 6, bits };
}

function parseIpv4(text: string): IpAddress | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let bits = 0n;
  for (const part of parts) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    bits = (bits << 8n) | BigInt(part);
  }
  return { version: 4, bits };
}

function groupsOf(parts: readonly string[], isEnd: boolean): readonly bigint[] | undefined {
  const groups: bigint[] = [];
  for (const [i, part] of parts.entries()) {
    if (isEnd && i === parts.length - 1 && part.includes(".")) {
      const v4 = parseIpv4(part);
      if (v4 === undefined) return undefined;
      groups.push(v4.bits >> 16n, v4.bits & 0xffffn);
    } else if (/^[0-9A-Fa-f]{1,4}$/.test(part)) groups.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return groups;
}

/** The canonical text of an address. */
export function formatIp({ version, bits }: IpAddress): string {
  if (version === 4) return [24n, 16n, 8n, 0n].map((shift) => String((bits >> shift) & 0xffn)).join(".");
  const groups = Array.from({ length: 8 }, (_, i) => Number((bits >> BigInt(112 - 16 * i)) & 0xffffn));
  const run = longestZeros(groups);
  const hex = (some: readonly number[]) => some.map((group) => group.toString(16)).join(":");
  if (run.length < 2) return hex(groups);
  return `${hex(groups.slice(0, run.start))}::${hex(groups.slice(run.start + run.length))}`;
}

/** The first of the longest runs of zeros. */
function longestZeros(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start += 1) {
    let end = start;
    while (groups[end] === 0) end += 1;
    if (end - start > best.length) best = { start, length: end - start };
  }
  return best;
}

/** True for the canonical text of an address. */
export function isIp(text: string): boolean {
  const address = parseIp(text);
  return address !== undefined && formatIp(address) === text;
}

/**
 * The network that a text such as `10.0.0.0/8` is, or undefined; `stray`: bits after the prefix are set. An address alone
 * is a network of itself. One of mapped IPv4 addresses (`::ffff:a00:0/104`) is one of IPv4 (`10.0.0.0/8`).
 */
export function parseNetwork(text: string): (IpNetwork & { readonly stray: boolean }) | undefined {
  const slash = text.indexOf("/");
  const address = parseIp(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  const isMapped = address.version === 4 && text.includes(":");
  const width = address.version === 4 && !isMapped ? 32 : 128;
  const digits = slash < 0 ? String(width) : text.slice(slash + 1);
  if (!/^(?:0|[1-9]\d{0,2})$/.test(digits) || Number(digits) > width) return undefined;
  const written = Number(digits);
  if (!isMapped) return withStray(address, width, written);
  if (written >= 96) return withStray(address, 32, written - 96);
  return withStray({ version: 6, bits: mapped | address.bits }, 128, written);
}

function withStray(
  { version, bits }: IpAddress,
  width: number,
  prefix: number,
): IpNetwork & { readonly stray: boolean } {
  const host = (1n << BigInt(width - prefix)) - 1n;
  return { version, bits, prefix, stray: (bits & host) !== 0n };
}

/** The network with all bits after its prefix cleared. */
export function clearStray({ version, bits, prefix }: IpNetwork): IpNetwork {
  const shift = BigInt((version === 4 ? 32 : 128) - prefix);
  return { version, bits: (bits >> shift) << shift, prefix };
}

/** The canonical text of a network. */
export function formatNetwork(network: IpNetwork): string {
  return `${formatIp(network)}/${network.prefix}`;
}

/** True if the address lies in the network: of the same version, with the same leading bits. */
export function isInNetwork(address: IpAddress, network: IpNetwork): boolean {
  if (address.version !== network.version) return false;
  const shift = BigInt((network.version === 4 ? 32 : 128) - network.prefix);
  return address.bits >> shift === network.bits >> shift;
}
