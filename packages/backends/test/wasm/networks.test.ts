/** Addresses in networks: every length of prefix, both versions, against the oracle. */
import fc from "fast-check";
import {
  clearStray,
  evaluate,
  formatIp,
  formatNetwork,
  parseIp,
  type Atom,
  type IpAddress,
} from "@wardline/core";
import { expect, it } from "vitest";
import { firstFact, grantIf, oneTable, requestText } from "./one-table.ts";
import { bytesOf, loadPolicy } from "./policy.ts";

const address = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }).map((bits): IpAddress => ({ version: 4, bits })),
  fc
    .array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 })
    .map((groups) => parseIp(groups.map((group) => group.toString(16)).join(":")) as IpAddress),
);

it("hold the addresses that the oracle finds in them", () => {
  let inside = 0;
  fc.assert(
    fc.property(address, address, fc.nat(128), fc.nat(127), (base, other, prefix, flipped) => {
      const width = base.version === 4 ? 32 : 128;
      const network = clearStray({ ...base, prefix: prefix % (width + 1) });
      const program = oneTable({
        ...grantIf([{ kind: "atom", atom: 0, negated: false }]),
        facts: [{ source: { from: "context", name: "ip" }, type: { kind: "ip" }, optional: true }],
        atoms: [
          {
            kind: "in_network",
            of: { kind: "slot", slot: firstFact, fallback: null },
            networks: [formatNetwork(network), "192.0.2.1/32"],
          } satisfies Atom,
        ],
      });
      const policy = loadPolicy(program);
      const near = { ...base, bits: base.bits ^ (1n << BigInt(flipped % width)) };
      for (const ip of [base, near, other]) {
        const request = requestText(JSON.stringify({ ip: formatIp(ip) }));
        const wanted = evaluate(program, JSON.parse(request));
        if (wanted.outcome === "permit") inside += 1;
        expect(policy.decision(bytesOf(request)), `${request} ${formatNetwork(network)}`).toEqual(wanted);
      }
    }),
    { numRuns: 300 },
  );
  expect(inside).toBeGreaterThan(300);
});
