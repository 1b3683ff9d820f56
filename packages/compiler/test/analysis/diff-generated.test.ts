/** Generated policies over one model: whatever some request of the world gains or loses, the comparison finds. */
import { evaluate, openRequest, type Outcome, type Program } from "@wardline/core";
import { diffPrograms } from "@wardline/core/search";
import {
  casesPerModel,
  expectedChange,
  generateCase,
  generateRequests,
  type Case,
} from "@wardline/core/testing";
import { expect, test } from "vitest";
import { compile } from "../../src/index.ts";

function programOf(from: Case): Program | null {
  const { model, platform, policy, tenant } = from;
  return compile({ model, platform: [platform], policy, tenant }).program;
}

const rank: Readonly<Record<Outcome, number>> = { deny: 0, challenge: 1, permit: 2 };

test("what requests of the world gain and lose is found", { timeout: 240_000 }, () => {
  const missed: string[] = [];
  let [wanted, shown] = [0, 0];
  for (let model = 900; model < 912; model += 1) {
    const [one, other] = [generateCase(model * casesPerModel), generateCase(model * casesPerModel + 1)];
    const [before, after] = [programOf(one), programOf(other)];
    if (before === null || after === null) continue;
    expect(diffPrograms(before, before, { seed: 1 })).toMatchObject({ differences: [], tried: 0 });
    const diff = diffPrograms(before, after, { seed: 1 });
    for (const { witness, kind, before: first, after: second } of diff.differences) {
      expect(evaluate(before, witness)).toEqual(first);
      expect(evaluate(after, witness)).toEqual(second);
      expect(kind).toBe(expectedChange(first, second));
    }
    const found = new Set(
      diff.differences.map(({ kind, principal, action, resource }) =>
        [kind, principal, action, resource].join(" "),
      ),
    );
    shown += found.size;
    const seen = new Set<string>();
    for (const from of [one, other])
      for (const { request } of generateRequests(from, from === one ? before : after, 60)) {
        const [opened, again] = [openRequest(before, request), openRequest(after, request)];
        if ("refused" in opened || "refused" in again) continue;
        const [a, b] = [evaluate(before, request).outcome, evaluate(after, request).outcome];
        if (a === b) continue;
        const { principal, action, resource } = opened.table;
        seen.add([rank[b] > rank[a] ? "gained" : "lost", principal, action, resource].join(" "));
      }
    wanted += seen.size;
    missed.push(...[...seen].filter((key) => !found.has(key)).map((key) => `${model}: ${key}`));
  }
  console.log(`${wanted - missed.length} of ${wanted} found, ${shown} in all; missed:`, missed);
  expect(wanted).toBeGreaterThan(50);
  expect(missed).toEqual([]);
});
