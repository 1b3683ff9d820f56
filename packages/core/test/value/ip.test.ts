import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  clearStray,
  formatIp,
  formatNetwork,
  isInNetwork,
  isIp,
  parseIp,
  parseNetwork,
} from "../../src/index.ts";

const canonical = (text: string) => {
  const address = parseIp(text);
  return address === undefined ? undefined : formatIp(address);
};

describe("addresses", () => {
  // RFC 5952 §4, RFC 4291 §2.2 and §2.5.5.2.
  test.each([
    ["10.0.0.1", "10.0.0.1"],
    ["2001:DB8:0:0:0:0:2:1", "2001:db8::2:1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
    ["::", "::"],
    ["::ffff:10.0.0.1", "10.0.0.1"],
    ["::FFFF:a00:1", "10.0.0.1"],
    ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
  ])("%s is written %s", (text, written) => {
    expect(canonical(text)).toBe(written);
    expect(isIp(written)).toBe(true);
  });

  test.each([
    "",
    "10.0.0",
    "10.0.0.256",
    "010.0.0.1",
    "10.0.0.1.2",
    ":",
    ":::",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "12345::",
    "::1%eth0",
    "1:2:3:4:5:6:7:10.0.0.1",
    "10.0.0.1::",
    "::10.0.0",
  ])("%j is none", (text) => {
    expect(parseIp(text)).toBeUndefined();
  });

  test("text and bits are one to one", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, (1n << 128n) - 1n), fc.integer({ min: 0, max: 127 }), (bits, zeros) => {
        // Long runs of zeros are where the forms differ.
        const address = { version: 6, bits: (bits >> BigInt(zeros)) << BigInt(zeros) } as const;
        fc.pre(address.bits >> 32n !== 0xffffn);
        expect(parseIp(formatIp(address))).toEqual(address);
      }),
    );
  });
});

describe("networks", () => {
  test.each([
    ["10.0.0.0/8", "10.0.0.0/8", false],
    ["10.1.2.3", "10.1.2.3/32", false],
    ["::1", "::1/128", false],
    ["10.20.3.4/16", "10.20.0.0/16", true],
    ["0.0.0.0/0", "0.0.0.0/0", false],
    ["2001:db8::1/32", "2001:db8::/32", true],
    ["::ffff:10.1.2.3", "10.1.2.3/32", false],
    ["::ffff:10.0.0.0/104", "10.0.0.0/8", false],
    ["::ffff:0:0/96", "0.0.0.0/0", false],
    ["::ffff:10.0.0.0/24", "::/24", true],
    ["::/0", "::/0", false],
  ])("%s is %s", (text, written, stray) => {
    const network = parseNetwork(text) ?? expect.fail("no network");
    expect(network.stray).toBe(stray);
    expect(formatNetwork(clearStray(network))).toBe(written);
    const again = parseNetwork(written) ?? expect.fail("no network");
    expect(again.stray).toBe(false);
    expect(formatNetwork(again)).toBe(written);
  });

  test.each(["10.0.0.0/33", "10.0.0.0/", "10.0.0.0/08", "::/129", "10.0.0.0/-1", "/8", "10.0.0.0/8/8"])(
    "%j is none",
    (text) => {
      expect(parseNetwork(text)).toBeUndefined();
    },
  );

  test("an address lies in a network if its leading bits are the network's", () => {
    const lies = (address: string, network: string) => {
      const [a, b] = [parseIp(address), parseNetwork(network)];
      return a !== undefined && b !== undefined && isInNetwork(a, b);
    };
    expect(lies("10.255.255.255", "10.0.0.0/8")).toBe(true);
    expect(lies("11.0.0.0", "10.0.0.0/8")).toBe(false);
    expect(lies("10.1.2.3", "10.1.2.3/32")).toBe(true);
    expect(lies("10.1.2.2", "10.1.2.3/32")).toBe(false);
    expect(lies("255.255.255.255", "0.0.0.0/0")).toBe(true);
    expect(lies("::1", "0.0.0.0/0")).toBe(false);
    expect(lies("10.0.0.1", "::/0")).toBe(false);
    expect(lies("::ffff:10.0.0.1", "10.0.0.0/8")).toBe(true);
    expect(lies("2001:db8:ffff::1", "2001:db8::/32")).toBe(true);
    expect(lies("2001:db9::1", "2001:db8::/32")).toBe(false);
  });
});
